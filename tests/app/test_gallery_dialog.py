"""The gallery: chosen by keys alone, drawn beside the UI thread, opened as a new document."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.gallery_dialog import GalleryDialog
from app.theme import THEMES
from app.window import Window
from graph.gallery import entries, find

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def dialog(qtbot: QtBot) -> Iterator[GalleryDialog]:
    """A shown gallery whose first network is drawn."""
    owner = QWidget()
    qtbot.addWidget(owner)
    made = GalleryDialog(THEMES["dark"], owner)
    with qtbot.waitExposed(made):
        made.show()
    wait_drawn(qtbot, made)
    yield made  # noqa: PT022  as long as the test lasts, its owner must


def wait_drawn(qtbot: QtBot, dialog: GalleryDialog) -> None:
    qtbot.waitUntil(lambda: dialog.drawn is not None)


def choose(qtbot: QtBot, dialog: GalleryDialog, name: str) -> None:
    dialog.list.select(name)
    wait_drawn(qtbot, dialog)


def title_of(dialog: GalleryDialog) -> str:
    assert dialog.drawn is not None
    return dialog.drawn.document.name


def test_it_begins_with_the_first_network(dialog: GalleryDialog) -> None:
    assert dialog.list.names() == [entry.name for entry in entries()]
    assert title_of(dialog) == entries()[0].title
    assert dialog.open_button.isEnabled()


def test_it_tells_what_a_network_is_and_how_large(qtbot: QtBot, dialog: GalleryDialog) -> None:
    choose(qtbot, dialog, "resnet-18")
    assert dialog.summary.text() == find("resnet-18").summary
    assert "18 blocks" in dialog.facts.text()
    assert "11\u202f689\u202f512 parameters" in dialog.facts.text()
    assert dialog.form.names() == ["data", "image_size", "classes", "layers", "width"]


def test_arrows_walk_the_list_while_the_search_has_the_focus(
    qtbot: QtBot, dialog: GalleryDialog
) -> None:
    names = dialog.list.names()
    for key, wanted in ((Qt.Key.Key_Down, 1), (Qt.Key.Key_Down, 2), (Qt.Key.Key_Up, 1)):
        QTest.keyClick(dialog.search, key)
        current = dialog.list.entry()
        assert current is not None
        assert current.name == names[wanted]


def test_a_search_leaves_what_its_words_are_found_in(qtbot: QtBot, dialog: GalleryDialog) -> None:
    dialog.search.setText("densenet-201")
    assert dialog.list.names() == ["densenet-201"]
    wait_drawn(qtbot, dialog)
    assert title_of(dialog) == "DenseNet-201"
    dialog.search.setText("rosenblatt")
    assert dialog.list.names() == ["perceptron"]


def test_a_search_that_finds_nothing_says_so_and_opens_nothing(
    qtbot: QtBot, dialog: GalleryDialog
) -> None:
    dialog.search.setText("xyzzy")
    assert dialog.list.names() == []
    dialog.search.setText("xyzzy plugh")
    assert "“xyzzy plugh”" in dialog.summary.text()
    dialog.accept()
    assert dialog.isVisible()
    dialog.search.clear()
    wait_drawn(qtbot, dialog)
    assert title_of(dialog) == entries()[0].title


def test_a_changed_size_is_drawn_and_counted(qtbot: QtBot, dialog: GalleryDialog) -> None:
    choose(qtbot, dialog, "mlp")
    before = dialog.facts.text()
    dialog.form.edited.emit("layers", 4, False)
    assert not dialog.open_button.isEnabled()
    wait_drawn(qtbot, dialog)
    assert dialog.drawn is not None
    assert dialog.drawn.document.graph == find("mlp").build(layers=4).graph
    assert dialog.facts.text() != before


def test_a_size_that_cannot_be_is_told_and_not_opened(qtbot: QtBot, dialog: GalleryDialog) -> None:
    choose(qtbot, dialog, "resnet-18")
    dialog.form.edited.emit("layers", (300, 300), False)
    qtbot.waitUntil(lambda: "at most 300" in dialog.status.text())
    assert not dialog.open_button.isEnabled()
    dialog.accept()
    assert dialog.isVisible()
    dialog.form.edited.emit("layers", (1, 1), False)
    wait_drawn(qtbot, dialog)
    assert dialog.status.text() == ""


def test_the_small_size_and_the_published_one_are_a_click_away(
    qtbot: QtBot, dialog: GalleryDialog
) -> None:
    choose(qtbot, dialog, "vgg-16")
    assert (dialog.published.isChecked(), dialog.small.isChecked()) == (True, False)
    dialog.small.click()
    wait_drawn(qtbot, dialog)
    assert dialog.values == find("vgg-16").small
    assert (dialog.published.isChecked(), dialog.small.isChecked()) == (False, True)
    dialog.published.click()
    assert dialog.values == {}


def test_a_network_without_a_small_size_does_not_offer_one(
    qtbot: QtBot, dialog: GalleryDialog
) -> None:
    choose(qtbot, dialog, "perceptron")
    assert not dialog.small.isVisible()
    assert not dialog.published.isVisible()


def test_the_picture_shows_the_network_that_is_chosen(qtbot: QtBot, dialog: GalleryDialog) -> None:
    def colours() -> set[int]:
        image = dialog.picture.image()
        assert isinstance(image, QImage)
        size = image.size()
        places = range(0, size.width() * size.height(), 97)
        return {image.pixel(at % size.width(), at // size.width()) for at in places}

    choose(qtbot, dialog, "resnet-152")
    assert len(colours()) > 3
    first = dialog.picture.image()
    choose(qtbot, dialog, "lenet-5")
    assert dialog.picture.image() != first


def test_the_window_opens_the_chosen_network_by_keys_alone(qtbot: QtBot, window: Window) -> None:
    QTest.keyClick(window, Qt.Key.Key_N, CTRL_SHIFT)
    (dialog,) = window.findChildren(GalleryDialog)
    qtbot.waitUntil(dialog.isVisible)
    dialog.search.setFocus()
    QTest.keyClicks(dialog.search, "lenet")
    wait_drawn(qtbot, dialog)
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.title == "LeNet-5")
    session = window.session
    assert session.document == find("lenet-5").build()
    assert session.path is None
    assert session.history.undo_label is None
    assert len(window.tabs.sessions()) == 1
    assert not dialog.isVisible()


def test_escape_opens_nothing(qtbot: QtBot, window: Window) -> None:
    window.show_gallery()
    (dialog,) = window.findChildren(GalleryDialog)
    qtbot.waitUntil(dialog.isVisible)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert window.session.title == "Untitled"
