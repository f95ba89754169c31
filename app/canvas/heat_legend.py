"""The legend of a heat map: what is painted, on which scale, and how much it is in all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.canvas.heat import HeatRows, amount_text
from app.canvas.options import Heat
from app.canvas.ramp import LEVELS, tones
from app.i18n import tr
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
}
SIZE = QSize(268, 92)
MARGIN, PAD, GAP = 16, 12.0, 8.0
TITLE_Y, STRIP_Y, STRIP_H, ENDS_Y = 22.0, 34.0, 14.0, 64.0
NONE_W = 22.0


class HeatLegend(QWidget):
    """Stands over the foot bar while a heat map is shown; clicks go through it."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setFixedSize(SIZE)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(tr("Heat map"))
        self._told: tuple[HeatRows, Typing | None] | None = None
        self._sizes = ""
        canvas.view_changed.connect(self.follow)
        self.hide()

    def follow(self) -> None:
        """Stands in its corner and tells what the heat map shows, if there is one."""
        canvas, rows = self._canvas, self._rows()
        self.setVisible(rows is not None)
        if rows is None:
            self._told = None
            return
        bar = canvas.foot_bar
        self.move(MARGIN, canvas.height() - MARGIN - bar.height() - 8 - self.height())
        now = (rows, canvas.mirror.typing)
        if self._told is None or now[0] is not self._told[0] or now[1] is not self._told[1]:
            self._told = now
            self._sizes = sizes_text(canvas.mirror.document, canvas.mirror.typing)
            self.setAccessibleDescription(". ".join(filter(None, self.texts())))
            self.update()

    def texts(self) -> tuple[str, str, str, str]:
        """The title, the total with its sizes, and what the ends of the scale stand for."""
        rows = self._rows()
        if rows is None:
            return "", "", "", ""
        title = tr(TITLES[rows.heat])
        if rows.high <= 0:
            return title, tr("No block has any."), "", ""
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
