"""Lines, even gaps and layouts of selected blocks on a canvas."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from app.canvas import arrange, menus, placing
from app.canvas.options import Options
from graph import edits
from graph.model import NodeId
from tests.drawing import chain, draw

CROOKED = {NodeId("n1"): (0.0, 0.0), NodeId("n2"): (250.0, 110.0), NodeId("n3"): (30.0, 330.0)}


@pytest.fixture
def three(hand_on):
    hand = hand_on(edits.move(chain("input relu output"), CROOKED))
    hand.canvas.select_all()
    return hand


def corners(hand):
    return [hand.at(id) for id in hand.session.document.graph.nodes]


def test_blocks_are_aligned_in_one_step_of_undo(three):
    arrange.align(three.canvas, "left")
    assert corners(three) == [(0.0, 0.0), (0.0, 110.0), (0.0, 330.0)]
    assert three.session.history.undo_label == "Align left"
    three.session.undo()
    assert corners(three) == list(CROOKED.values())
    assert not three.session.history.undo_label


def test_blocks_are_distributed(three):
    arrange.distribute(three.canvas, "y")
    assert corners(three) == [(0.0, 0.0), (250.0, 165.0), (30.0, 330.0)]


def test_a_selection_is_tidied_and_again_nothing_happens(three):
    arrange.tidy(three.canvas)
    assert corners(three) == [(24.0, 0.0), (264.0, 110.0), (24.0, 330.0)]
    arrange.tidy(three.canvas)
    three.session.undo()
    assert corners(three) == list(CROOKED.values())


def test_only_the_selection_is_laid_out(three):
    three.session.select(["n2", "n3"])
    arrange.lay_out_selection(three.canvas)
    assert corners(three) == [(0.0, 0.0), (30.0, 110.0), (30.0, 210.0)]


def test_a_read_only_drawing_says_so(hand_on):
    hand = hand_on(draw("relu gelu"), read_only="This file is newer.")
    hand.canvas.select_all()
    arrange.align(hand.canvas, "top")
    assert hand.messages == ["This file is newer."]


def test_blocks_are_seen_on_their_way_and_end_where_the_document_has_them(qtbot, three):
    three.canvas.options = Options(animated=True)
    seen = []
    three.canvas.view_changed.connect(lambda: seen.append(three.canvas.mirror.rect[1, 0]))
    arrange.align(three.canvas, "left")
    assert three.at("n2") == (0.0, 110.0)
    assert three.canvas.mirror.rect[1, 0] == 250.0
    qtbot.waitUntil(lambda: three.canvas.mirror.rect[1, 0] == 0.0)
    qtbot.waitUntil(lambda: not three.canvas.editor.placing.children())
    assert three.canvas.mirror.rect[:, 0].tolist() == [0.0, 0.0, 0.0]


def test_an_undo_on_the_way_is_not_overruled(qtbot, three):
    three.canvas.options = Options(animated=True)
    arrange.align(three.canvas, "left")
    three.session.undo()
    qtbot.waitUntil(lambda: not three.canvas.editor.placing.children())
    assert three.canvas.mirror.rect[:, :2].tolist() == [list(at) for at in CROOKED.values()]


def test_the_view_goes_along_with_a_layout(qtbot, three):
    three.canvas.options = Options(animated=True)
    before = three.canvas.camera
    three.canvas.auto_layout()
    assert three.canvas.camera == before
    qtbot.waitUntil(lambda: not three.canvas.editor.placing.children())
    assert three.canvas.view_kept is not None
    assert three.canvas.camera != before


def test_a_hand_that_takes_a_block_on_the_way_ends_the_way(qtbot, three):
    three.canvas.options = Options(animated=True)
    three.canvas.auto_layout()
    three.press(three.block("n1"))
    qtbot.waitUntil(lambda: not three.canvas.editor.placing.children())
    seen = three.canvas.camera
    assert three.canvas.mirror.rect[:, :2].tolist() == [list(at) for at in corners(three)]
    three.release(three.block("n1"))
    assert three.canvas.camera == seen


@pytest.fixture
def large(three, monkeypatch):
    """A drawing that counts as too large to be laid out at once."""
    monkeypatch.setattr(placing, "AT_ONCE", 1)
    return three


def test_a_large_drawing_is_laid_out_beside_the_window(qtbot, large):
    large.canvas.auto_layout()
    assert large.canvas.is_busy()
    assert corners(large) == list(CROOKED.values())
    large.canvas.grab()
    qtbot.waitUntil(lambda: not large.canvas.is_busy())
    assert corners(large) == [(0.0, 0.0), (0.0, 100.0), (0.0, 200.0)]
    assert large.session.history.undo_label == "Auto-layout"


def test_escape_stops_a_layout_and_keeps_the_selection(qtbot, large):
    large.canvas.auto_layout()
    with qtbot.waitSignal(large.canvas.editor.placing.findChild(placing.Task).cancelled):
        large.key(Qt.Key.Key_Escape)
        assert not large.canvas.is_busy()
    assert corners(large) == list(CROOKED.values())
    assert len(large.session.selection) == 3


def test_a_drawing_that_changed_meanwhile_keeps_its_places(qtbot, large):
    large.canvas.auto_layout()
    large.session.apply("Add", lambda document: edits.add(document, "relu", (600.0, 0.0)))
    qtbot.waitUntil(lambda: not large.canvas.is_busy())
    assert corners(large)[:3] == list(CROOKED.values())
    assert "changed meanwhile" in large.messages[-1]


def test_a_mirror_that_was_animated_equals_one_that_was_not(qtbot, three):
    three.canvas.options = replace(three.canvas.options, animated=True)
    arrange.tidy(three.canvas)
    qtbot.waitUntil(lambda: not three.canvas.editor.placing.children())
    shown = three.canvas.mirror
    fresh = shown.__class__(three.session.registry)
    fresh.rebuild(three.session.document, three.session.typing, three.session.problems)
    assert np.array_equal(shown.rect, fresh.rect)
    assert np.array_equal(shown.line, fresh.line)


def entries(menu):
    """The titles of a menu, of what it holds in menus of its own with it."""
    found = {}
    for action in menu.actions():
        found[action.text().split("\t")[0]] = action
        if action.menu() is not None:
            found.update(entries(action.menu()))
    return found


def test_a_right_click_offers_to_arrange_several_blocks(three):
    menu = menus.block_menu(three.canvas.editor, three.session, NodeId("n1"), QPointF())
    found = entries(menu)
    found["Align left"].trigger()
    assert corners(three) == [(0.0, 0.0), (0.0, 110.0), (0.0, 330.0)]
    three.session.select(["n2"])
    menu = menus.block_menu(three.canvas.editor, three.session, NodeId("n2"), QPointF())
    found = entries(menu)
    assert "Align left" not in found
    found["Upstream"].trigger()
    assert three.session.selection == {"n1", "n2"}


def test_a_block_is_taken_out_of_its_chain_by_key(three):
    three.session.select(["n2"])
    arrange.take_out(three.canvas)
    assert three.edges() == ["n1.y n3.x"]
    assert three.session.history.undo_label == "Take out of the chain"
