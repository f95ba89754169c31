"""Pure edits: what they change, and what they refuse."""

import pytest

from graph import clipboard, edits, surgery
from graph.infer import infer
from graph.model import Document, Edge, NodeId, Wires
from graph.params import Expr
from graph.problems import UserError
from tests.drawing import chain, draw


def test_adding_names_blocks_apart_and_never_reuses_an_id():
    document = draw("conv2d conv2d")
    assert [n.name for n in document.graph.nodes.values()] == ["conv", "conv2"]
    last = list(document.graph.nodes)[-1]
    again = edits.add(edits.remove(document, [last]), "conv2d")
    assert last not in again.graph.nodes


def test_removing_a_node_removes_its_edges():
    document = chain("input dense relu output")
    removed = edits.remove(document, [NodeId("n2")])
    assert [edge.source for edge in removed.graph.edges()] == ["n3"]


def test_removing_with_heal_joins_what_is_left():
    document = chain("input dense relu dense output")
    healed = edits.remove(document, [NodeId("n2"), NodeId("n3")], heal=True)
    assert {(e.source, e.target) for e in healed.graph.edges()} == {("n1", "n4"), ("n4", "n5")}


def test_removing_with_heal_keeps_the_other_wires_of_a_many_port_and_their_order():
    document = draw("input input input relu relu concat")
    for source, target in (("n1", "n4"), ("n2", "n5")):
        document = edits.connect(document, *ends(source, target))
    for source in ("n4", "n5", "n3"):
        document = edits.connect(document, *ends(source, "n6", "xs"))
    healed = edits.remove(document, [NodeId("n4"), NodeId("n5")], heal=True)
    row = [(edge.source, edge.slot) for edge in healed.graph.inputs_of(NodeId("n6"))]
    assert row == [("n1", 0), ("n2", 1), ("n3", 2)]


def test_removing_with_heal_takes_the_input_that_the_block_declares_first():
    document = draw("input input attention output")
    for source, into in (("n1", "key"), ("n2", "query")):
        document = edits.connect(document, *ends(source, "n3", into))
    document = edits.connect(document, *ends("n3", "n4"))
    healed = edits.remove(document, [NodeId("n3")], heal=True)
    assert [edge.source for edge in healed.graph.inputs_of(NodeId("n4"))] == ["n2"]


def test_a_second_wire_into_a_single_port_takes_its_place():
    document = edits.connect(draw("input input dense"), *ends("n1", "n3"))
    document = edits.connect(document, *ends("n2", "n3"))
    assert [edge.source for edge in document.graph.edges()] == ["n2"]


def test_wires_into_a_many_port_keep_their_order():
    document = draw("input input input concat")
    for source in ("n1", "n2", "n3"):
        document = edits.connect(document, *ends(source, "n4", "xs"))
    assert [(e.source, e.slot) for e in document.graph.inputs_of(NodeId("n4"))] == [
        ("n1", 0),
        ("n2", 1),
        ("n3", 2),
    ]
    document = edits.disconnect(document, document.graph.inputs_of(NodeId("n4"))[:1])
    assert [(e.source, e.slot) for e in document.graph.inputs_of(NodeId("n4"))] == [
        ("n2", 0),
        ("n3", 1),
    ]


def ends(source: str, target: str, into: str = "x") -> tuple[NodeId, str, NodeId, str]:
    return NodeId(source), "y", NodeId(target), into


@pytest.mark.parametrize(
    ("wire", "reason"),
    [
        (("n2", "y", "n2", "x"), "cannot feed itself"),
        (("n3", "y", "n2", "x"), "would close a circle"),
        (("n2", "z", "n3", "x"), "no output called z"),
        (("n2", "y", "n3", "z"), "no input called z"),
        (("n9", "y", "n3", "x"), "no longer there"),
    ],
)
def test_wires_that_cannot_be_are_refused_with_the_reason(wire, reason):
    document = chain("input dense relu")
    with pytest.raises(UserError, match=reason):
        edits.connect(document, *wire)


def test_a_default_value_is_stored_as_nothing():
    document = draw("dense")
    document = edits.set_param(document, [NodeId("n1")], "features", 10)
    assert document.node(NodeId("n1")).params == {"features": 10}
    document = edits.set_param(document, [NodeId("n1")], "features", 64)
    assert document.node(NodeId("n1")).params == {}


def test_a_refused_value_leaves_the_document_alone():
    document = draw("dense")
    with pytest.raises(UserError, match="at least 1"):
        edits.set_param(document, [NodeId("n1")], "features", 0)
    with pytest.raises(UserError, match="no parameter called depth"):
        edits.set_param(document, [NodeId("n1")], "depth", 1)


def test_a_variable_cannot_be_called_like_the_index_of_a_repeat():
    with pytest.raises(UserError, match="counts the times of a repeat"):
        edits.set_variable(Document(), "i", 7)
    old = Document(variables={"i": 7})
    assert edits.set_variable(old, "i", 8).variables == {"i": 8}
    assert edits.set_variable(old, "i", None).variables == {}


