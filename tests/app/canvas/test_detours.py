"""Wires that lead down go around blocks that would hide them."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.canvas import geometry
from app.canvas.detours import MOST_PAIRS, detours
from app.canvas.geometry import NODE_H, NODE_W
from app.canvas.hits import edge_at
from graph import edits
from graph.model import NodeId
from tests.app.canvas.drawings import mirror_of
from tests.drawing import draw

N1, N2, N3 = NodeId("n1"), NodeId("n2"), NodeId("n3")


def lanes_of(blocks, wires):
    """The lanes of wires between the middles of blocks at these places, and their courses."""
    rect = np.array([(x, y, NODE_W, NODE_H) for x, y in blocks])
    source, target = np.array(wires).T
    line = np.concatenate(
        [rect[source, :2] + (NODE_W / 2, NODE_H), rect[target, :2] + (NODE_W / 2, 0)], 1
    )
    lane = detours(line, rect, source, target)
    return lane, geometry.courses(line, lane), rect


def is_clear(course, rect):
    """Whether a course passes behind none of these blocks."""
    points = np.concatenate([np.linspace(a, b, 40) for a, b in pairwise(course)])
    x, y = points.T
    inside = [
        (x > left) & (x < left + width) & (y > top) & (y < top + height)
        for left, top, width, height in rect
    ]
    return not np.any(inside)


def test_a_wire_past_a_block_between_its_ends_goes_around_it():
    lane, courses, rect = lanes_of([(0, 0), (0, 100), (0, 200)], [(0, 2), (0, 1)])
    assert lane[0] < 0 or lane[0] > NODE_W
    assert is_clear(courses[0], rect)
    assert np.isnan(lane[1])


def test_a_wire_that_nothing_hides_keeps_its_curve():
    lane, _, _ = lanes_of([(0, 0), (400, 100), (100, 300), (0, 400)], [(0, 2), (0, 1), (3, 0)])
    assert np.isnan(lane).all()


def test_wires_from_one_block_share_a_lane_and_those_of_others_stand_beside():
    blocks = [(0, 0), (0, 100), (0, 200), (0, 300), (0, 400)]
    lane, courses, rect = lanes_of(blocks, [(0, 3), (0, 4), (1, 4)])
    assert lane[0] == lane[1] != lane[2]
    assert all(is_clear(course, rect) for course in courses)


def test_a_wire_beside_a_column_leads_straight_down_first():
    blocks = [(300, 0), (0, 100), (0, 200), (0, 300)]
    lane, courses, rect = lanes_of(blocks, [(0, 3)])
    assert lane[0] == 300 + NODE_W / 2
    assert is_clear(courses[0], rect)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), min_size=2, max_size=14,
                unique=True), st.data())  # fmt: skip
def test_no_wire_is_hidden_by_more_blocks_than_its_curve_would_be(cells, data):
    blocks = [(240 * column, 100 * row) for column, row in cells]
    ends = st.integers(0, len(blocks) - 1)
    pairs = data.draw(st.sets(st.tuples(ends, ends), min_size=1, max_size=8))
    wires = sorted((a, b) for a, b in pairs if blocks[b][1] > blocks[a][1]) or [(0, 0)]
    lane, courses, rect = lanes_of(blocks, wires)
    _, curves, _ = lanes_of([*blocks], wires)
    for number, (a, b) in enumerate(wires):
        others = np.delete(rect, [a, b], 0)
        if not np.isnan(lane[number]):
            line = np.concatenate([courses[number][:1], courses[number][-1:]], 1)
            curve = geometry.courses(line, np.array([np.nan]))[0]
            assert not is_clear(curve, np.concatenate([others, others + np.array([-4, -1, 8, 2])]))
        elif not is_clear(curves[number], others):
            assert not is_clear(courses[number], others)


def test_a_drawing_too_large_keeps_its_curves():
    blocks = [(240 * (number % 400), 100 * (number // 400)) for number in range(4000)]
    wires = [(number, number + 800) for number in range(3000)]
    assert MOST_PAIRS < 3000 * 1200
    lane, _, _ = lanes_of(blocks, wires)
    assert np.isnan(lane).all()


def test_the_canvas_leads_a_wire_around_and_back_as_blocks_move():
    document = edits.connect(draw("input relu dense"), N1, "y", N3, "x")
    mirror = mirror_of(document)
    (edge,) = document.graph.edges()
    assert edge_at(mirror, float(mirror.lane[0]), 133) == edge
    left, _, right, _ = mirror.box[0]
    assert left <= mirror.lane[0] <= right
    mirror = mirror_of(edits.move(document, {N2: (600, 100)}))
    assert np.isnan(mirror.lane[0])
    assert edge_at(mirror, 95, 133) == edge


def test_a_drag_over_a_wire_drives_it_away_only_when_it_ends():
    document = edits.connect(draw("input relu dense"), N1, "y", N3, "x")
    mirror = mirror_of(edits.move(document, {N2: (600, 100)}))
    mirror.preview_move([N2], -600, 0)
    assert np.isnan(mirror.lane[0])
