"""A line of text that leaves the keys of the program's commands to the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

CTRL = Qt.KeyboardModifier.ControlModifier
COMMANDS = (QKeyCombination(CTRL, Qt.Key.Key_K), QKeyCombination(CTRL, Qt.Key.Key_E))
"""On some desktops Qt edits with them: it deletes the rest of the line, or goes to its end."""


class LineEdit(QLineEdit):
    """A field in the window."""

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.keyCombination() in COMMANDS
        ):
            event.ignore()
            return False
        return super().event(event)
