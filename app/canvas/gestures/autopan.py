"""The view moves on while a drag is held at the border of the canvas."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QTimer

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas

BORDER_PX = 28.0
INTERVAL_MS = 16
FASTEST_PX = 18.0


class AutoPan(QObject):
    """Moves the view while the pointer is near the border, and tells the drag about it."""

    def __init__(self, canvas: Canvas, follow: Callable[[], None]) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._follow = follow
        self._pos = QPointF()
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._step)

    def move(self, pos: QPointF) -> None:
        """Takes note of where the pointer is."""
        self._pos = pos
        if speed(pos, self._canvas.width(), self._canvas.height()).isNull():
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Ends it for good."""
        self._timer.stop()
        self.deleteLater()

    def _step(self) -> None:
        step = speed(self._pos, self._canvas.width(), self._canvas.height())
        self._canvas.look(self._canvas.camera.panned(-step.x(), -step.y()))
        self._follow()
        self._canvas.update()


def speed(pos: QPointF, width: float, height: float) -> QPointF:
    """How many px the view moves at a time, faster the further out the pointer is."""
    return QPointF(_speed(pos.x(), width), _speed(pos.y(), height))


def _speed(at: float, size: float) -> float:
    beyond = min(at - BORDER_PX, 0.0) or max(at - size + BORDER_PX, 0.0)
    return max(-FASTEST_PX, min(beyond * 0.4, FASTEST_PX))
