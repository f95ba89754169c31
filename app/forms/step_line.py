"""A line of text that steps the number in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QWheelEvent

from app.forms.reset_menu import fill_menu
from app.line_edit import LineEdit

if TYPE_CHECKING:
    from app.forms.fields import LineField

WHEEL_NOTCH = 120


class StepLine(LineEdit):
    """A line edit that steps by wheel and arrow keys while it has the focus."""

    step = Signal(int, bool)
    finished = Signal()

    def __init__(self, field: LineField) -> None:
        super().__init__(field)
        self._field = field
        self._wheel = 0
        self.steps = field.param.kind != "text"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        coarse = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Up if self.steps:
                self.step.emit(1, coarse)
            case Qt.Key.Key_Down if self.steps:
                self.step.emit(-1, coarse)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.finished.emit()
                self.selectAll()
            case Qt.Key.Key_Escape:
                if not self._field.revert():
                    event.ignore()
            case _:
                super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not (self.hasFocus() and self.steps and self.isEnabled()):
            event.ignore()
            return
        self._wheel += event.angleDelta().y()
        notches, self._wheel = int(self._wheel / WHEEL_NOTCH), self._wheel % WHEEL_NOTCH
        if notches:
            coarse = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.step.emit(notches, coarse)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.finished.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        menu.addSeparator()
        fill_menu(menu, self._field)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())
