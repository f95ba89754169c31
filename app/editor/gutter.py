"""The line numbers at the left of the code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextBlock,
    QTextCursor,
)
from PySide6.QtWidgets import QWidget

from app.theme import THEMES, Theme

LEFT_PX, RIGHT_PX = 12, 10
FEWEST_DIGITS = 2


class Numbered(Protocol):
    """A view whose lines can be numbered."""

    def blockCount(self) -> int: ...
    def fontMetrics(self) -> QFontMetrics: ...
    def font(self) -> QFont: ...
    def textCursor(self) -> QTextCursor: ...
    def setTextCursor(self, cursor: QTextCursor, /) -> None: ...
    def setFocus(self) -> None: ...
    def current_line(self) -> int: ...
    def visible_blocks(self) -> Iterator[tuple[QTextBlock, QRectF]]: ...


class Gutter(QWidget):
    """Numbers the lines of a view from 1; a click puts the cursor there."""

    def __init__(self, view: Numbered, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view
        self._theme = THEMES["dark"]

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        self.update()

    def wanted_width(self) -> int:
        """How wide it must be for the longest number."""
        digits = max(len(str(self._view.blockCount())), FEWEST_DIGITS)
        return LEFT_PX + RIGHT_PX + self._view.fontMetrics().horizontalAdvance("9" * digits)

    def sizeHint(self) -> QSize:
        return QSize(self.wanted_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        current = self._view.current_line()
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), QColor(self._theme.panel))
            painter.setFont(self._view.font())
            for block, box in self._view.visible_blocks():
                number = block.blockNumber()
                painter.setPen(self._theme.text if number == current else self._theme.dim2)
                line = block.layout().lineAt(0)
                height = line.height() if line.isValid() else box.height()
                row = QRectF(0, box.top(), self.width() - RIGHT_PX, height)
                painter.drawText(row, Qt.AlignmentFlag.AlignRight, str(number + 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for block, box in self._view.visible_blocks():
            if box.top() <= event.position().y() < box.bottom():
                cursor = self._view.textCursor()
                cursor.setPosition(block.position())
                self._view.setTextCursor(cursor)
                self._view.setFocus()
                return

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
