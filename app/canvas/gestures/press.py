"""A press of the pointer before it is known whether it becomes a click or a drag."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from app.canvas.gestures.base import Gesture, Modifiers

DRAG_FROM_PX = 4.0


class Press:
    """Waits until the pointer has moved a little, then hands over to the drag."""

    def __init__(
        self,
        start: QPointF,
        drag: Callable[[QPointF], Gesture | None],
        click: Callable[[], object] | None = None,
    ) -> None:
        """Begins at a place of the widget.

        Args:
            drag: makes the gesture that a drag from there is; None where it is refused.
            click: what a release at the same place does.
        """
        self._start = start
        self._make_drag = drag
        self._click = click
        self._drag: Gesture | None = None
        self._is_dragged = False

    def move(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Follows the pointer."""
        if not self._is_dragged and (pos - self._start).manhattanLength() >= DRAG_FROM_PX:
            self._is_dragged = True
            self._drag = self._make_drag(self._start)
        if self._drag is not None:
            self._drag.move(pos, modifiers)

    def release(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Ends the drag, or clicks."""
        if self._drag is not None:
            self._drag.release(pos, modifiers)
        elif not self._is_dragged and self._click is not None:
            self._click()

    def cancel(self) -> None:
        """Leaves everything as it was before."""
        if self._drag is not None:
            self._drag.cancel()
        self._drag, self._is_dragged = None, True

    def paint(self, painter: QPainter) -> None:
        """Draws what the drag draws."""
        if self._drag is not None:
            self._drag.paint(painter)
