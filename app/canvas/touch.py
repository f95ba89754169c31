"""Fingers on a touch screen: one is a hand with a mouse, two move and zoom the view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QEventPoint, QInputDevice, QMouseEvent, QTouchEvent
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas

HELD_MS = 600
"""A finger that stays so long asks what can be done there."""
STEADY_PX = 10.0
SAME_PLACE_PX = 28.0
LEFT = Qt.MouseButton.LeftButton
NOTHING = Qt.MouseButton.NoButton
RELEASED = QEventPoint.State.Released


class Touch(QObject):
    """Turns touches of the canvas into what a mouse would do, or into another view.

    A touchpad scrolls and pinches by events of its own.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._start: QPointF | None = None
        self._last_tap: tuple[int, QPointF] | None = None
        self._fingers: tuple[QPointF, QPointF] | None = None
        self._is_viewing = False
        self._held = QTimer(self, singleShot=True, interval=HELD_MS)
        self._held.timeout.connect(self._ask)
        canvas.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes touches of the screen; those of what lies over the canvas are not for it."""
        if watched is not self._canvas or not isinstance(event, QTouchEvent):
            return False
        is_begin = event.type() == QEvent.Type.TouchBegin
        is_over = is_begin and self._canvas.childAt(event.points()[0].position().toPoint())
        if event.device().type() == QInputDevice.DeviceType.TouchPad or is_over:
            event.ignore()
            return True
        event.accept()
        if event.type() == QEvent.Type.TouchCancel:
            self._cancel()
        else:
            self._follow(event)
        return True

    def _follow(self, event: QTouchEvent) -> None:
        down = [point.position() for point in event.points() if point.state() != RELEASED]
        if len(down) >= 2:
            self._view(down[0], down[1])
        elif self._is_viewing:
            self._fingers = None
            self._is_viewing = bool(down)  # a finger that is left over does nothing
        elif event.type() == QEvent.Type.TouchBegin:
            self._press(down[0], event.timestamp())
        elif down:
            self._move(down[0])
        else:
            self._release(event.points()[0].position(), event.timestamp())

    # one finger

    def _press(self, pos: QPointF, at_ms: int) -> None:
        self._start = pos
        self._held.start()
        last, self._last_tap = self._last_tap, None
        soon = QApplication.doubleClickInterval()
        if last and at_ms - last[0] < soon and _distance(last[1], pos) < SAME_PLACE_PX:
            self._send(QEvent.Type.MouseButtonDblClick, pos, LEFT)
        else:
            self._send(QEvent.Type.MouseButtonPress, pos, LEFT)

    def _move(self, pos: QPointF) -> None:
        if self._start is None:
            return
        if self._held.isActive() and _distance(self._start, pos) > STEADY_PX:
            self._held.stop()
        if not self._held.isActive():
            self._send(QEvent.Type.MouseMove, pos, LEFT)

    def _release(self, pos: QPointF, at_ms: int) -> None:
        if self._start is None:
            return
        if _distance(self._start, pos) <= STEADY_PX:
            self._last_tap = (at_ms, pos)
        self._held.stop()
        self._start = None
        self._send(QEvent.Type.MouseButtonRelease, pos, NOTHING)

    def _ask(self) -> None:
        """Shows the menu of the place that a finger is held on."""
        pos, self._start = self._start, None
        if pos is not None:
            self._canvas.cancel_gesture()
            place = pos.toPoint()
            event = QContextMenuEvent(
                QContextMenuEvent.Reason.Mouse, place, self._canvas.mapToGlobal(place)
            )
            QApplication.sendEvent(self._canvas, event)

    def _send(self, kind: QEvent.Type, pos: QPointF, buttons: Qt.MouseButton) -> None:
        button = NOTHING if kind == QEvent.Type.MouseMove else LEFT
        event = QMouseEvent(
            kind, pos, self._canvas.mapToGlobal(pos), button, buttons,
            QApplication.keyboardModifiers(),
        )  # fmt: skip
        QApplication.sendEvent(self._canvas, event)

    # two fingers

    def _view(self, first: QPointF, second: QPointF) -> None:
        """Keeps what is under the fingers there."""
        if not self._is_viewing:
            self._cancel()
            self._is_viewing = True
        before, self._fingers = self._fingers, (first, second)
        if before is None:
            return
        old, new = (before[0] + before[1]) / 2, (first + second) / 2
        factor = max(_distance(first, second), 1.0) / max(_distance(*before), 1.0)
        step = new - old
        camera = self._canvas.camera.panned(step.x(), step.y())
        self._canvas.look(camera.zoomed(factor, new.x(), new.y()))

    def _cancel(self) -> None:
        """Forgets what a finger began."""
        self._held.stop()
        self._start = self._last_tap = None
        self._canvas.cancel_gesture()


def _distance(one: QPointF, other: QPointF) -> float:
    step = one - other
    return float((step.x() ** 2 + step.y() ** 2) ** 0.5)
