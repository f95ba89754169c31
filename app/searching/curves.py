"""Curves of the trials: what each came to, epoch by epoch, and where it was cut short."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.i18n import tr
from app.searching.axes import Axis, epochs_axis, objective_axis
from app.searching.trials_plot import EDGE_PX, FOOT_PX, TITLE_PX, TrialsPlot
from app.theme import Theme, mono, sans
from backends.searching.trial import Trial
from graph.searching import Search

LEFT_PX = 64
UNDER_PX = 20
TICK_PX = 10.5


class CurvesPlot(TrialsPlot):
    """Draws what each trial came to after its epochs."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        empty = tr("Each trial will be a curve, epoch by epoch.")
        super().__init__(theme, tr("Curves of the trials"), empty, parent)
        self._across: Axis | None = None
        self._up: Axis | None = None

    def measure(self, search: Search | None, trials: Sequence[Trial]) -> None:
        points = [point for trial in trials for point in trial.curve]
        self._across = self._up = None
        if search is not None and points:
            self._across = epochs_axis(max(epoch for epoch, _ in points))
            self._up = objective_axis(search, [value for _, value in points])

    def line_of(self, trial: Trial) -> list[QPointF]:
        across, up = self._across, self._up
        if across is None or up is None:
            return []
        return [self._at(across.place(epoch), up.place(value)) for epoch, value in trial.curve]

    def _field(self) -> QRectF:
        wide, high = self.width() - LEFT_PX - 2 * EDGE_PX, self.height() - TITLE_PX
        return QRectF(LEFT_PX, TITLE_PX + 6, wide, high - FOOT_PX - UNDER_PX - 10)

    def _at(self, across: float, up: float) -> QPointF:
        field = self._field()
        return QPointF(field.left() + across * field.width(), field.bottom() - up * field.height())

    def paint_axes(self, painter: QPainter) -> None:
        across, up, theme, field = self._across, self._up, self.theme, self._field()
        if across is None or up is None:
            return
        painter.setPen(QPen(QColor(theme.dim), 1))
        painter.drawLine(field.bottomLeft(), field.topLeft())
        painter.drawLine(field.bottomLeft(), field.bottomRight())
        painter.setFont(sans(11, bold=True))
        painter.setPen(QColor(theme.text))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        head = QRectF(EDGE_PX, 6, self.width() - 2 * EDGE_PX, TITLE_PX - 6)
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, up.title)
        painter.drawText(head, right, across.title)
        painter.setFont(mono(TICK_PX))
        for place, text in up.ticks:
            y = self._at(0, place).y()
            painter.drawLine(QPointF(field.left() - 3, y), QPointF(field.left(), y))
            painter.drawText(QRectF(0, y - 8, LEFT_PX - 8, 16), right, text)
        for place, text in across.ticks:
            x = self._at(place, 0).x()
            painter.drawLine(QPointF(x, field.bottom()), QPointF(x, field.bottom() + 3))
            beside = QRectF(x - 40, field.bottom() + 4, 80, UNDER_PX - 4)
            painter.drawText(beside, Qt.AlignmentFlag.AlignCenter, text)
