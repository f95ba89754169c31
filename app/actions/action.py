"""What an action is, and when the common ones can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtGui import QKeySequence

if TYPE_CHECKING:
    from app.window import Window

Key = QKeySequence.StandardKey
SEPARATOR = "-"


def _always(_window: Window) -> bool:
    return True


@dataclass(frozen=True)
class Action:
    """Something a person can do.

    Attributes:
        keys: its shortcuts; the first is shown.
        is_enabled: whether it can be done now.
        is_checked: whether it is on, for an action that turns something on and off.
        scope: `canvas` keys work while the canvas has the focus, `window` keys everywhere.
    """

    id: str
    title: str
    run: Callable[[Window], object]
    keys: tuple[Key | str, ...] = ()
    is_enabled: Callable[[Window], bool] = _always
    is_checked: Callable[[Window], bool] | None = None
    scope: Literal["window", "canvas"] = "window"

    @property
    def is_constant(self) -> bool:
        """Whether it looks the same whatever is done."""
        return self.is_enabled is _always and self.is_checked is None


def can_edit(window: Window) -> bool:
    return not window.session.read_only


def has_selection(window: Window) -> bool:
    return bool(window.session.selection)


def has_chosen(window: Window) -> bool:
    """Whether a block, a frame or a note is selected."""
    return has_selection(window) or bool(window.session.chosen_remarks)


def can_change_chosen(window: Window) -> bool:
    return has_chosen(window) and can_edit(window)


def can_change_selection(window: Window) -> bool:
    return has_selection(window) and can_edit(window)


def has_blocks(window: Window) -> bool:
    return bool(window.session.root.graph.nodes)


def shortcuts_of(action: Action) -> list[QKeySequence]:
    """The key sequences of an action on this desktop, each once."""
    found: list[QKeySequence] = []
    for key in action.keys:
        if isinstance(key, str):
            made = [QKeySequence(key)]
        else:
            made = QKeySequence.keyBindings(key)[:1]
        found += [sequence for sequence in made if sequence not in found]
    return found
