"""What is being typed in a window: handed over before the drawing is written anywhere."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget


def hand_over(window: QWidget) -> None:
    """Lets what is typed and not yet taken reach the drawing, as it does when its field is left."""
    field = window.focusWidget()
    if not isinstance(field, (QLineEdit, QPlainTextEdit)):
        return
    field.clearFocus()
    if shiboken6.isValid(field) and field.isVisible():
        field.setFocus(Qt.FocusReason.OtherFocusReason)
