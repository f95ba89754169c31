"""Blocks come out of their wires while they are dragged."""

import math

import pytest
from PySide6.QtCore import QPoint, Qt

from app.canvas.gestures.loosening import REVERSALS, Shake
from app.canvas.gestures.moving import MoveBlocks
from graph import edits
from graph.model import NodeId
from tests.app.canvas.hand import ALT, PLAIN
from tests.drawing import chain


@pytest.fixture
def hand(hand_on):
    return hand_on(chain("input relu gelu output"))


def swings(width, step_s, turns, *, axis=0):
    """Whether each move of a pointer that goes to and fro is a shake."""
    shake, told = Shake(), []
    for k in range(turns + 2):
        at = width if k % 2 else 0.0
        told.append(shake.note(*((at, 5.0) if axis == 0 else (5.0, at)), k * step_s))
    return told


@pytest.mark.parametrize("axis", [0, 1])
def test_three_turns_in_a_short_time_are_a_shake(axis):
    assert swings(40.0, 0.1, REVERSALS, axis=axis) == [False, False, False, False, True]


def test_slow_or_small_turns_are_none():
    assert not any(swings(40.0, 0.35, 8))
    assert not any(swings(8.0, 0.05, 8))


def test_a_circle_of_the_hand_is_no_shake():
    shake = Shake()
    at = [(100 * math.cos(k / 5), 100 * math.sin(k / 5), k * 0.02) for k in range(60)]
    assert not any(shake.note(*each) for each in at)


def test_alt_drag_takes_a_block_out_and_the_chain_closes(hand):
    hand.pull(hand.block("n2"), hand.block("n2", 350, 4), ALT)
    assert {edge.target for edge in hand.canvas.highlights.hidden} == {"n2", "n3"}
    hand.canvas.grab()
    hand.release(hand.block("n2") + QPoint(350, 4), ALT)
    assert hand.edges() == ["n1.y n3.x", "n3.y n4.x"]
    assert hand.at("n2") == (360.0, 100.0)
    assert hand.session.history.undo_label == "Take out of the chain"
    hand.session.undo()
    assert hand.edges() == ["n1.y n2.x", "n2.y n3.x", "n3.y n4.x"]
    assert hand.at("n2") == (0.0, 100.0)


def test_a_block_that_is_taken_out_goes_into_another_wire(hand):
    hand.drag(hand.block("n2"), hand.wire("n4"), ALT)
    assert hand.edges() == ["n1.y n3.x", "n2.y n4.x", "n3.y n2.x"]
    hand.session.undo()
    assert hand.edges() == ["n1.y n2.x", "n2.y n3.x", "n3.y n4.x"]


def test_escape_leaves_the_chain_as_it_was(hand):
    before = hand.session.document
    hand.pull(hand.block("n2"), hand.block("n2", 350, 4), ALT)
    hand.key(Qt.Key.Key_Escape)
    assert hand.session.document is before
    assert not hand.canvas.highlights.hidden


def test_alt_drag_of_a_loose_block_only_moves_it(hand_on):
    hand = hand_on(edits.add(chain("input relu"), "gelu", (400.0, 0.0)))
    hand.drag(hand.block("n3"), hand.block("n3", 0, 240), ALT)
    assert hand.session.history.undo_label == "Move block"


def shaken(hand, ids, grabbed, *, times=8):
    hand.session.select(ids)
    start = hand.block(grabbed).toPointF()
    now = iter(k * 0.05 for k in range(100))
    drag = MoveBlocks(
        hand.canvas, hand.session, start, NodeId(grabbed), clock=lambda: next(now)
    )  # fmt: skip
    for k in range(times):
        drag.move(start + QPoint(40 if k % 2 else -40, 0).toPointF(), PLAIN)
    return drag, start


def test_shaking_cuts_the_wires_in_one_step(hand):
    drag, start = shaken(hand, ["n2"], "n2")
    drag.release(start, PLAIN)
    assert hand.edges() == ["n3.y n4.x"]
    assert hand.session.history.undo_label == "Disconnect"
    hand.session.undo()
    assert len(hand.edges()) == 3


def test_wires_among_shaken_blocks_stay(hand):
    drag, start = shaken(hand, ["n2", "n3"], "n2")
    drag.release(start, PLAIN)
    assert hand.edges() == ["n2.y n3.x"]


def test_a_shake_of_the_mouse_is_noticed(hand):
    start = hand.block("n2")
    hand.press(start)
    for k in range(8):
        hand.move(start + QPoint(60 if k % 2 else -60, 0))
    hand.release(start + QPoint(-60, 0))
    assert hand.edges() == ["n3.y n4.x"]
