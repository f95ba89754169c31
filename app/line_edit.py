"""A line of text that leaves the keys of the program's commands to the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

CTRL = Qt.KeyboardModifier.ControlModifier
COMMANDS = (QKeyCombination(CTRL, Qt.Key.Key_K), QKeyCombination(CTRL, Qt.Key.Key_E))
"""On some desktops Qt edits with them: it deletes the rest of the line, or goes to its end."""

JOINED = str.maketrans(" -", "__")


class LineEdit(QLineEdit):
    """A field in the window."""

    def write_a_name(self) -> None:
        """Turns blanks and hyphens into `_` as they are typed: the text becomes a name in code."""
        self.textEdited.connect(self._join)

    def _join(self, text: str) -> None:
        joined = text.lstrip().translate(JOINED)
        if joined != text:
            place = self.cursorPosition() - (len(text) - len(joined))
            self.setText(joined)
            self.setCursorPosition(max(place, 0))

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.keyCombination() in COMMANDS
        ):
            event.ignore()
            return False
        return super().event(event)
