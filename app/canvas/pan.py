"""Moving the view with the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from app.canvas.gestures.base import Modifiers

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas


class Pan:
    """The canvas sticks to the pointer."""

    def __init__(self, canvas: Canvas, pos: QPointF) -> None:
        self._canvas = canvas
        self._before = canvas.camera
        self._start = pos
        canvas.setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Follows the pointer."""
        step = pos - self._start
        self._canvas.look(self._before.panned(step.x(), step.y()))

    def release(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Stays where it is."""

    def cancel(self) -> None:
        """Goes back to where the view was."""
        self._canvas.look(self._before)

    def paint(self, painter: QPainter) -> None:
        """Draws nothing."""
