"""Numbers in fields, changed by dragging sideways: one step for every few px."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.forms import texts
from graph.params import Param, Plain, Value

FROM_PX = 4
STEP_PX = 4
FINE_PX = 16
FINE, COARSE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
Pace = tuple[bool, bool]
"""Whether the steps are fine, and whether they are coarse."""


class Scrub(QObject):
    """Turns drags on a field, or on a label beside it, into values.

    The click that enters a field selects all, to be typed over. A field that has the keys already
    is left alone: there a click sets the cursor, a double click selects the whole number, and a
    drag selects text.

    Signals:
        scrubbed: the value that the pointer has come to.
        ended: the drag is over.
    """

    scrubbed = Signal(object)
    ended = Signal()

    def __init__(self, param: Param, line: QLineEdit, read: Callable[[], Value | None]) -> None:
        """Watches a line.

        Args:
            read: the value that the line shows; None where there is none to step.
        """
        super().__init__(line)
        self._param = param
        self._line = line
        self._read = read
        self._is_fresh = False
        self._enters = False
        self._start: Value | None = None
        self._value: Value | None = None
        self._anchor: tuple[float, Value, Pace] | None = None
        self._at = 0
        self._began = 0.0
        line.installEventFilter(self)

    def take(self, label: QWidget) -> None:
        """Lets a drag on another widget step the number, too."""
        label.installEventFilter(self)

    @property
    def is_dragged(self) -> bool:
        """Whether a drag is under way."""
        return self._anchor is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event:
            case QFocusEvent() if watched is self._line:
                self._is_fresh = event.reason() == Qt.FocusReason.MouseFocusReason
            case QMouseEvent() if event.type() == QEvent.Type.MouseButtonPress:
                return self._press(watched, event)
            case QMouseEvent() if event.type() == QEvent.Type.MouseButtonDblClick:
                return self._press_twice(watched)
            case QMouseEvent() if event.type() == QEvent.Type.MouseMove:
                self._show_cursor(watched, event)
                return self._move(event)
            case QMouseEvent() if event.type() == QEvent.Type.MouseButtonRelease:
                return self._release(watched, event)
            case QKeyEvent() if event.key() == Qt.Key.Key_Escape and self.is_dragged:
                if event.type() == QEvent.Type.KeyPress:
                    self._give_up()
                event.accept()
                return True
            case _:
                pass
        return False

    def _press(self, watched: QObject, event: QMouseEvent) -> bool:
        fresh, self._is_fresh = self._is_fresh or watched is not self._line, False
        self._enters = fresh and watched is self._line
        if event.button() != Qt.MouseButton.LeftButton or not fresh or not self._can():
            return False
        value = self._read()
        x = event.position().x()
        place = self._line.cursorPositionAt(event.position().toPoint())
        if watched is not self._line:
            place = 0
        self._at = texts.number_at(self._line.text(), place)
        self._start = self._value = value
        self._began = x
        return True

    def _press_twice(self, watched: QObject) -> bool:
        """A number is chosen whole: a double click would take what is on one side of its point."""
        if watched is not self._line or self._param.kind not in ("int", "float"):
            return False
        self._line.selectAll()
        return True

    def _move(self, event: QMouseEvent) -> bool:
        if self._start is None:
            return False
        x = event.position().x()
        if self._anchor is None and abs(x - self._began) < FROM_PX:
            return True
        held = event.modifiers()
        pace = bool(held & FINE), bool(held & COARSE)
        if self._anchor is None:
            self._anchor = (self._began, self._start, pace)
        elif self._anchor[2] != pace and self._value is not None:
            self._anchor = (x, self._value, pace)
        self._step_to(x)
        return True

    def _step_to(self, x: float) -> None:
        assert self._anchor is not None
        from_x, value, (fine, coarse) = self._anchor
        steps = int((x - from_x) / (FINE_PX if fine else STEP_PX))
        moved: Plain | None = texts.stepped(
            self._param, value, steps, coarse=coarse, fine=fine, at=self._at
        )
        if moved is not None and moved != self._value:
            self._value = moved
            self.scrubbed.emit(moved)

    def _release(self, watched: QObject, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        enters, self._enters = self._enters, False
        if self._start is None:
            if enters and not self._line.hasSelectedText():
                self._line.selectAll()
            return False
        was_dragged, self._anchor, self._start = self.is_dragged, None, None
        if was_dragged:
            self.ended.emit()
        else:
            if watched is not self._line:
                self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._line.selectAll()
        return True

    def _give_up(self) -> None:
        """Puts the number back to what it was before the drag."""
        start, self._anchor, self._start = self._start, None, None
        if start is not None and start != self._value:
            self.scrubbed.emit(start)
        self.ended.emit()

    def _show_cursor(self, watched: QObject, event: QMouseEvent) -> None:
        """Tells by the pointer where a drag would step the number."""
        if event.buttons() or not isinstance(watched, QWidget):
            return
        beside = watched is not self._line
        scrubs = self._can() and (beside or not self._line.hasFocus())
        usual = Qt.CursorShape.ArrowCursor if beside else Qt.CursorShape.IBeamCursor
        watched.setCursor(Qt.CursorShape.SizeHorCursor if scrubs else usual)

    def _can(self) -> bool:
        """Whether the line shows something that steps."""
        value = self._read()
        if value is None or not self._line.isEnabled():
            return False
        return texts.stepped(self._param, value, 1, coarse=False) is not None
