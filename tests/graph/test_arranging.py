"""Aligning, distributing and tidying blocks, as pure geometry."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from graph.arranging import aligned, distributed, laid_out, places_of, tidied
from graph.edits import move
from graph.layout import COLUMN_PX, ROW_PX
from graph.model import NodeId
from tests.drawing import chain

coordinate = st.floats(-1e4, 1e4).map(lambda v: round(v, 2))
places = st.lists(st.tuples(coordinate, coordinate), max_size=12).map(
    lambda points: {NodeId(f"n{k}"): at for k, at in enumerate(points)}
)
sides = st.sampled_from(["left", "centre", "right", "top", "middle", "bottom"])


def at(**points):
    return {NodeId(id): point for id, point in points.items()}


def test_each_side_has_its_line():
    three = at(a=(0.0, 0.0), b=(100.0, 50.0), c=(40.0, 200.0))
    for side, axis, line in (
        ("left", 0, 0.0), ("centre", 0, 50.0), ("right", 0, 100.0),
        ("top", 1, 0.0), ("middle", 1, 100.0), ("bottom", 1, 200.0),
    ):  # fmt: skip
        assert {point[axis] for point in aligned(three, side).values()} == {line}


@given(places, sides)
def test_aligning_moves_along_one_axis_and_again_moves_nothing(points, side):
    once = aligned(points, side)
    axis = 0 if side in ("left", "centre", "right") else 1
    assert all(once[id][1 - axis] == points[id][1 - axis] for id in points)
    assert len({point[axis] for point in once.values()}) <= 1
    assert aligned(once, side) == once


def test_three_blocks_get_even_steps():
    spread = distributed(at(a=(0.0, 0.0), b=(10.0, 5.0), c=(100.0, 0.0)), "x")
    assert spread == at(a=(0.0, 0.0), b=(50.0, 5.0), c=(100.0, 0.0))


@given(places, st.sampled_from(["x", "y"]))
def test_distributing_keeps_the_order_and_the_outermost(points, along):
    axis = 0 if along == "x" else 1
    spread = distributed(points, along)
    order = sorted(points, key=lambda id: points[id][axis])
    values = [spread[id][axis] for id in order]
    assert all(b >= a - 1e-6 for a, b in pairwise(values))
    if order:
        assert spread[order[0]] == points[order[0]]
        assert spread[order[-1]] == points[order[-1]]
        steps = [b - a for a, b in pairwise(values)]
        assert len(order) < 3 or max(steps) - min(steps) < 1e-6


def test_a_crooked_block_of_four_becomes_two_rows_and_columns():
    crooked = at(a=(0.0, 8.0), b=(250.0, -6.0), c=(20.0, 130.0), d=(230.0, 110.0))
    assert tidied(crooked) == at(a=(0.0, 1.0), b=(240.0, 1.0), c=(0.0, 120.0), d=(240.0, 120.0))


@given(places)
def test_tidy_blocks_cover_none_stay_in_order_and_stay_put(points):
    tidy = tidied(points)
    assert tidy.keys() == points.keys()
    found = list(tidy.values())
    for k, (x, y) in enumerate(found):
        for other_x, other_y in found[k + 1 :]:
            assert abs(x - other_x) >= COLUMN_PX or abs(y - other_y) >= ROW_PX
    for one in points:
        for other in points:
            if tidy[one][1] == tidy[other][1] and points[one][0] < points[other][0]:
                assert tidy[one][0] < tidy[other][0]
    assert tidied(tidy) == tidy


def test_a_part_is_laid_out_where_it_is():
    document = move(
        chain("input relu gelu output"),
        {NodeId("n2"): (500.0, 300.0), NodeId("n3"): (480.0, 310.0)},
    )
    found = laid_out(document.graph, [NodeId("n2"), NodeId("n3")])
    assert found == at(n2=(480.0, 300.0), n3=(480.0, 300.0 + ROW_PX))


def test_places_come_in_the_order_of_the_document():
    document = chain("input relu output")
    assert list(places_of(document, [NodeId("n3"), NodeId("n1")])) == ["n1", "n3"]
