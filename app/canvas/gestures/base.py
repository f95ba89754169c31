"""What a gesture on the canvas is: one object from the press to the release."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

Modifiers = Qt.KeyboardModifier


class Gesture(Protocol):
    """A gesture under way. Places are px of the widget; `canvas.at` turns them into the canvas.

    It ends with `release` or `cancel`, after which the canvas forgets it.
    """

    def move(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Follows the pointer."""

    def release(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Does what the gesture was for."""

    def cancel(self) -> None:
        """Leaves everything as it was before."""

    def paint(self, painter: QPainter) -> None:
        """Draws over the canvas, in px of the canvas."""
