"""Texts on the canvas: laid out once, cut to their room, drawn by their baseline."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QStaticText

MOST_TEXTS = 8000


@dataclass(frozen=True)
class Laid:
    """A text that is ready to be drawn."""

    text: QStaticText
    width: float


class Pen:
    """Draws texts of one font and colour."""

    def __init__(self, font: QFont, tone: str) -> None:
        self.font = font
        self.tone = QColor(tone)
        self.metrics = QFontMetricsF(font)
        self._ascent = self.metrics.ascent()
        self._laid: dict[tuple[str, float], Laid] = {}

    def lay(self, text: str, room: float = 1e6) -> Laid:
        """The text, with an ellipsis where it is wider than its room."""
        key = (text, room)
        found = self._laid.get(key)
        if found is None:
            if len(self._laid) >= MOST_TEXTS:
                self._laid.clear()
            shown = self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            static = QStaticText(shown)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            found = self._laid[key] = Laid(static, self.metrics.horizontalAdvance(shown))
        return found

    def use(self, painter: QPainter) -> None:
        """Makes the painter write like this from now on."""
        painter.setFont(self.font)
        painter.setPen(self.tone)

    def draw(self, painter: QPainter, x: float, baseline: float, laid: Laid) -> None:
        """Draws a text from its left end; `use` comes first."""
        painter.drawStaticText(QPointF(x, baseline - self._ascent), laid.text)
