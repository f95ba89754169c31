"""Two texts line by line: what went is red, what came is green."""

from __future__ import annotations

from difflib import unified_diff

from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from app.i18n import tr
from app.theme import Theme, blended


def unified(before: str, after: str, first: str, second: str) -> tuple[str, ...]:
    """The lines that differ with some around them, as `diff -u` writes them."""
    lines = unified_diff(before.splitlines(), after.splitlines(), first, second, lineterm="")
    return tuple(lines)


class DiffView(QPlainTextEdit):
    """Shows such lines."""

    def __init__(self, theme: Theme, font: QFont) -> None:
        super().__init__()
        self._theme = theme
        self.setReadOnly(True)
        self.setAccessibleName(tr("Differences of the code"))
        # the style sheet of the program would win over a font
        self.setStyleSheet(f'font-family: "{font.family()}"; font-size: 11px;')
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)

    def show_diff(self, lines: tuple[str, ...]) -> None:
        """Shows these lines, or that there are none."""
        self.clear()
        if not lines:
            self.setPlainText(tr("The code is the same."))
            return
        cursor = self.textCursor()
        for number, line in enumerate(lines):
            if number:
                cursor.insertBlock()
            cursor.insertText(line, self._look(line))
        cursor.movePosition(QTextCursor.MoveOperation.Start)
        self.setTextCursor(cursor)

    def _look(self, line: str) -> QTextCharFormat:
        look, theme = QTextCharFormat(), self._theme
        look.setForeground(QColor(theme.text))
        if line.startswith(("---", "+++", "@@")):
            look.setForeground(QColor(theme.dim))
        elif line.startswith("+"):
            look.setBackground(QColor(blended(theme.field, theme.ok, 0.22)))
        elif line.startswith("-"):
            look.setBackground(QColor(blended(theme.field, theme.error, 0.22)))
        return look
