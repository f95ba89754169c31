"""A name that is edited where it stands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.forms.parts import label
from app.line_edit import LineEdit
from app.properties import set_property
from app.session import Session
from graph.model import Document
from graph.problems import UserError


class NameEdit(QWidget):
    """A line with a name; a refused one stays, with the reason under it.

    Signals:
        asked: a name that differs from the one shown.
    """

    asked = Signal(str)

    def __init__(self, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self.line = _Line(self)
        self.line.setAccessibleName(accessible_name)
        self.line.setToolTip(accessible_name)
        self.line.editingFinished.connect(self.commit)
        self.line.reverted.connect(self._revert)
        self._error = label("", "error", wrap=True)
        self._error.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.line)
        layout.addWidget(self._error)

    @property
    def error(self) -> str:
        """Why the typed name is refused; empty where it is not."""
        return self._error.text()

    def show_name(self, name: str) -> None:
        """Shows a name; a refused one that is still being typed stays."""
        if name == self._name and self.error:
            return
        self._name = name
        self._revert()

    def commit(self) -> None:
        """Asks for the typed name, if it is another one."""
        typed = self.line.text().strip()
        if typed != self._name:
            self.asked.emit(typed)
        else:
            self._tell("")

    def try_edit(self, session: Session, label: str, edit: Callable[[Document], Document]) -> None:
        """Applies an edit of the name, or tells under the line why it cannot be."""
        try:
            edit(session.document)
        except UserError as error:
            self._tell(str(error))
            return
        self._tell("")
        if not session.apply(label, edit):
            self._revert()

    def _revert(self) -> None:
        self._tell("")
        if self.line.text() != self._name:
            self.line.setText(self._name)
            self.line.setCursorPosition(0)

    def _tell(self, reason: str) -> None:
        self._error.setText(reason)
        self._error.setVisible(bool(reason))
        set_property(self.line, "invalid", bool(reason))


class _Line(LineEdit):
    reverted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            typed = self.text()
            self.reverted.emit()
            event.setAccepted(typed != self.text())
            return
        super().keyPressEvent(event)
