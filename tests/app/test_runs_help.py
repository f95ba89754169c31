"""The page of help on runs says what is true."""

import re
import shlex

import pytest

from app.actions import BY_ID
from app.cli import make_parser
from app.page_help import FOLDER
from graph.recipe import Recipe

TEXT = (FOLDER / "runs.md").read_text("utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
LINES = [shlex.split(line, comments=True) for block in BLOCKS
         for line in block.splitlines() if line.strip()]  # fmt: skip


@pytest.mark.parametrize("words", LINES, ids=" ".join)
def test_its_commands_are_understood(words):
    make_parser().parse_args(words[1:])


def test_its_keys_and_titles_are_those_of_the_program():
    for id in ("runs", "queue", "search"):
        assert f"({BY_ID[id].keys[0]})" in TEXT
    for id in ("queue", "search"):
        assert f"*Run › {BY_ID[id].title}*" in TEXT
    for id in ("runs-to-tensorboard", "runs-to-mlflow"):
        assert f"*Run › {BY_ID[id].title}*" in TEXT
    assert f"*{Recipe.sections['checkpoint_epochs']}* in the recipe" in TEXT


def test_it_opens_from_the_menu(window):
    window.menus.actions["runs-help"].trigger()
    from app.page_help import PageHelp

    page = window.findChild(PageHelp)
    assert page.isVisible()
    assert "metrics.jsonl" in page.page.toPlainText()
