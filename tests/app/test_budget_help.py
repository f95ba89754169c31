"""The help on the memory budget: reached from the menu, and true."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.actions import BY_ID, shortcuts_of
from app.budget_help import PAGE, BudgetHelp
from app.theme import DARK, LIGHT, Theme
from graph.budget import OPTIMIZERS, TRAINING_PASSES

if TYPE_CHECKING:
    from app.window import Window


@pytest.mark.usefixtures("qapp")
def test_the_page_says_what_the_program_counts() -> None:
    text = PAGE.read_text("utf-8")
    (key,) = re.findall(r"\*\*(F\d+)\*\*", text)
    assert [each.toString() for each in shortcuts_of(BY_ID["budget"])] == [key]
    assert (OPTIMIZERS["sgd"], OPTIMIZERS["sgd with momentum"], OPTIMIZERS["adam"]) == (0, 1, 2)
    assert TRAINING_PASSES == 3 and "three\nforward passes" in text


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_it_is_shown_in_both_themes(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    page = BudgetHelp(theme, parent).page
    assert "What training takes" in page.toPlainText()
    assert not page.grab().isNull()


def test_the_menu_leads_to_it(window: Window) -> None:
    window.menus.actions["budget-help"].trigger()
    assert window.findChild(BudgetHelp) is not None
