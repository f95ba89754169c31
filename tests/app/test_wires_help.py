"""The help on wires: reached from the menu, and true."""

import re

import pytest
from PySide6.QtWidgets import QWidget

from app.actions import BY_ID, shortcuts_of
from app.theme import DARK, LIGHT
from app.wires_help import PAGE, WiresHelp

TEXT = PAGE.read_text("utf-8")
KEYS = {"C": "connect", "J": "move-wires", "Shift+C": "disconnect", "B": "add-wire-point",
        "Del": "delete", "Shift+B": "remove-wire-points", "E": "next-wire",
        "Shift+E": "next-wire-point"}  # fmt: skip
HELD = {"Shift", "Ctrl", "Alt"}


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("keys", KEYS)
def test_keys_of_the_page_do_what_it_says(keys):
    assert f"**{keys}**" in TEXT
    assert keys in [sequence.toString() for sequence in shortcuts_of(BY_ID[KEYS[keys]])]


def test_no_other_key_is_named():
    assert set(re.findall(r"\*\*(.+?)\*\*", TEXT)) == KEYS.keys() | HELD


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_the_page_is_shown(qtbot, theme):
    parent = QWidget()
    qtbot.addWidget(parent)
    page = WiresHelp(theme, parent).page
    assert "Leading a wire" in page.toPlainText()
