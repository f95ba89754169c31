"""Qt actions, menus and tool buttons, made from `app.actions`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMenu, QToolButton

from app.actions import ACTIONS, MENUS, SEPARATOR, THEME_ACTIONS, Action
from app.actions.go import GO_TO_BOOKMARKS, SET_BOOKMARKS
from app.actions.view import HEAT_ACTIONS, SIZE_ACTIONS
from app.examples import Example, examples
from app.i18n import tr
from app.key_texts import refresh_tips
from app.keys import custom_in, keys_of, take_into_use, text_of

if TYPE_CHECKING:
    from app.window import Window

CHANGING = tuple(a for a in ACTIONS if not a.is_constant)


class Menus:
    """The actions of a window and the menus that hold them."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.actions: Mapping[str, QAction] = {a.id: self._make(a) for a in ACTIONS}
        self.set_keys()
        self._recent = QMenu(tr("Open recent"), window)
        self._recent.aboutToShow.connect(self._fill_recent)
        self._examples = QMenu(tr("Examples"), window)
        self._examples.setToolTipsVisible(True)
        self._examples.aboutToShow.connect(self._fill_examples)

    def build(self) -> None:
        """Fills the menu bar."""
        for title, items in MENUS:
            menu = self._window.menuBar().addMenu(tr(title))
            for item in items:
                self._add(menu, item)
            menu.aboutToShow.connect(self.refresh)

    def refresh(self) -> None:
        """Brings the actions in line with what can be done now."""
        window = self._window
        for action in CHANGING:
            made = self.actions[action.id]
            made.setEnabled(action.is_enabled(window))
            if action.is_checked is not None:
                made.setChecked(action.is_checked(window))
        for id, label in (
            ("undo", window.session.history.undo_label),
            ("redo", window.session.history.redo_label),
        ):
            title = self.actions[id].property("title")
            self.actions[id].setText(f"{title}: {label}" if label else title)
            self.actions[id].setIconText(title)
        is_paused = window.training.runner.is_paused
        self.actions["pause"].setText(tr("Continue") if is_paused else tr("Pause"))
        self.actions["pause"].setIconText(self.actions["pause"].text())

    def set_keys(self) -> None:
        """Gives the actions the keys that the settings say."""
        custom = custom_in(self._window.settings.shortcuts)
        take_into_use(ACTIONS, custom)
        for action in ACTIONS:
            made, keys = self.actions[action.id], keys_of(action, custom)
            made.setShortcuts(keys)
            made.setToolTip(f"{tr(action.title)}  {text_of(keys)}".strip())
        refresh_tips(self._window)

    def button(self, id: str, role: str = "") -> QToolButton:
        """A tool button for an action."""
        button = QToolButton()
        button.setDefaultAction(self.actions[id])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.setProperty("role", role)
        return button

    def show_examples(self, at: QPoint) -> None:
        """Lets an example be chosen from a list at a place of the screen."""
        self._examples.popup(at)

    def commands(self) -> list[QAction]:
        """Everything that can be done by name: all actions, panels to show, examples to open."""
        self.refresh()
        return [*self.actions.values(), *map(_toggling, self._window.docks.all()),
                *map(self._opening, examples())]  # fmt: skip

    def _opening(self, example: Example) -> QAction:
        action = QAction(tr("Open example: {title}", title=example.title))
        action.triggered.connect(partial(self._window.files.open_example, example))
        return action

    def _make(self, action: Action) -> QAction:
        window = self._window
        made = QAction(tr(action.title), window)
        made.setObjectName(action.id)
        made.setProperty("title", tr(action.title))
        made.setIconText(tr(action.title))
        made.setCheckable(action.is_checked is not None)
        made.triggered.connect(partial(self._run, action))
        if action.scope == "canvas":
            made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            window.tabs.addAction(made)
        else:
            window.addAction(made)
        return made

    def _run(self, action: Action, _checked: bool = False) -> None:
        if action.is_enabled(self._window):
            action.run(self._window)
        self.refresh()

    def _add(self, menu: QMenu, item: str) -> None:
        match item:
            case _ if item == SEPARATOR:
                menu.addSeparator()
            case "<recent>":
                menu.addMenu(self._recent)
            case "<examples>":
                menu.addMenu(self._examples)
            case "<theme>":
                themes = menu.addMenu(tr("Theme"))
                for id in THEME_ACTIONS:
                    themes.addAction(self.actions[id])
            case "<size>":
                sizes = menu.addMenu(tr("Interface size"))
                for id in SIZE_ACTIONS:
                    sizes.addAction(self.actions[id])
            case "<heat>":
                heat = menu.addMenu(tr("Heat map"))
                for id in HEAT_ACTIONS:
                    heat.addAction(self.actions[id])
            case "<bookmarks>":
                self._add_all(menu.addMenu(tr("Bookmarks")), GO_TO_BOOKMARKS)
            case "<set-bookmarks>":
                self._add_all(menu.addMenu(tr("Set bookmark")), SET_BOOKMARKS)
            case "<panels>":
                self._add_panels(menu.addMenu(tr("Panels")))
            case _:
                menu.addAction(self.actions[item])

    def _add_all(self, menu: QMenu, actions: Iterable[Action]) -> None:
        for action in actions:
            menu.addAction(self.actions[action.id])

    def _add_panels(self, menu: QMenu) -> None:
        for dock in self._window.docks.all():
            menu.addAction(dock.toggleViewAction())
        menu.addSeparator()
        menu.addAction(self.actions["reset-docks"])

    def _fill_recent(self) -> None:
        self._recent.clear()
        files = self._window.files
        for path in files.recent():
            self._recent.addAction(f"{path.name}   {path.parent}", partial(files.open, path))
        if self._recent.isEmpty():
            self._recent.addAction(tr("Nothing opened yet")).setEnabled(False)

    def _fill_examples(self) -> None:
        self._examples.clear()
        for example in examples():
            action = self._examples.addAction(
                example.title, partial(self._window.files.open_example, example)
            )
            action.setToolTip(example.description)
        if self._examples.isEmpty():
            self._examples.addAction(tr("No examples are installed")).setEnabled(False)


def _toggling(dock: QDockWidget) -> QAction:
    title = dock.windowTitle()
    is_shown = not dock.isHidden()
    text = "Hide panel: {title}" if is_shown else "Show panel: {title}"
    action = QAction(tr(text, title=title))
    action.triggered.connect(lambda: dock.setVisible(not is_shown))
    return action
