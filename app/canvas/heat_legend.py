"""The legend of a heat map: what is painted, on which scale, and how much it is in all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.canvas.corners import Corner
from app.canvas.heat import HeatRows, amount_text
from app.canvas.measure_row import HEIGHT_PX, MeasureRow
from app.canvas.options import Heat
from app.canvas.ramp import LEVELS, tones
from app.i18n import tr
from app.measured import Measured, Shown, measured_of
from app.session import Session
from app.theme import mono, sans
from graph.infer import Typing
from graph.model import Document
from graph.tensor import symbols_in

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas

TITLES = {
    Heat.PARAMETERS: "Parameters",
    Heat.MULTIPLY_ADDS: "Multiply-adds",
    Heat.MEMORY: "Activation memory",
    Heat.TIME: "Measured time",
}
SIZE = QSize(268, 92)
PAD, GAP = 12.0, 8.0
TITLE_Y, STRIP_Y, STRIP_H, ENDS_Y = 22.0, 34.0, 14.0, 64.0
NONE_W = 22.0
HOW_MEASURED = (
    "A few batches of the data go through the network, there and back, with a clock at each block."
)


class HeatLegend(QWidget):
    """Stands where it hides the fewest blocks while a heat map is shown.

    Clicks go through it, but where it has a button to measure.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.row = MeasureRow(self)
        self._measured: Measured | None = None
        self.setAccessibleName(tr("Heat map"))
        self._told: tuple[HeatRows, Typing | None, str] | None = None
        self._sizes = ""
        self._corner = Corner(canvas, self)
        canvas.view_changed.connect(self.follow)
        self.hide()

    def follow(self) -> None:
        """Stands in its corner and tells what the heat map shows, if there is one."""
        canvas, rows = self._canvas, self._rows()
        self.setVisible(rows is not None)
        if rows is None:
            self._told = None
            return
        self._fit(is_timed=rows.heat is Heat.TIME)
        self._corner.take()
        now = (rows, canvas.mirror.typing, self.row.label.text())
        if self._told is None or any(a is not b for a, b in zip(now, self._told, strict=True)):
            self._told = now
            sized = rows.heat is not Heat.TIME
            self._sizes = sizes_text(canvas.mirror.document, canvas.mirror.typing) if sized else ""
            said = (*self.texts(), self.row.label.text() if rows.heat is Heat.TIME else "")
            self.setAccessibleDescription(". ".join(filter(None, said)))
            self.update()

    def measures(self, session: Session) -> Callable[[], Shown | None]:
        """Follows what is measured of a session; answers what tells it."""
        old, self._measured = self._measured, measured_of(session)
        if old is not self._measured:
            if old is not None and shiboken6.isValid(old):
                old.changed.disconnect(self._canvas.refresh)
            self._measured.changed.connect(self._canvas.refresh)
        return self._measured.shown

    def _fit(self, *, is_timed: bool) -> None:
        """Has room for the button where there is something to measure."""
        self.setFixedSize(SIZE.width(), SIZE.height() + (HEIGHT_PX if is_timed else 0))
        self.row.setGeometry(0, SIZE.height() - 4, SIZE.width(), HEIGHT_PX)
        self.row.setVisible(is_timed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not is_timed)
        if is_timed and self._measured is not None:
            self.row.follow(self._measured)

    def texts(self) -> tuple[str, str, str, str]:
        """The title, the total with its sizes, and what the ends of the scale stand for."""
        rows = self._rows()
        if rows is None:
            return "", "", "", ""
        title = tr(TITLES[rows.heat])
        if rows.high <= 0:
            none = tr("No block has any.") if rows.heat is not Heat.TIME else ""
            return title, none, "", ""
        total = tr("{amount} in all", amount=amount_text(rows.heat, rows.total))
        cut = rows.low > float(rows.amount[rows.amount > 0].min())
        low = amount_text(rows.heat, rows.low)
        least = f"≤ {low}" if cut else low
        return title, total, least, amount_text(rows.heat, rows.high)

    def _rows(self) -> HeatRows | None:
        mirror = self._canvas.mirror
        return mirror.heat.rows(mirror.options.heat, mirror.ids)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._canvas.theme
        title, total, least, most = self.texts()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.setBrush(QColor(theme.panel))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            painter.setFont(sans(12, bold=True))
            painter.setPen(QColor(theme.text))
            painter.drawText(int(PAD), int(TITLE_Y), title)
            painter.setFont(sans(11))
            painter.setPen(QColor(theme.dim))
            _write_right(painter, self.width() - PAD, TITLE_Y, total)
            if most:
                self._paint_scale(painter, least, most)
            elif self.row.isVisibleTo(self):
                room = QRectF(PAD, STRIP_Y - 2, self.width() - 2 * PAD, SIZE.height() - STRIP_Y)
                painter.drawText(room, Qt.TextFlag.TextWordWrap, tr(HOW_MEASURED))

    def _paint_scale(self, painter: QPainter, least: str, most: str) -> None:
        theme, right = self._canvas.theme, self.width() - PAD
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.dim2))
        painter.drawRect(QRectF(PAD, STRIP_Y, NONE_W, STRIP_H))
        left = PAD + NONE_W + GAP
        step = (right - left) / LEVELS
        for level, tone in enumerate(tones(theme)):
            painter.setBrush(QColor(tone))
            painter.drawRect(QRectF(left + level * step, STRIP_Y, step + 0.5, STRIP_H))
        painter.setFont(mono(10))
        painter.setPen(QColor(theme.text))
        painter.drawText(int(PAD), int(ENDS_Y), tr("none"))
        start = left + max(QFontMetricsF(mono(10)).horizontalAdvance(tr("none")) - NONE_W, 0.0)
        painter.drawText(int(start), int(ENDS_Y), least)
        _write_right(painter, right, ENDS_Y, most)
        painter.setFont(sans(10))
        painter.setPen(QColor(theme.dim))
        middle = (start + right) / 2
        note = self._sizes or tr("log scale")
        width = QFontMetricsF(sans(10)).horizontalAdvance(note)
        painter.drawText(int(middle - width / 2), int(ENDS_Y + 15), note)


def sizes_text(document: Document, typing: Typing | None) -> str:
    """At which open sizes costs are counted, such as `log scale, at N = 1, T = 16`."""
    if typing is None:
        return ""
    found = {
        name
        for types in typing.types.values()
        for type_ in types.values()
        for dim in type_.shape
        for name in symbols_in(dim)
    }
    sizes = [f"{name} = {document.sizes[name]}" for name in sorted(found & set(document.sizes))]
    return tr("log scale, at {sizes}", sizes=", ".join(sizes)) if sizes else ""


def _write_right(painter: QPainter, right: float, baseline: float, text: str) -> None:
    width = QFontMetricsF(painter.font()).horizontalAdvance(text)
    painter.drawText(int(right - width), int(baseline), text)
