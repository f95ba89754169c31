"""The help on adding and finding: reached from the menu, and true."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.actions import BY_ID, shortcuts_of
from app.canvas.offers import offers_of
from app.canvas.ranking import Order, proposals
from app.finding_help import PAGE, FindingHelp
from app.theme import DARK, LIGHT, Theme
from graph.finding import matches, read_query
from graph.infer import infer
from graph.model import Document, NodeId
from graph.problems import Problem, Severity
from graph.registry import default_registry
from tests.drawing import chain, set_params

if TYPE_CHECKING:
    from app.window import Window

TEXT = PAGE.read_text("utf-8")
ADDING, FINDING = TEXT.split("## Finding")
TYPED = re.findall(r"^\| `(.+?)` \| (.+?) \|$", ADDING, re.MULTILINE)
ROWS = re.findall(r"^\| (`.+?`) \|", FINDING, re.MULTILINE)
QUERIES = [query for row in ROWS for query in re.findall(r"`([^`]+)`", row)]
KEYS = {"R": "replace", "Ctrl+F": "find", "Alt+Left": "back", "Alt+Right": "forward",
        "Ctrl+1": "bookmark-1", "Ctrl+Shift+1": "set-bookmark-1", "Z": "zoom-selection",
        "F1": "shortcuts"}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), TYPED)
def test_what_is_typed_sets_what_the_page_says(text: str, wanted: str) -> None:
    found = proposals(text, offers_of(default_registry().blocks()), Order())
    assert found[0].reading.summary == wanted
    assert found[0].reading.misread == 0


def small() -> Document:
    document = chain("input conv2d max_pool2d flatten dense output")
    document = set_params(document, "n1", shape="3, 10, 10")
    return set_params(document, "n2", out_channels=64)


@pytest.mark.parametrize("query", QUERIES)
def test_what_is_looked_for_is_found(query: str) -> None:
    document, registry = small(), default_registry()
    typing = infer(document, None, registry)
    problems = {NodeId("n2"): [Problem("doubt", "It is odd.", each) for each in Severity]}
    assert matches(read_query(query), document, typing, registry, problems), query
    assert len(QUERIES) == 9


@pytest.mark.usefixtures("qapp")
def test_the_keys_are_those_of_the_actions() -> None:
    for key, id in KEYS.items():
        assert f"**{key}**" in TEXT
        assert key in [each.toString() for each in shortcuts_of(BY_ID[id])], id


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_it_can_be_shown_in_both_themes(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    page = FindingHelp(theme, parent).page
    assert "Going places" in page.toPlainText()
    page.resize(700, 900)
    assert not page.grab().isNull()


def test_the_help_menu_leads_there(window: Window) -> None:
    window.menus.actions["finding-help"].trigger()
    assert window.findChild(FindingHelp) is not None
