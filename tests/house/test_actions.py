"""The actions of the program: each can be reached, and no two share a key."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtWidgets import QApplication

from app.actions import ACTIONS, BY_ID, MENUS, SEPARATOR, THEME_ACTIONS, shortcuts_of
from app.actions.go import BOOKMARK_ACTIONS
from app.actions.view import HEAT_ACTIONS, SIZE_ACTIONS

# These are put into menus by the parts that the window fills.
IN_SUBMENUS = {*THEME_ACTIONS, *BOOKMARK_ACTIONS, *HEAT_ACTIONS, *SIZE_ACTIONS, "reset-docks"}


def test_every_action_is_in_exactly_one_menu() -> None:
    items = [item for _, items in MENUS for item in items]
    placed = [item for item in items if item != SEPARATOR and not item.startswith("<")]
    assert Counter([*placed, *IN_SUBMENUS]) == Counter({action.id: 1 for action in ACTIONS})


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(ACTIONS)


def test_no_two_actions_share_a_shortcut(qapp: QApplication) -> None:
    keys = [(key.toString(), action.id) for action in ACTIONS for key in shortcuts_of(action)]
    shared = {key: n for key, n in Counter(key for key, _ in keys).items() if n > 1}
    assert shared == {}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_a_title_is_short_and_starts_with_a_capital(action: object) -> None:
    title: str = action.title
    assert title[0].isupper()
    assert len(title) <= 24


def test_canvas_keys_without_a_modifier_belong_to_the_canvas(qapp: QApplication) -> None:
    """A plain letter as a key of the whole window would be eaten in every text field."""
    for action in ACTIONS:
        for key in shortcuts_of(action):
            if len(key.toString()) == 1:
                assert action.scope == "canvas", action.id
