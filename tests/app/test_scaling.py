"""The size of everything: kept in the settings, and told to Qt before it starts."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from app import scaling
from app.settings import Settings, load_settings, save_settings

if TYPE_CHECKING:
    from app.window import Window

SCRIPT = """
from app.start import make_application
print(make_application().primaryScreen().devicePixelRatio())
"""


@pytest.mark.parametrize(
    ("text", "percent"), [("150", 150), ("9", 75), ("9999", 250), ("wide", 100), ("", 100)]
)
def test_sizes_outside_the_limits_are_brought_within(text, percent):
    assert scaling.percent_of(Settings(scale=text)) == percent


def test_what_is_set_outside_holds():
    environment = {"QT_SCALE_FACTOR": "3"}
    scaling.prepare(Settings(scale="150"), environment)
    assert environment == {"QT_SCALE_FACTOR": "3"}
    scaling.prepare(Settings(scale="100"), empty := {})
    assert empty == {}


def test_the_program_starts_in_the_size_that_was_chosen(home):
    save_settings(Settings(scale="150"))
    environment = {key: value for key, value in os.environ.items() if key != scaling.VARIABLE}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1.5"


def test_the_menu_keeps_a_size_and_says_when_it_holds(window: Window) -> None:
    window.menus.actions["size-150"].trigger()
    assert load_settings()[0].scale == "150"
    assert window.menus.actions["size-150"].isChecked()
    assert "150 %" in window.messages.messages[-1].text
