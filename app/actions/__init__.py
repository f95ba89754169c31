"""Every action of the program as data: menus, tool bar, shortcuts and the list of commands."""

from __future__ import annotations

from collections.abc import Mapping

from app.actions import (
    arrange,
    composite,
    edit,
    file,
    go,
    help,
    remarks,
    run,
    selecting,
    view,
    wires,
)
from app.actions.action import SEPARATOR, Action, shortcuts_of

__all__ = ["ACTIONS", "BY_ID", "MENUS", "SEPARATOR", "THEME_ACTIONS", "Action", "shortcuts_of"]

Menu = tuple[str, tuple[str, ...]]

# A name in <> is a part that the window fills: the recent files, the examples, the panels.
MENUS: tuple[Menu, ...] = (
    ("File", file.MENU),
    ("Edit", edit.MENU),
    ("Select", selecting.MENU),
    ("Composite", composite.MENU),
    ("Arrange", arrange.MENU),
    ("Go", go.MENU),
    ("View", view.MENU),
    ("Run", run.MENU),
    ("Help", help.MENU),
)
ACTIONS: tuple[Action, ...] = (
    *file.ACTIONS,
    *edit.ACTIONS,
    *remarks.ACTIONS,
    *wires.ACTIONS,
    *selecting.ACTIONS,
    *composite.ACTIONS,
    *arrange.ACTIONS,
    *go.ACTIONS,
    *view.ACTIONS,
    *run.ACTIONS,
    *help.ACTIONS,
)
BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}
THEME_ACTIONS = (
    "theme-dark", "theme-light", "theme-contrast-dark", "theme-contrast-light", "theme-system",
)  # fmt: skip
