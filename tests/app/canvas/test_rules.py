"""Pure parts of the editor: what fits, where blocks snap, and which way keys walk."""

import pytest

from app.canvas.adding import can_splice
from app.canvas.mirror import Mirror
from app.canvas.offers import offers_giving, offers_taking, recent_kinds, why_not_take
from app.canvas.ports import PortRef
from app.canvas.snapping import on_grid, snapped
from app.canvas.walking import step_from
from app.canvas.wire_rules import WireRules
from graph import edits
from graph.infer import infer
from graph.model import Document, NodeId
from graph.registry import default_registry
from graph.tensor import T
from tests.drawing import chain, draw

REGISTRY = default_registry()


def kind(name):
    return REGISTRY.find(name)


def test_a_block_says_why_it_refuses_a_type():
    assert why_not_take(kind("conv2d"), T("N", 8), {}).startswith("Conv 2D ")
    assert why_not_take(kind("conv2d"), T("N", 3, 8, 8), {}) == ""


def test_what_is_not_known_is_not_refused():
    assert why_not_take(kind("conv2d"), None, {}) == ""
    assert why_not_take(kind("cross_entropy"), T("N", 3, 8, 8), {}) == "", "it needs a target, too"


def test_a_block_that_joins_many_is_judged_with_two():
    assert why_not_take(kind("add"), T("N", 8), {}) == ""


def test_what_refuses_comes_last():
    found = offers_taking(REGISTRY.blocks(), T("N", 8), {})
    reasons = [bool(offer.reason) for offer in found]
    assert reasons == sorted(reasons)
    assert {True, False} == set(reasons)
    assert all(offer.block.inputs for offer in found)


def test_only_blocks_with_outputs_feed_an_input():
    found = {offer.block.kind.name for offer in offers_giving(REGISTRY.blocks(), None, "x")}
    assert "relu" in found
    assert "output" not in found


def test_recent_kinds_are_those_added_since_the_file_was_opened():
    opened = draw("relu")
    document = edits.add(edits.add(opened, "dense"), "gelu")
    assert recent_kinds(opened, document, REGISTRY) == ["gelu", "dense"]


def mirror_of(document: Document) -> Mirror:
    mirror = Mirror()
    mirror.rebuild(document, infer(document), [])
    return mirror


@pytest.mark.parametrize(
    ("at", "lands"),
    [
        ((505.0, 3.0), (504.0, 0.0)),
        ((13.0, 605.0), (24.0, 600.0)),
        ((4.0, 107.0), (0.0, 100.0)),
        ((250.0, 93.0), (240.0, 100.0)),
        ((4.0, 50.0), (0.0, 48.0)),
    ],
)
def test_blocks_snap_into_line_or_onto_the_grid(at, lands):
    assert snapped(mirror_of(draw("relu")), *at) == lands


def test_a_moved_block_does_not_snap_to_itself():
    document = edits.move(draw("relu"), {NodeId("n1"): (5.0, 5.0)})
    assert snapped(mirror_of(document), 6.0, 6.0, [NodeId("n1")]) == on_grid(6.0, 6.0) == (0.0, 0.0)


def test_keys_walk_to_the_nearest_block_that_is_fed():
    document = draw("input relu gelu")
    document = edits.move(document, {NodeId("n3"): (400.0, 100.0)})
    for id in ("n2", "n3"):
        document = edits.connect(document, NodeId("n1"), "y", NodeId(id), "x")
    assert step_from(document, NodeId("n1"), 0, 1) == "n2"
    assert step_from(document, NodeId("n3"), 0, -1) == "n1"
    assert step_from(document, NodeId("n2"), 1, 0) == "n3"
    assert step_from(document, NodeId("n2"), -1, 0) is None
    assert step_from(Document(), None, 0, 1) is None


def rules(document, port):
    return WireRules(document, infer(document), port, REGISTRY)


def test_a_wire_joins_an_output_with_an_input_of_another_block_that_does_not_feed_it():
    wire = rules(chain("input relu gelu"), PortRef(NodeId("n2"), "y", is_input=False))
    assert "from an output" in wire.why_not(PortRef(NodeId("n3"), "y", is_input=False))
    assert "itself" in wire.why_not(PortRef(NodeId("n2"), "x", is_input=True))
    assert wire.why_not(PortRef(NodeId("n3"), "x", is_input=True)) == ""


def test_a_type_is_judged_with_what_else_flows_into_the_block():
    document = draw("input input concat")
    document = edits.set_param(document, [NodeId("n1")], "shape", "3, 8, 8")
    document = edits.set_param(document, [NodeId("n2")], "shape", "8")
    document = edits.connect(document, NodeId("n1"), "y", NodeId("n3"), "xs")
    wire = rules(document, PortRef(NodeId("n2"), "y", is_input=False))
    assert wire.why_refused(PortRef(NodeId("n3"), "xs", is_input=True, slot=1))
    first = PortRef(NodeId("n3"), "xs", is_input=True, slot=0)
    assert wire.why_refused(first), "what is there moves on and stays"


def test_only_a_loose_block_with_both_sides_can_be_put_into_a_wire():
    document = chain("input relu")
    document = edits.add(edits.add(document, "gelu"), "output")
    assert can_splice(document, NodeId("n3"), REGISTRY)
    assert not can_splice(document, NodeId("n2"), REGISTRY)
    assert not can_splice(document, NodeId("n4"), REGISTRY)
