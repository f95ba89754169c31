"""The palette, driven by keys and mouse."""

import pytest
from PySide6.QtCore import Qt

from app.dragging import MIME_TYPE, kind_in, mime_of
from app.palette import Palette
from app.palette.tree import GROUP, KIND
from app.session import Session
from app.theme import THEMES, _category_pixmap
from graph import edits


@pytest.fixture
def session():
    return Session()


@pytest.fixture
def palette(qtbot, session):
    made = Palette()
    qtbot.addWidget(made)
    made.set_session(session)
    made.resize(230, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.asked = []
    made.add_requested.connect(made.asked.append)
    return made


def rows(palette):
    tree = palette.tree
    return [tree.topLevelItem(i) for i in range(tree.topLevelItemCount())]


def test_every_block_is_shown_under_its_category(palette, session):
    groups = rows(palette)[1:]
    shown = [row.child(i).data(0, KIND) for row in groups for i in range(row.childCount())]
    assert sorted(shown) == sorted(b.kind.name for b in session.registry.blocks())


def test_search_and_enter_add_the_first_match(qtbot, palette):
    palette.focus_search()
    qtbot.keyClicks(palette.search, "dense")
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert palette.asked == ["dense"]


def test_arrows_in_the_search_box_move_the_current_block(qtbot, palette):
    palette.focus_search()
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    first = palette.tree.current_kind()
    assert first
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert palette.asked == [first]


def test_escape_clears_the_search(qtbot, palette):
    qtbot.keyClicks(palette.search, "zzzz")
    assert "zzzz" in rows(palette)[0].text(0)
    qtbot.keyClick(palette.search, Qt.Key.Key_Escape)
    assert palette.search.text() == ""
    assert rows(palette)[0].childCount()


def test_a_double_click_adds(qtbot, palette):
    item = rows(palette)[0].child(0)
    at = palette.tree.visualItemRect(item).center()
    view = palette.tree.viewport()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert palette.asked == [item.data(0, KIND)]


def test_a_click_on_a_heading_folds_it_and_a_search_keeps_that(qtbot, palette):
    head = rows(palette)[0]
    at = palette.tree.visualItemRect(head).center()
    qtbot.mouseClick(palette.tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert not head.isExpanded()
    qtbot.keyClicks(palette.search, "de")
    qtbot.keyClick(palette.search, Qt.Key.Key_Escape)
    assert not rows(palette)[0].isExpanded()


def test_common_blocks_stand_on_top_from_the_start(palette):
    assert rows(palette)[0].data(0, GROUP) == "at-hand"
    kinds = [rows(palette)[0].child(i).data(0, KIND) for i in range(rows(palette)[0].childCount())]
    assert kinds == palette.at_hand() == ["input", "conv2d", "dense", "relu", "cross_entropy"]


def test_what_is_added_takes_the_place_of_what_was_not_used_for_longest(palette, session):
    def add(kind):
        session.apply("Add", lambda d: edits.add(d, kind))

    add("cross_entropy")
    add("gru")
    assert palette.at_hand() == ["input", "conv2d", "dense", "gru", "cross_entropy"]
    add("lstm")
    assert palette.at_hand() == ["input", "conv2d", "lstm", "gru", "cross_entropy"]


def test_no_row_moves_when_blocks_are_added(palette, session):
    def places():
        return [palette.tree.visualItemRect(row).top() for row in rows(palette)]

    before = places()
    for kind in ("gru", "gru", "flatten", "dense", "add"):
        session.apply("Add", lambda d, kind=kind: edits.add(d, kind))
        assert places() == before


def test_a_drag_carries_the_kind():
    assert bytes(mime_of("dense").data(MIME_TYPE).data()) == b"dense"
    assert kind_in(mime_of("dense")) == "dense"


def test_icons_of_all_blocks_are_kept_when_the_palette_is_shown_again(palette):
    palette.set_theme(THEMES["dark"])
    palette.set_theme(THEMES["light"])
    drawn = _category_pixmap.cache_info().misses
    palette.set_theme(THEMES["dark"])
    assert _category_pixmap.cache_info().misses == drawn
