"""All wires of a port taken to another by typing."""

import pytest

from app import rewiring
from graph import edits
from graph.model import NodeId
from tests.drawing import chain

N = [NodeId(f"n{k}") for k in range(10)]


@pytest.fixture
def document():
    """An Input that feeds two blocks, another that feeds none, and a Concat."""
    made = edits.add(edits.add(chain("input relu"), "gelu"), "input")
    return edits.connect(edits.add(made, "concat"), N[1], "y", N[3], "x")


def listed(document, id):
    return {rewiring.text_of(document, move): move for move in rewiring.moves(document, id)}


def wires(document):
    return sorted(f"{e.source} {e.target}.{e.into}" for e in document.graph.edges())


def test_all_wires_of_an_output_can_go_to_each_other_output(document):
    move = listed(document, N[1])["y (2 wires) to inputs2.y"]
    assert wires(move(document).document) == ["n4 n2.x", "n4 n3.x"]


def test_the_wires_of_an_input_can_go_to_each_other_input(document):
    move = listed(document, N[3])["x (one wire) to concat.xs"]
    assert wires(move(document).document) == ["n1 n2.x", "n1 n5.xs"]


def test_ports_where_every_wire_would_close_a_circle_are_left_out(document):
    document = edits.connect(document, N[2], "y", N[5], "xs")
    assert not [text for text in listed(document, N[2]) if "concat" in text and text[0] == "y"]
    assert "x (one wire) to gelu.x" in listed(document, N[2])
    assert not [text for text in listed(document, N[5]) if "relu" in text]


def test_a_block_without_wires_has_none_to_move(document):
    assert rewiring.moves(document, N[4]) == []
