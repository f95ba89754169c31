"""The help on composites."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.actions import ACTIONS, shortcuts_of
from app.composites_help import PAGE, CompositesHelp, example, inside
from app.theme import DARK, LIGHT, Theme
from graph.check import check
from graph.infer import infer
from graph.problems import Severity
from graph.repeat import MODES


@pytest.mark.usefixtures("qapp")
def test_every_key_on_the_page_is_one_of_the_program() -> None:
    text = PAGE.read_text("utf-8")
    known = {keys.toString() for action in ACTIONS for keys in shortcuts_of(action)}
    named = set(re.findall(r"Ctrl\+\w+(?:\+\w+)?", text))
    assert named and named <= known


def test_every_mode_of_a_repeat_is_told() -> None:
    text = PAGE.read_text("utf-8")
    assert all(f"| {mode} |" in text for mode in MODES)


def test_the_drawings_of_the_page_are_right() -> None:
    for document in (example(), inside(example())):
        problems = check(document, infer(document))
        assert not [p for p in problems if p.severity is Severity.ERROR]


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_its_pictures_are_drawn_in_the_colours_of_the_theme(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    page = CompositesHelp(theme, parent).page
    kind = QTextDocument.ResourceType.ImageResource.value
    for name in ("whole", "inside"):
        image = page.loadResource(kind, QUrl(f"drawing:{name}"))
        assert isinstance(image, QImage) and image.width() > 200
        assert image.pixelColor(2, 2).name().upper() == theme.canvas
