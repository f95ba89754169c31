"""Which blocks belong together."""

from graph import edits
from graph.model import NodeId
from graph.picking import connected, similar
from tests.drawing import chain


def test_blocks_are_connected_whichever_way_the_wires_lead():
    document = edits.add(chain("input relu output"), "gelu")
    assert connected(document.graph, [NodeId("n2")]) == {"n1", "n2", "n3"}
    assert connected(document.graph, [NodeId("n4")]) == {"n4"}
    assert connected(document.graph, [NodeId("gone")]) == set()


def test_similar_blocks_are_of_one_kind():
    document = chain("input relu gelu relu output")
    assert similar(document.graph, [NodeId("n2")]) == {"n2", "n4"}
    assert similar(document.graph, [NodeId("n1"), NodeId("n3")]) == {"n1", "n3"}
