"""Blocks taken out of chains."""

from graph import edits
from graph.model import Edge, NodeId
from graph.pulling import cut_off, outer_wires, pulled_out
from tests.drawing import chain, draw

N1, N2, N3, N4 = (NodeId(f"n{k}") for k in range(1, 5))


def wires(document):
    return sorted(f"{e.source}-{e.target}" for e in document.graph.edges())


def test_a_chain_closes_over_a_block_that_is_pulled_out():
    document = chain("input relu gelu output")
    pulled = pulled_out(document, [N2])
    assert wires(pulled) == ["n1-n3", "n3-n4"]
    assert pulled.graph.nodes == document.graph.nodes


def test_blocks_that_are_pulled_out_together_stay_joined():
    assert wires(pulled_out(chain("input relu gelu output"), [N2, N3])) == ["n1-n4", "n2-n3"]


def test_an_end_that_is_pulled_out_leaves_no_wire():
    assert wires(pulled_out(chain("input relu output"), [N1])) == ["n2-n3"]
    assert wires(pulled_out(chain("input relu output"), [N3])) == ["n1-n2"]


def test_a_wire_keeps_its_place_among_many():
    document = draw("input relu add input")
    document = edits.connect(document, N1, "y", N2, "x")
    document = edits.connect(document, N2, "y", N3, "xs")
    document = edits.connect(document, N4, "y", N3, "xs")
    pulled = pulled_out(document, [N2])
    assert pulled.graph.edges_into(N3, "xs") == (
        Edge(N1, "y", N3, "xs", 0), Edge(N4, "y", N3, "xs", 1),
    )  # fmt: skip


def test_a_loose_block_is_pulled_out_of_nothing():
    document = draw("relu gelu")
    assert pulled_out(document, [N1]) == document


def test_cutting_off_leaves_the_wires_among_blocks():
    document = chain("input relu gelu output")
    assert len(outer_wires(document, [N2, N3])) == 2
    assert wires(cut_off(document, [N2, N3])) == ["n2-n3"]
