"""Selecting blocks and wires, and removing them."""

import pytest
from PySide6.QtCore import QPoint, Qt

from graph import edits
from graph.model import NodeId
from tests.app.canvas.hand import CTRL, SHIFT
from tests.drawing import chain, draw


@pytest.fixture
def row(hand_on):
    document = draw("relu gelu tanh")
    return hand_on(
        edits.move(document, {NodeId(f"n{i + 1}"): (220.0 * i, 100.0) for i in range(3)})
    )


def box(hand, first, last, held=Qt.KeyboardModifier.NoModifier):
    hand.drag(hand.block(first, -104, -50), hand.block(last, 40, 50), held)


def test_a_click_selects_one_block_and_shift_and_ctrl_more_or_fewer(row):
    row.click(row.block("n1"))
    assert row.session.selection == {"n1"}
    row.click(row.block("n2"), SHIFT)
    row.click(row.block("n3"), CTRL)
    assert row.session.selection == {"n1", "n2", "n3"}
    row.click(row.block("n1"), CTRL)
    assert row.session.selection == {"n2", "n3"}
    row.click(row.block("n2"))
    assert row.session.selection == {"n2"}


def test_a_click_on_the_ground_selects_nothing(row):
    row.session.select(["n1"])
    row.click(QPoint(20, 400))
    assert not row.session.selection


def test_a_box_selects_what_it_touches(row):
    box(row, "n1", "n2")
    assert row.session.selection == {"n1", "n2"}


def test_shift_adds_a_box_and_ctrl_turns_it_over(row):
    row.session.select(["n3"])
    box(row, "n1", "n1", SHIFT)
    assert row.session.selection == {"n1", "n3"}
    box(row, "n1", "n2", CTRL)
    assert row.session.selection == {"n2", "n3"}


def test_escape_in_a_box_selects_what_was_selected_before(row):
    row.session.select(["n3"])
    row.pull(row.block("n1", -104, -50), row.block("n2", 40, 50), SHIFT)
    assert row.canvas.mirror.selection == {"n1", "n2", "n3"}
    row.key(Qt.Key.Key_Escape)
    assert row.canvas.mirror.selection == row.session.selection == {"n3"}


def test_a_click_on_a_wire_selects_it_and_delete_removes_it(hand_on):
    hand = hand_on(chain("input relu output"))
    hand.session.select(["n1"])
    hand.click(hand.wire("n2"))
    assert not hand.session.selection
    assert len(hand.canvas.mirror.chosen_edges) == 1
    hand.click(hand.wire("n3"), SHIFT)
    hand.canvas.delete_selection()
    assert hand.edges() == []
    assert hand.session.history.undo_label == "Delete 2 wires"
    assert not hand.canvas.mirror.chosen_edges


def test_selecting_a_block_elsewhere_forgets_selected_wires(hand_on):
    hand = hand_on(chain("input relu output"))
    hand.click(hand.wire("n2"))
    hand.session.select(["n3"])
    hand.canvas.delete_selection()
    assert hand.kinds() == ["input", "relu"]
    assert hand.edges() == ["n1.y n2.x"]


def test_blocks_go_with_their_wires_and_healing_joins_what_is_left(hand_on):
    hand = hand_on(chain("input relu output"))
    hand.session.select(["n2"])
    hand.canvas.delete_selection()
    assert hand.edges() == []
    hand.session.undo()
    hand.session.select(["n2"])
    hand.canvas.editor.delete_selection(heal=True)
    assert hand.edges() == ["n1.y n3.x"]


def test_escape_clears_the_selection(hand_on):
    hand = hand_on(chain("input relu"))
    hand.click(hand.wire("n2"))
    hand.key(Qt.Key.Key_Escape)
    assert not hand.canvas.mirror.chosen_edges
    hand.canvas.select_all()
    assert len(hand.session.selection) == 2
    hand.key(Qt.Key.Key_Escape)
    assert not hand.session.selection


def test_a_selected_wire_is_drawn_in_accent(hand_on):
    hand = hand_on(edits.move(chain("input relu"), {NodeId("n2"): (0.0, 240.0)}))
    at = hand.port("n2", "x") + QPoint(0, -24)
    plain = hand.canvas.grab().toImage().pixelColor(at)
    hand.click(hand.wire("n2"))
    hand.move(QPoint(5, 5), buttons=Qt.MouseButton.NoButton)
    chosen = hand.canvas.grab().toImage().pixelColor(at)
    assert chosen.blue() > plain.blue() + 40
