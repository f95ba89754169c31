"""The dialog in which a person gives other keys to actions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.actions import ACTIONS, Action
from app.forms.parts import label, scrolled
from app.i18n import tr
from app.keys import (
    Custom,
    as_declared,
    custom_in,
    keys_of,
    lines_of,
    text_of,
    why_not_take,
    with_key,
    without_key,
)
from app.line_edit import LineEdit

if TYPE_CHECKING:
    from app.window import Window

SIZE_PX = (560, 640)
FIELD_PX = 170
BUTTON_PX = 28


class KeyEditor(QDialog):
    """A field for the first key of each action. What is typed counts at once."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.warn = window.theme.warn
        self.setWindowTitle(tr("Change shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.field = LineEdit()
        self.field.setPlaceholderText(tr("Search actions"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._filter)
        self.nothing = label("", "dim")
        self.nothing.hide()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(4)
        self.rows = {action.id: KeyRow(action, self) for action in ACTIONS}
        for row in self.rows.values():
            column.addWidget(row)
        column.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self.reset_all = QPushButton(tr("Reset all"))
        self.reset_all.setAutoDefault(False)
        self.reset_all.clicked.connect(lambda: self.take({}))
        buttons.addButton(self.reset_all, QDialogButtonBox.ButtonRole.ResetRole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 12, 12)
        layout.setSpacing(12)
        for part in (self.field, self.nothing):
            layout.addWidget(part)
        layout.addWidget(scrolled(page, self), 1)
        layout.addWidget(buttons)
        self.resize(*SIZE_PX)
        self._show()
        self.field.setFocus()

    @property
    def custom(self) -> Custom:
        """The keys that a person gave to actions."""
        return custom_in(self._window.settings.shortcuts)

    def take(self, custom: Custom) -> None:
        """Gives these keys to the actions, and keeps them."""
        self._window.change_settings(replace(self._window.settings, shortcuts=lines_of(custom)))
        self._window.menus.set_keys()
        self._show()

    def _show(self) -> None:
        custom = self.custom
        self.reset_all.setEnabled(bool(custom))
        for row in self.rows.values():
            row.show_keys(custom)

    def _filter(self, query: str) -> None:
        words = query.casefold().split()
        for row in self.rows.values():
            row.setVisible(all(word in row.text() for word in words))
        self.nothing.setText(tr("No action matches “{query}”.", query=query))
        self.nothing.setVisible(all(row.isHidden() for row in self.rows.values()))


class KeyRow(QWidget):
    """An action, its key, and what keeps it from having the one that was typed."""

    def __init__(self, action: Action, editor: KeyEditor) -> None:
        super().__init__()
        self._action = action
        self._editor = editor
        self._title = tr(action.title).rstrip("…")
        self.edit = QKeySequenceEdit()
        self.edit.setMaximumSequenceLength(1)
        self.edit.setFixedWidth(FIELD_PX)
        self.edit.setAccessibleName(tr("Shortcut of “{title}”", title=self._title))
        # it also tells that it is empty while a key is held down: only the end counts
        self.edit.editingFinished.connect(self._typed)
        self.none = QPushButton("✕")
        self.none.setToolTip(tr("No shortcut"))
        self.none.clicked.connect(self._clear)
        self.reset = QPushButton("↺")
        self.reset.setToolTip(tr("Reset to {key}", key=text_of(keys_of(action, {})) or tr("none")))
        self.reset.clicked.connect(self._reset)
        self._rival: Action | None = None
        self.problem = label("", wrap=True)
        self.problem.setStyleSheet(f"color: {editor.warn}; font-size: 11px;")
        self.take_over = QPushButton(tr("Use it here"))
        self.take_over.setProperty("role", "link")
        self.take_over.clicked.connect(self._take_over)
        for button in (self.none, self.reset, self.take_over):
            button.setAutoDefault(False)
        for button in (self.none, self.reset):
            button.setProperty("role", "flat")
            button.setFixedWidth(BUTTON_PX)
            button.setAccessibleName(f"{self._title}: {button.toolTip()}")
            _keep_room(button)
        under = QHBoxLayout()
        under.addWidget(self.problem, 1)
        under.addWidget(self.take_over)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(label(self._title), 0, 0)
        grid.addWidget(self.edit, 0, 1)
        grid.addWidget(self.none, 0, 2)
        grid.addWidget(self.reset, 0, 3)
        grid.addLayout(under, 1, 0, 1, 4)

    def text(self) -> str:
        """What a search looks in."""
        return f"{self._title} {self.edit.keySequence().toString()}".casefold()

    def show_keys(self, custom: Custom) -> None:
        """Shows the key that the action has."""
        keys = keys_of(self._action, custom)
        with QSignalBlocker(self.edit):
            self.edit.setKeySequence(keys[0] if keys else QKeySequence())
        self.none.setVisible(bool(keys))
        self.reset.setVisible(self._action.id in custom)
        self._object("", None)

    def _clear(self) -> None:
        self._editor.take(with_key(self._editor.custom, self._action, QKeySequence()))

    def _typed(self) -> None:
        key, custom = self.edit.keySequence(), self._editor.custom
        if key.isEmpty() or key in keys_of(self._action, custom)[:1]:
            self.show_keys(custom)
            return
        reason, other = why_not_take(self._action, key, ACTIONS, custom)
        if reason:
            self._object(reason, other)
        else:
            self._editor.take(with_key(custom, self._action, key))

    def _object(self, reason: str, other: Action | None) -> None:
        """Says why the key is not taken, and offers to take it from the action that has it."""
        self.problem.setText(reason)
        self.problem.setVisible(bool(reason))
        self.take_over.setVisible(other is not None)
        self._rival = other
        self.updateGeometry()

    def _take_over(self) -> None:
        if self._rival is not None:
            key = self.edit.keySequence()
            custom = without_key(self._editor.custom, self._rival, key)
            self._editor.take(with_key(custom, self._action, key))

    def _reset(self) -> None:
        """Gives the action its declared keys again, unless another action has one of them now."""
        custom = as_declared(self._editor.custom, self._action)
        for key in keys_of(self._action, custom):
            reason, other = why_not_take(self._action, key, ACTIONS, custom)
            if other is not None:
                with QSignalBlocker(self.edit):
                    self.edit.setKeySequence(key)
                self._object(reason, other)
                return
        self._editor.take(custom)


def _keep_room(button: QPushButton) -> None:
    """Lets nothing move when a button hides."""
    policy = button.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    button.setSizePolicy(policy)
