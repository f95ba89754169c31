"""The line in which a person looks for a text in the code."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QWidget,
)

from app.forms.parts import label
from app.i18n import tr
from app.line_edit import LineEdit
from app.theme import THEMES, Theme, colour

MOST_SHOWN = 1000


class FindBar(QWidget):
    """Finds a text in a view, letters of either case; Enter goes on, Shift+Enter back.

    Signals:
        closed: it was closed; the view should have the focus again.
    """

    closed = Signal()

    def __init__(self, view: QPlainTextEdit, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view
        self._theme = THEMES["dark"]
        self._found: list[QTextCursor] = []
        self.field = LineEdit()
        self.field.setPlaceholderText(tr("Find in code"))
        self.field.setAccessibleName(tr("Find in code"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(lambda _: self._look())
        self.count = label("", "dim")
        self.count.setMinimumWidth(70)
        back = _button("↑", tr("Previous match  Shift+Enter"))
        back.clicked.connect(lambda: self.step(-1))
        onward = _button("↓", tr("Next match  Enter"))
        onward.clicked.connect(lambda: self.step(1))
        close = _button("✕", tr("Close  Esc"))
        close.clicked.connect(self.close_bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 4, 6, 4)
        layout.setSpacing(4)
        layout.addWidget(self.field, 1)
        for part in (self.count, back, onward, close):
            layout.addWidget(part)
        self.hide()

    def open_bar(self) -> None:
        """Shows the bar with the selected text in it."""
        selected = self._view.textCursor().selectedText()
        if selected and "\u2029" not in selected:
            self.field.setText(selected)
        self.show()
        self.field.setFocus()
        self.field.selectAll()
        self._look()

    def close_bar(self) -> None:
        """Hides the bar and its marks."""
        self.hide()
        self._found = []
        self._view.setExtraSelections([])
        self.closed.emit()

    def refresh(self) -> None:
        """Looks again, after the code has changed."""
        if not self.isHidden():
            self._look(is_moving=False)

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        self.refresh()

    def step(self, by: int) -> None:
        """Goes to the next match, or the one before; round at the ends."""
        if not self._found:
            return
        at = self._view.textCursor()
        if by > 0:
            later = (
                i for i, f in enumerate(self._found) if f.selectionStart() >= at.selectionEnd()
            )
            self._go(next(later, 0))
        else:
            earlier = [
                i for i, f in enumerate(self._found) if f.selectionEnd() <= at.selectionStart()
            ]
            self._go(earlier[-1] if earlier else len(self._found) - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape:
                self.close_bar()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.step(-1 if is_back else 1)
            case _:
                super().keyPressEvent(event)

    def _look(self, *, is_moving: bool = True) -> None:
        self._found = self._matches()
        self._show_marks()
        at = self._view.textCursor().selectionStart()
        if is_moving and self._found:
            self._go(next((i for i, f in enumerate(self._found) if f.selectionStart() >= at), 0))
        else:
            self._show_count(None)

    def _matches(self) -> list[QTextCursor]:
        wanted, document = self.field.text(), self._view.document()
        found: list[QTextCursor] = []
        at = QTextCursor(document)
        while wanted and len(found) < MOST_SHOWN:
            at = document.find(wanted, at, QTextDocument.FindFlag(0))
            if at.isNull():
                break
            found.append(QTextCursor(at))
        return found

    def _show_marks(self) -> None:
        marks = []
        for cursor in self._found:
            mark = QTextEdit.ExtraSelection()
            mark.cursor = cursor
            tone = colour(self._theme.warn, 0.3)
            mark.format.setBackground(QColor(tone))
            marks.append(mark)
        self._view.setExtraSelections(marks)

    def _go(self, place: int) -> None:
        self._view.setTextCursor(self._found[place])
        self._view.ensureCursorVisible()
        self._show_count(place)

    def _show_count(self, place: int | None) -> None:
        total = f"{len(self._found)}{'+' if len(self._found) == MOST_SHOWN else ''}"
        if not self.field.text():
            self.count.setText("")
        elif not self._found:
            self.count.setText(tr("No match"))
        elif place is None:
            self.count.setText(tr("{n} found", n=total))
        else:
            self.count.setText(tr("{at} of {n}", at=place + 1, n=total))


def _button(sign: str, tip: str) -> QPushButton:
    button = QPushButton(sign)
    button.setProperty("role", "flat")
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setFixedWidth(26)
    return button
