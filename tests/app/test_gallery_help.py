"""The help on the gallery: every network on one page, reached from the menu and the gallery."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.gallery_dialog import GalleryDialog
from app.gallery_help import GalleryHelp
from app.theme import THEMES
from app.window import Window
from graph.gallery import entries


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def help_page(qtbot: QtBot, owner: QWidget) -> GalleryHelp:
    made = GalleryHelp(THEMES["dark"], owner)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_every_network_has_a_heading_of_its_own(help_page: GalleryHelp) -> None:
    page = help_page.page
    titles = [page.document().findBlock(place).text() for place in page.entry_places()]
    assert titles == [entry.title for entry in entries()]


def test_the_list_leads_to_a_network(help_page: GalleryHelp) -> None:
    page = help_page.page
    for name in ("gpt-2", "lenet-5", "wavenet"):
        help_page.show_entry(name)
        place = dict(zip((e.name for e in entries()), page.entry_places(), strict=True))[name]
        first = page.cursorForPosition(page.viewport().rect().topLeft()).position()
        heading = page.document().findBlock(place)
        assert first in range(heading.position(), heading.position() + heading.length())


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_pictures_are_those_of_the_theme(owner: QWidget, theme: str) -> None:
    page = GalleryHelp(THEMES[theme], owner).page
    kind = QTextDocument.ResourceType.ImageResource
    image = page.document().resource(kind, "gallery/lenet-5-dark.png")
    assert not image.isNull()
    assert (image.pixelColor(0, 0).lightness() < 128) is (theme == "dark")


def test_a_page_that_is_not_installed_is_told(owner: QWidget, tmp_path: Path) -> None:
    made = GalleryHelp(THEMES["dark"], owner, tmp_path / "gallery.md")
    assert "missing" in made.page.toPlainText()
    made.show_entry("lenet-5")


def test_the_menu_shows_it_and_it_leads_to_the_gallery(qtbot: QtBot, window: Window) -> None:
    window.menus.actions["gallery-help"].trigger()
    (shown,) = window.findChildren(GalleryHelp)
    qtbot.waitUntil(shown.isVisible)
    shown.show_entry("vae")
    shown.open_button.click()
    (dialog,) = window.findChildren(GalleryDialog)
    qtbot.waitUntil(lambda: dialog.drawn is not None)
    assert dialog.drawn.document.name == "Variational autoencoder"


def test_the_gallery_leads_to_it_at_the_network_that_is_chosen(
    qtbot: QtBot, window: Window
) -> None:
    window.show_gallery()
    (dialog,) = window.findChildren(GalleryDialog)
    dialog.list.select("seq2seq")
    dialog.pictures.click()
    (shown,) = window.findChildren(GalleryHelp)
    qtbot.waitUntil(shown.isVisible)
    assert not dialog.isVisible()
    assert shown.list.entry().name == "seq2seq"
