"""Spots of ports along a block's edges."""

from app.canvas.geometry import NODE_H, NODE_W, PORT_R
from app.canvas.ports import layout_of
from graph.block import Port

XS = [Port("xs", many=True)]


def test_inputs_are_above_and_outputs_below():
    layout = layout_of([Port("a"), Port("b")], ["y"], 0)
    assert [(s.name, s.is_input, s.y) for s in layout.spots] == [
        ("a", True, 0), ("b", True, 0), ("y", False, NODE_H),
    ]  # fmt: skip


def test_a_many_port_has_a_spot_for_each_edge_and_a_free_one():
    layout = layout_of(XS, ["y"], 2)
    spots = [spot for spot in layout.spots if spot.is_input]
    assert [(s.slot, s.is_free) for s in spots] == [(0, False), (1, False), (2, True)]
    assert [round(s.x) for s in spots[:2]] == [63, 127]


def test_an_empty_many_port_is_in_the_middle():
    (spot,) = (spot for spot in layout_of(XS, [], 0).spots)
    assert (spot.x, spot.is_free) == (NODE_W / 2, True)


def test_spots_of_a_crowded_many_port_do_not_touch_the_free_one():
    for taken in range(1, 13):
        xs = [spot.x for spot in layout_of(XS, ["y"], taken).spots if spot.is_input]
        assert xs == sorted(xs)
        assert xs[-1] - xs[-2] > 2 * PORT_R


def test_names_are_shown_only_where_there_are_several():
    assert layout_of([Port("x")], ["y"], 0).labelled == (False, False)
    assert layout_of([Port("x"), Port("h")], ["y", "h2"], 0).labelled == (True, True)
    assert layout_of(XS, ["y"], 5).labelled == (False, False)


def test_an_edge_to_a_missing_port_meets_the_middle():
    layout = layout_of([Port("x")], ["y"], 0)
    assert layout.offset(True, "gone") == (NODE_W / 2, 0)
    assert layout.offset(False, "gone") == (NODE_W / 2, NODE_H)


def test_a_second_edge_at_a_single_port_meets_the_port():
    layout = layout_of([Port("a"), Port("b")], ["y"], 0)
    assert layout.offset(True, "b", 1) == layout.offset(True, "b")
