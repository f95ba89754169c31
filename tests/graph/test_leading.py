"""Points that wires are led through: how a drawing looks, and nothing of what it means."""

import json

import pytest

from graph import clipboard, edits, fileio, leading, surgery
from graph.change import diff
from graph.composites import making, unpacking
from graph.history import History
from graph.infer import infer
from graph.leading import MOST_POINTS, WirePoint
from graph.model import NodeId
from graph.problems import UserError
from tests.drawing import chain, draw


@pytest.fixture
def led():
    """Three blocks in a chain, its second wire led through two points."""
    document = chain("input relu gelu")
    return leading.lead(document, {wire(document, "n3"): [(10.0, 150.0), (60.0, 180.0)]})


def wire(document, into, port="x", slot=0):
    return document.graph.edges_into(NodeId(into), port)[slot]


def test_a_point_is_put_where_it_is_wanted_among_the_others(led):
    made = leading.add_point(led, WirePoint(wire(led, "n3"), 1), (30.0, 165.0))
    assert wire(made, "n3").via == ((10.0, 150.0), (30.0, 165.0), (60.0, 180.0))


def test_points_are_as_exact_as_files_keep_them_and_within_reach(led):
    made = leading.lead(led, {wire(led, "n2"): [(1 / 3, float("nan")), (1e12, -1e12)]})
    assert wire(made, "n2").via == ((0.33, 0.0), (1e7, -1e7))


def test_points_are_moved_and_removed_by_their_places(led):
    second = WirePoint(wire(led, "n3"), 1)
    assert wire(leading.move_points(led, [second], (5, -5)), "n3").via[1] == (65.0, 175.0)
    assert wire(leading.remove_points(led, [second]), "n3").via == ((10.0, 150.0),)
    assert wire(leading.let_go(led, [wire(led, "n3")]), "n3").via == ()


def test_a_point_of_a_wire_that_is_gone_is_passed_over(led):
    point = WirePoint(wire(led, "n3"), 0)
    without = edits.disconnect(led, [wire(led, "n3")])
    assert leading.move_points(without, [point], (1, 1)) is without
    assert leading.remove_points(led, [WirePoint(wire(led, "n3"), 7)]) is led
    with pytest.raises(UserError, match="no longer there"):
        leading.add_point(without, point, (0, 0))


def test_a_wire_has_only_so_many_points(led):
    full = leading.lead(led, {wire(led, "n3"): [(0.0, float(k)) for k in range(MOST_POINTS)]})
    with pytest.raises(UserError, match="at most"):
        leading.add_point(full, WirePoint(wire(full, "n3"), 0), (0, 0))


def test_a_wire_is_the_same_wherever_it_is_led_but_the_drawing_is_not(led):
    elsewhere = leading.let_go(led, [wire(led, "n3")])
    assert wire(elsewhere, "n3") == wire(led, "n3")
    assert elsewhere != led
    assert History.of(led).then("Move point", elsewhere).undo_label == "Move point"


def test_the_change_tells_which_wires_are_led_anew_and_nothing_else(led):
    change = diff(led, leading.let_go(led, [wire(led, "n3")]))
    assert change.edges_led == {wire(led, "n3")}
    assert not (change.structure or change.moved or change.settings or change.edges_added)


def test_types_are_not_worked_out_again(led):
    typing = infer(led)
    again = infer(leading.let_go(led, [wire(led, "n3")]), typing)
    assert not again.visited


def test_points_survive_a_file(led):
    text = fileio.dumps(led)
    assert '["n2.y", "n3.x", {"via": [[10, 150], [60, 180]]}]' in text
    read = fileio.loads(text).document
    assert read == led
    assert wire(read, "n3").via == wire(led, "n3").via
    assert fileio.dumps(read) == text


def test_what_else_a_file_says_of_a_wire_is_kept(led):
    text = fileio.dumps(led).replace('{"via"', '{"colour": "red", "via"').replace("]}]", "]}, 7]")
    read = fileio.loads(text).document
    assert wire(read, "n3").via == wire(led, "n3").via
    assert json.loads(wire(read, "n3").extra) == [{"colour": "red"}, 7]
    assert fileio.dumps(read) == text


@pytest.mark.parametrize("via", ['"left"', "[1, 2]", '[["a", 1]]', "[[1, 2, 3]]", "[[true, 1]]"])
def test_points_in_another_form_are_kept_as_they_are_written(led, via):
    text = fileio.dumps(led).replace("[[10, 150], [60, 180]]", via)
    read = fileio.loads(text).document
    assert wire(read, "n3").via == ()
    assert fileio.dumps(read) == text


def test_copies_are_led_through_points_as_far_from_the_first_as_they_are(led):
    clip = clipboard.copy(led, [NodeId("n2"), NodeId("n3")])
    read = fileio.clip_from_text(fileio.clip_to_text(clip))
    pasted, ids = clipboard.paste(led, read, (100.0, 50.0))
    assert wire(pasted, ids[1]).via == ((110.0, 200.0), (160.0, 230.0))


def test_points_go_along_where_both_ends_go(led):
    nodes = led.graph.nodes
    both = {id: (nodes[id].x + 7, nodes[id].y - 3) for id in (NodeId("n2"), NodeId("n3"))}
    assert wire(edits.move(led, both), "n3").via == ((17.0, 147.0), (67.0, 177.0))
    one = {NodeId("n3"): both[NodeId("n3")]}
    assert wire(edits.move(led, one), "n3").via == wire(led, "n3").via


def test_points_stay_where_the_ends_go_apart(led):
    places = {NodeId("n2"): (300.0, 0.0), NodeId("n3"): (0.0, 300.0)}
    assert wire(edits.move(led, places), "n3").via == wire(led, "n3").via


def test_a_composite_keeps_the_points_inside_and_gives_them_back(led):
    made = making.make(led, [NodeId("n2"), NodeId("n3")], "Stage")
    inside = made.definitions["Stage"].graph
    assert inside.edges_into(NodeId("n3"), "x")[0].via == wire(led, "n3").via
    (instance,) = (id for id, node in made.graph.nodes.items() if node.definition)
    unpacked = unpacking.unpack(made, instance)[0]
    (before, after) = led.graph.nodes[NodeId("n3")], unpacked.graph.nodes[NodeId("n3")]
    dx, dy = after.x - before.x, after.y - before.y
    assert wire(unpacked, "n3").via == tuple((x + dx, y + dy) for x, y in wire(led, "n3").via)


def test_a_wire_that_closes_a_gap_is_led_on(led):
    healed = edits.remove(led, [NodeId("n2")], heal=True)
    assert wire(healed, "n3").via == wire(led, "n3").via


def test_a_block_put_into_a_wire_lets_its_points_go():
    document = draw("input relu gelu")
    document = edits.connect(document, NodeId("n1"), "y", NodeId("n3"), "x")
    document = leading.lead(document, {wire(document, "n3"): [(0.0, 50.0)]})
    spliced = surgery.splice(document, wire(document, "n3"), NodeId("n2"))
    assert not any(edge.via for edge in spliced.graph.edges())
