"""Selecting in a loop, and from some blocks to others."""

import math
import random
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPolygonF

from app.canvas import picking
from app.canvas.gestures.lasso import Loop
from graph import edits, remark_edits
from graph.model import NodeId
from tests.app.canvas.hand import ALT, CTRL, SHIFT
from tests.drawing import chain, draw


@pytest.fixture
def row(hand_on):
    document = draw("relu gelu tanh")
    return hand_on(
        edits.move(document, {NodeId(f"n{i + 1}"): (220.0 * i, 100.0) for i in range(3)})
    )


def around(hand, first, last, margin=60):
    """The corners of a loop around blocks, from the left top."""
    start, end = hand.block(first, -95 - margin / 2, -margin), hand.block(last, 100, margin)
    return [start, QPoint(end.x(), start.y()), end, QPoint(start.x(), end.y())]


def loop(hand, corners, held, *, release=True):
    hand.press(corners[0], held)
    for start, end in pairwise(corners):
        for step in range(1, 5):
            hand.move(start + (end - start) * step / 4, held)
    if release:
        hand.release(corners[-1], held)


@pytest.mark.parametrize("seed", range(4))
def test_a_loop_holds_what_a_polygon_of_qt_holds(seed):
    rng = random.Random(seed)
    corners = [
        (100 * math.cos(k / 2) + rng.uniform(-40, 40), 100 * math.sin(k) + rng.uniform(-40, 40))
        for k in range(14)
    ]
    points = np.array([(rng.uniform(-150, 150), rng.uniform(-150, 150)) for _ in range(300)])
    grown = Loop(points, corners[0])
    for corner in corners[1:]:
        grown.grow(corner)
    polygon = QPolygonF([QPointF(*corner) for corner in corners])
    expected = [polygon.containsPoint(QPointF(*p), Qt.FillRule.OddEvenFill) for p in points]
    assert grown.inside.tolist() == expected


def test_a_loop_is_quick_among_ten_thousand_blocks():
    points = np.random.default_rng(1).uniform(-1e4, 1e4, (10_000, 2))
    grown = Loop(points, (0.0, 0.0))
    for k in range(50):
        grown.grow((9000 * math.cos(k / 8), 9000 * math.sin(k / 8)))
    assert 1000 < grown.inside.sum() < 9000


def test_alt_on_the_ground_draws_a_lasso(row):
    loop(row, around(row, "n1", "n2"), ALT)
    assert row.session.selection == {"n1", "n2"}


def test_shift_adds_a_lasso_and_ctrl_turns_it_over(row):
    row.session.select(["n3"])
    loop(row, around(row, "n1", "n1", 20), ALT | SHIFT)
    assert row.session.selection == {"n1", "n3"}
    loop(row, around(row, "n1", "n2", 20), ALT | CTRL)
    assert row.session.selection == {"n2", "n3"}


def test_escape_in_a_lasso_selects_what_was_selected_before(row):
    row.session.select(["n3"])
    loop(row, around(row, "n1", "n2"), ALT | SHIFT, release=False)
    assert row.canvas.mirror.selection == {"n1", "n2", "n3"}
    row.canvas.grab()
    row.key(Qt.Key.Key_Escape)
    assert row.canvas.mirror.selection == row.session.selection == {"n3"}


def test_the_key_makes_the_next_drag_a_lasso_even_on_a_block(row):
    row.canvas.editor.take_lasso()
    corners = around(row, "n1", "n2")
    loop(row, [row.block("n1", -60, 0), *corners[1:], corners[0]], Qt.KeyboardModifier.NoModifier)
    assert {"n2"} <= row.session.selection
    assert row.at("n1") == (0.0, 100.0), "nothing was moved"
    row.click(row.block("n3"))
    assert row.session.selection == {"n3"}, "only the next drag"


def test_escape_puts_the_lasso_away_and_keeps_the_selection(row):
    row.session.select(["n3"])
    row.canvas.editor.take_lasso()
    row.key(Qt.Key.Key_Escape)
    assert not row.canvas.editor.has_lasso
    assert row.session.selection == {"n3"}


def test_notes_and_frames_are_selected_that_are_wholly_in_a_lasso(hand_on):
    document = edits.move(draw("relu"), {NodeId("n1"): (120.0, 120.0)})
    note = remark_edits.next_remark_id(document)
    document = remark_edits.add_note(document, (120.0, 240.0))
    document = remark_edits.add_frame(document, (0.0, -48.0, 900.0, 560.0))
    hand = hand_on(document)
    start = hand.view(80, 60)
    loop(hand, [start, hand.view(400, 60), hand.view(400, 440), hand.view(80, 440)], ALT)
    assert hand.session.selection == {"n1"}
    assert hand.session.chosen_remarks == {note}


@pytest.mark.parametrize(
    ("pick", "expected"),
    [
        (picking.upstream, {"n1", "n2", "n3"}),
        (picking.downstream, {"n3", "n4", "n5"}),
        (picking.connected, {"n1", "n2", "n3", "n4", "n5"}),
        (picking.similar, {"n3", "n5", "n6"}),
        (picking.invert, {"n1", "n2", "n4", "n5", "n6"}),
        (picking.nothing, set()),
    ],
)
def test_from_one_block_to_others(hand_on, pick, expected):
    hand = hand_on(edits.add(chain("input gelu relu tanh relu"), "relu"))
    hand.session.select(["n3"])
    pick(hand.canvas)
    assert hand.session.selection == hand.canvas.mirror.selection == expected
