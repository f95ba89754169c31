"""Where ports sit and how edges run, without a display."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.canvas import geometry
from app.canvas.geometry import NODE_H, NODE_W

PLACES = st.floats(-2000, 2000, width=32)


def edge(x1, y1, x2, y2):
    """An edge from the middle of one block's foot to the middle of another's head."""
    line = np.array([[x1 + NODE_W / 2, y1 + NODE_H, x2 + NODE_W / 2, y2]])
    return line, geometry.lanes(line, np.array([x1]), np.array([x2]))


def test_one_port_sits_in_the_middle_and_two_at_the_thirds():
    assert geometry.slot_places(1) == [95]
    assert geometry.slot_places(2) == pytest.approx([190 / 3, 380 / 3])


def test_room_at_the_end_moves_ports_to_the_left():
    assert max(geometry.slot_places(8, end=18)) < max(geometry.slot_places(8)) - 15


def test_an_edge_down_curves_and_has_no_lane():
    _, lane = edge(0, 0, 240, 100)
    assert np.isnan(lane[0])


def test_an_edge_up_runs_between_the_columns():
    _, lane = edge(0, 500, 440, 0)
    assert lane[0] == NODE_W + geometry.LANE_GAP
    _, lane = edge(440, 500, 0, 0)
    assert lane[0] == NODE_W + geometry.LANE_GAP


def test_an_edge_up_between_close_columns_runs_in_the_middle_of_the_gap():
    _, lane = edge(0, 500, 240, 0)
    assert lane[0] == (NODE_W + 240) / 2


def test_an_edge_up_in_one_column_goes_around_both_blocks():
    _, lane = edge(0, 500, 24, 0)
    assert lane[0] > 24 + NODE_W


@given(PLACES, PLACES, PLACES, PLACES)
def test_a_course_joins_its_ends_and_stays_in_its_box(x1, y1, x2, y2):
    line, lane = edge(x1, y1, x2, y2)
    course = geometry.courses(line, lane)[0]
    assert course[0] == pytest.approx(line[0, :2])
    assert course[-1] == pytest.approx(line[0, 2:])
    left, top, right, bottom = geometry.boxes(line, lane)[0]
    assert (course >= np.array([left, top]) - 1e-6).all()
    assert (course <= np.array([right, bottom]) + 1e-6).all()


@given(PLACES, PLACES, PLACES, PLACES)
def test_the_pill_sits_on_its_edge(x1, y1, x2, y2):
    line, lane = edge(x1, y1, x2, y2)
    x, y = geometry.middles(line, lane)[0]
    # a curve as a polyline keeps within a px or two of itself
    assert geometry.distances(geometry.courses(line, lane), x, y)[0] < 6


def test_a_lane_has_corners_of_22_px():
    line, lane = edge(0, 500, 440, 0)
    _, radii = geometry.lane_corners(line, lane)
    assert radii[0].tolist() == [22, 22, 22, 22]


def test_corners_shrink_where_the_lane_is_close():
    line = np.array([[100.0, 300.0, 120.0, 0.0]])
    _, radii = geometry.lane_corners(line, np.array([110.0]))
    assert radii[0].tolist() == [5, 5, 5, 5]


def test_distance_is_to_the_nearest_part():
    points = np.array([[[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]]])
    assert geometry.distances(points, 5, 3)[0] == 3
    assert geometry.distances(points, 13, 14)[0] == 5


def test_nothing_has_no_bounds():
    assert geometry.union(np.empty((0, 4))) is None
    assert geometry.union(np.array([[0, 0, 190, 66], [300, 200, 190, 66]])) == (0, 0, 490, 266)


def test_a_lane_keeps_clear_of_blocks_where_it_can():
    line = np.array([[100.0, 500.0, 700.0, 40.0]])
    ends = line, np.array([5.0]), np.array([605.0])
    (usual,) = geometry.lanes(*ends)
    in_the_way = np.array([[usual - 100, 200, geometry.NODE_W, geometry.NODE_H]])
    (lane,) = geometry.clear_lanes(*ends, in_the_way)
    assert not usual - 108 < lane < usual + 98
    far = np.array([[5000.0, 200, geometry.NODE_W, geometry.NODE_H]])
    assert geometry.clear_lanes(*ends, far) == usual
