"""Parallel coordinates: a line for each trial through all its values to what it came to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.i18n import tr
from app.searching.axes import Axis, axes_of
from app.searching.trials_plot import EDGE_PX, FOOT_PX, TITLE_PX, TrialsPlot
from app.theme import Theme, mono, sans
from backends.searching.trial import Trial
from graph.searching import Search

TICK_PX = 10.5


class ParallelPlot(TrialsPlot):
    """Draws each trial through its values."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        empty = tr("Each trial will be a line through its values.")
        super().__init__(theme, tr("Parallel coordinates of the trials"), empty, parent)
        self._axes: list[Axis] = []

    def measure(self, search: Search | None, trials: Sequence[Trial]) -> None:
        self._axes = axes_of(search, trials) if search is not None else []

    def line_of(self, trial: Trial) -> list[QPointF]:
        """The line of a trial, which ends at the last field where it came to nothing."""
        columns = self._columns()
        places = [axis.place(value) for axis, value in zip(self._axes, trial.values, strict=False)]
        if trial.value is not None:
            places.append(self._axes[-1].place(trial.value))
        return [QPointF(x, self._height(place)) for x, place in zip(columns, places, strict=False)]

    def _columns(self) -> list[float]:
        """The places of the axes from the left."""
        room, count = self.width() - 2 * EDGE_PX, len(self._axes)
        widest = room / max(count, 1)
        return [EDGE_PX + widest * (column + 0.5) for column in range(count)]

    def _height(self, place: float) -> float:
        top, bottom = TITLE_PX + 14, self.height() - FOOT_PX - 14
        return bottom - place * (bottom - top)

    def paint_axes(self, painter: QPainter) -> None:
        theme, columns = self.theme, self._columns()
        room = (self.width() - 2 * EDGE_PX) / max(len(columns), 1)
        for axis, x in zip(self._axes, columns, strict=True):
            painter.setPen(QPen(QColor(theme.dim), 1))
            painter.drawLine(QPointF(x, self._height(0.0)), QPointF(x, self._height(1.0)))
            painter.setFont(sans(11, bold=True))
            painter.setPen(QColor(theme.text))
            title = painter.fontMetrics().elidedText(
                axis.title, Qt.TextElideMode.ElideLeft, int(room - 8)
            )
            painter.drawText(
                QRectF(x - room / 2, 6, room, TITLE_PX - 6), Qt.AlignmentFlag.AlignCenter, title
            )
            self._paint_ticks(painter, axis, x, room)

    def _paint_ticks(self, painter: QPainter, axis: Axis, x: float, room: float) -> None:
        theme = self.theme
        painter.setFont(mono(TICK_PX))
        metrics = painter.fontMetrics()
        ground = QColor(theme.field)
        ground.setAlphaF(0.82)  # lines behind the numbers stay to be seen
        for place, text in axis.ticks:
            y = self._height(place)
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room - 24))
            wide = metrics.horizontalAdvance(text)
            painter.fillRect(QRectF(x + 6, y - 8, wide + 4, 16), ground)
            painter.setPen(QPen(QColor(theme.dim), 1))
            painter.drawLine(QPointF(x - 3, y), QPointF(x + 3, y))
            painter.setPen(QColor(theme.text))
            painter.drawText(QPointF(x + 8, y + 4), text)
