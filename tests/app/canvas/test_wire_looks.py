"""Straight and curved wires, and those that stand back while something is selected."""

from dataclasses import replace

import numpy as np
import pytest

from app.canvas.options import Options, Others
from graph import edits
from graph.model import NodeId
from tests.drawing import chain

APART = {NodeId("n2"): (400.0, 300.0), NodeId("n3"): (0.0, 560.0), NodeId("n4"): (400.0, 620.0)}


@pytest.fixture
def hand(hand_on):
    return hand_on(edits.move(chain("input relu gelu output"), APART))


def quarter(hand, id):
    """A place a quarter along the straight line of the wire into a block."""
    edge = hand.session.document.graph.inputs_of(NodeId(id))[0]
    x1, y1, x2, y2 = hand.canvas.mirror.line[hand.canvas.mirror.edges.index(edge)]
    return hand.view(x1 + (x2 - x1) * 0.25, y1 + (y2 - y1) * 0.25)


def colour_at(hand, at):
    return hand.canvas.grab().toImage().pixelColor(at)


def test_a_straight_wire_is_seen_and_taken_where_it_leads(hand):
    at = quarter(hand, "n2")
    ground = colour_at(hand, at)
    assert hand.canvas.editor.edge_at(at.toPointF()) is None
    hand.canvas.set_options(Options(straight=True))
    assert colour_at(hand, at) != ground
    hand.click(at)
    assert {edge.target for edge in hand.canvas.mirror.chosen_edges} == {"n2"}
    hand.canvas.set_options(Options())
    assert hand.canvas.editor.edge_at(at.toPointF()) is None


def test_a_straight_wire_keeps_clear_of_blocks(hand_on):
    document = edits.add(chain("input output"), "relu", (210.0, 200.0))
    document = edits.move(document, {NodeId("n2"): (400.0, 400.0)})
    hand = hand_on(document)
    hand.canvas.set_options(Options(straight=True))
    assert not np.isnan(hand.canvas.mirror.lane[0])


def test_another_place_is_shown_with_the_same_wires(hand):
    hand.canvas.set_options(Options(straight=True))
    hand.canvas.set_session(hand.session)
    assert hand.canvas.mirror.options.straight


def test_wires_of_others_fade_while_a_block_is_selected(hand):
    at = hand.wire("n4")
    plain = colour_at(hand, at)
    hand.canvas.set_options(Options(others=Others.FADED))
    assert colour_at(hand, at) == plain
    hand.session.select(["n1"])
    assert colour_at(hand, at) != plain
    hand.session.select([])
    assert colour_at(hand, at) == plain


def test_hidden_wires_cannot_be_taken_and_those_of_the_selection_can(hand):
    hand.canvas.set_options(Options(others=Others.HIDDEN))
    hand.session.select(["n1"])
    assert hand.canvas.editor.edge_at(hand.wire("n4").toPointF()) is None
    hand.drag(hand.wire("n4"), hand.wire("n4") + hand.view(60, 20) - hand.view(0, 0))
    assert hand.edges() == ["n1.y n2.x", "n2.y n3.x", "n3.y n4.x"]
    hand.session.select(["n1"])
    assert hand.canvas.editor.edge_at(hand.wire("n2").toPointF()) is not None


def test_far_wires_of_the_selection_stand_out_from_faded_ones(hand):
    hand.canvas.look(replace(hand.canvas.camera, scale=0.2))
    before = hand.canvas.grab().toImage()
    hand.canvas.set_options(Options(others=Others.FADED))
    hand.session.select(["n1"])
    at = hand.wire("n4")
    region = [(at.x() + dx, at.y() + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    after = hand.canvas.grab().toImage()
    assert any(before.pixelColor(*p) != after.pixelColor(*p) for p in region)