def test_expressions_follow_variables():
    document = edits.set_variable(chain("input dense"), "width", 8)
    document = edits.set_param(document, [NodeId("n2")], "features", Expr("4 * width"))
    typing = infer(document)
    assert typing.types[NodeId("n2")]["y"].shape[-1] == 32
    document = edits.set_variable(document, "width", None)
    assert "width" in infer(document, typing).problems[NodeId("n2")].text


@pytest.mark.parametrize("name", ["", "2x", "class", "a b", "forward", "é", "x" * 99, "_x"])
def test_names_that_cannot_stand_in_code_are_refused(name):
    with pytest.raises(UserError, match="cannot name a block"):
        edits.rename(draw("dense"), NodeId("n1"), name)


def test_two_blocks_cannot_share_a_name():
    with pytest.raises(UserError, match="already called"):
        edits.rename(draw("dense dense"), NodeId("n1"), "dense2")


def test_places_are_finite():
    document = edits.move(draw("dense"), {NodeId("n1"): (float("nan"), 1e30)})
    node = document.node(NodeId("n1"))
    assert (node.x, node.y) == (0, 0)
    assert edits.move(document, {NodeId("n1"): (1e30, -5)}).node(NodeId("n1")).x == edits.FARTHEST


def test_pasting_copies_blocks_and_the_wires_among_them():
    document = chain("input dense relu output")
    clip = clipboard.copy(document, [NodeId("n2"), NodeId("n3")])
    pasted, ids = clipboard.paste(document, clip)
    assert [pasted.node(id).name for id in ids] == ["dense2", "relu2"]
    assert [(e.source, e.target) for e in pasted.graph.inputs_of(ids[1])] == [ids]
    assert pasted.graph.inputs_of(ids[0]) == ()


def test_what_is_pasted_does_not_depend_on_the_order_of_the_selection():
    document = chain("input dense relu output")
    ids = [NodeId("n3"), NodeId("n2")]
    assert clipboard.copy(document, ids) == clipboard.copy(document, reversed(ids))


def test_a_thousand_blocks_of_one_name_are_pasted_at_once():
    document = draw("dense")
    for _ in range(11):
        clip = clipboard.copy(document, document.graph.nodes)
        document, _ids = clipboard.paste(document, clip)
    names = {node.name for node in document.graph.nodes.values()}
    assert names == {"dense", *(f"dense{number}" for number in range(2, 2049))}


def test_splicing_a_block_into_a_wire():
    document = chain("input dense")
    document = edits.add(document, "relu")
    edge = next(document.graph.edges())
    spliced = surgery.splice(document, edge, NodeId("n3"))
    assert {(e.source, e.target) for e in spliced.graph.edges()} == {("n1", "n3"), ("n3", "n2")}


def test_splicing_keeps_the_slot_of_the_wire():
    document = draw("input input concat relu")
    for source in ("n1", "n2"):
        document = edits.connect(document, *ends(source, "n3", "xs"))
    edge = document.graph.inputs_of(NodeId("n3"))[0]
    spliced = surgery.splice(document, edge, NodeId("n4"))
    assert [e.source for e in spliced.graph.inputs_of(NodeId("n3"))] == ["n4", "n2"]


def test_replacing_a_kind_keeps_wires_and_shared_parameters():
    document = chain("input conv2d relu output")
    document = edits.set_param(document, [NodeId("n2")], "kernel_size", (5, 5))
    document = surgery.replace_kind(document, NodeId("n2"), "max_pool2d")
    node = document.node(NodeId("n2"))
    assert (node.kind, node.params) == ("max_pool2d", {"kernel_size": (5, 5)})
    assert {(e.source, e.target) for e in document.graph.edges()} == {
        ("n1", "n2"),
        ("n2", "n3"),
        ("n3", "n4"),
    }


def test_edits_leave_their_input_alone():
    document = chain("input dense relu")
    before = repr(document)
    edits.remove(document, [NodeId("n2")], heal=True)
    edits.move(document, {NodeId("n1"): (5, 5)})
    clipboard.paste(document, clipboard.copy(document, list(document.graph.nodes)))
    assert repr(document) == before


def test_an_empty_document_is_a_document():
    assert edits.remove(Document(), [NodeId("n1")]) == Document()


def test_a_block_is_inserted_before_wires_to_blocks_that_a_file_forgot():
    document = chain("input dense relu")
    into = {
        **document.graph.wires.into,
        NodeId("n9"): (Edge(NodeId("n3"), "y", NodeId("n9"), "x"),),
    }
    document = document.with_graph(wires=Wires(into))
    edge = document.graph.inputs_of(NodeId("n2"))[0]
    inserted = surgery.insert(document, edge, "flatten")
    assert inserted.graph.inputs_of(NodeId("n2"))[0].source == "n4"
