"""Where a dragged block comes to rest, and which lines tell why."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.canvas.geometry import NODE_H, NODE_W
from app.canvas.guides import FARTHEST, Neighbours, reach_at, snap

SIZE = (NODE_W, NODE_H)


def among(*corners):
    return Neighbours.of(np.array([(*at, *SIZE) for at in corners]).reshape(-1, 4))


def put(at, *corners, reach=6.0):
    return snap(at, SIZE, among(*corners), reach, 100.0)


def test_far_from_everything_a_block_is_on_the_grid():
    found = put((505.0, 331.0), (0.0, 0.0))
    assert (found.x, found.y) == (504.0, 336.0)
    assert found.lines == found.gaps == ()


def test_with_no_neighbours_a_block_is_on_the_grid():
    assert (put((13.0, 11.0)).x, put((13.0, 11.0)).y) == (24.0, 0.0)


def test_a_block_comes_into_line_and_a_line_joins_both():
    found = put((5.0, 331.0), (0.0, 0.0))
    assert (found.x, found.y) == (0.0, 336.0)
    assert found.lines == ((0.0, 0.0, 0.0, 402.0), (190.0, 0.0, 190.0, 402.0))


def test_a_block_of_another_size_comes_into_line_by_its_middle():
    neighbours = Neighbours.of(np.array([(0.0, 0.0, 400.0, 66.0)]))
    found = snap((108.0, 331.0), SIZE, neighbours, 6.0, 100.0)
    assert found.x == 105.0
    assert found.lines == ((200.0, 0.0, 200.0, 402.0),)


@pytest.mark.parametrize("y", [95.0, 105.0])
def test_a_block_comes_to_rest_a_row_below_another(y):
    assert put((0.0, y), (0.0, 0.0)).y == 100.0


def test_a_block_comes_to_rest_as_far_on_as_the_others_are_apart():
    found = put((603.0, 10.0), (0.0, 0.0), (300.0, 0.0))
    assert found.x == 600.0
    assert found.gaps == ((190.0, 33.0 + found.y, 300.0, 33.0 + found.y),
                          (490.0, 33.0 + found.y, 600.0, 33.0 + found.y))  # fmt: skip


def test_a_block_comes_to_rest_half_way_between_two():
    found = put((4.0, 203.0), (0.0, 0.0), (0.0, 412.0))
    assert found.y == 206.0
    assert [gap[3] - gap[1] for gap in found.gaps] == [140.0, 140.0]


def test_the_reach_is_measured_on_the_screen_and_never_beyond_the_grid():
    assert reach_at(2.0) == 3.0
    assert reach_at(1.0) == 6.0
    assert reach_at(0.1) == FARTHEST


corner = st.tuples(st.floats(-900, 900), st.floats(-900, 900))


@given(corner, st.lists(corner, max_size=8), st.floats(0.1, 4.0))
def test_no_block_is_drawn_further_than_the_grid_would(at, corners, scale):
    found = put(at, *corners, reach=reach_at(scale))
    assert abs(found.x - at[0]) <= FARTHEST + 1e-6
    assert abs(found.y - at[1]) <= FARTHEST + 1e-6
    again = put((found.x, found.y), *corners, reach=reach_at(scale))
    for x1, y1, x2, y2 in again.lines:
        assert x1 == x2 or y1 == y2
