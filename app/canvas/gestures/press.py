"""A press of the pointer before it is known whether it becomes a click or a drag."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from app.canvas.gestures.autopan import AutoPan
from app.canvas.gestures.base import Gesture, Modifiers

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas

DRAG_FROM_PX = 4.0


class Press:
    """Waits until the pointer has moved a little, then hands over to the drag."""

    def __init__(
        self,
        canvas: Canvas,
        start: QPointF,
        drag: Callable[[QPointF], Gesture | None],
        click: Callable[[], object] | None = None,
    ) -> None:
        """Begins at a place of the widget.

        Args:
            drag: makes the gesture that a drag from there is; None where it is refused.
            click: what a release at the same place does.
        """
        self._canvas = canvas
        self._start = start
        self._make_drag = drag
        self._click = click
        self._drag: Gesture | None = None
        self._is_dragged = False
        self._pan: AutoPan | None = None
        self._pos = start
        self._held = Qt.KeyboardModifier.NoModifier

    def move(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Follows the pointer."""
        self._pos, self._held = pos, modifiers
        if not self._is_dragged and (pos - self._start).manhattanLength() >= DRAG_FROM_PX:
            self._is_dragged = True
            self._drag = self._make_drag(self._start)
            if self._drag is not None:
                self._pan = AutoPan(self._canvas, self._follow)
        if self._drag is not None:
            self._drag.move(pos, modifiers)
        if self._pan is not None:
            self._pan.move(pos)

    def release(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Ends the drag, or clicks."""
        self._end_pan()
        if self._drag is not None:
            self._drag.release(pos, modifiers)
        elif not self._is_dragged and self._click is not None:
            self._click()

    def cancel(self) -> None:
        """Leaves everything as it was before."""
        self._end_pan()
        if self._drag is not None:
            self._drag.cancel()
        self._drag, self._is_dragged = None, True

    def paint(self, painter: QPainter) -> None:
        """Draws what the drag draws."""
        if self._drag is not None:
            self._drag.paint(painter)

    def _follow(self) -> None:
        if self._drag is not None:
            self._drag.move(self._pos, self._held)

    def _end_pan(self) -> None:
        if self._pan is not None:
            self._pan.stop()
            self._pan = None
