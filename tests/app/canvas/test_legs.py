"""The courses of wires that are led through points."""

import numpy as np
import pytest

from app.canvas import hits, legs
from app.canvas.mirror import Mirror
from app.canvas.options import Options
from app.canvas.rounded import LED_R
from graph import edits, leading
from graph.infer import infer
from graph.leading import WirePoint
from graph.model import NodeId
from tests.drawing import chain

LED = [(300.0, 150.0), (300.0, 300.0)]


def mirrored(points=LED, *, straight=False, at=None):
    """Two blocks below each other, the wire between them led through points; its row is 0."""
    document = chain("input relu")
    document = edits.move(document, {NodeId("n1"): (0.0, 0.0), NodeId("n2"): at or (0.0, 400.0)})
    edge = document.graph.inputs_of(NodeId("n2"))[0]
    document = leading.lead(document, {edge: points})
    mirror = Mirror()
    mirror.options = Options(straight=straight)
    mirror.rebuild(document, infer(document), [])
    return mirror


def course(mirror):
    return legs.courses(mirror, np.array([0]))[0].reshape(-1, 2)


def passes(points, at, near=0.5):
    return np.hypot(points[:, 0] - at[0], points[:, 1] - at[1]).min() < near


@pytest.mark.parametrize("straight", [False, True])
def test_a_wire_begins_and_ends_at_its_ports_and_passes_its_points(straight):
    mirror = mirrored(straight=straight)
    points = course(mirror)
    assert np.allclose(points[0], mirror.line[0, :2])
    assert np.allclose(points[-1], mirror.line[0, 2:])
    assert all(passes(points, at, near=4.0 if straight else 0.5) for at in LED)


def test_a_leg_along_an_axis_is_straight():
    points = course(mirrored())
    between = points[(points[:, 1] > 150) & (points[:, 1] < 300) & (points[:, 0] > 200)]
    assert np.allclose(between[:, 0], 300)


def test_a_leg_between_points_stays_in_their_box():
    mirror = mirrored([(300.0, 150.0), (420.0, 240.0), (380.0, 330.0)])
    curve = legs.legs(mirror, np.array([0])).curve[1:-1]
    low, high = curve[:, [0, 3]].min(1), curve[:, [0, 3]].max(1)
    assert (curve >= low[:, None] - 1e-9).all()
    assert (curve <= high[:, None] + 1e-9).all()


def test_a_sharp_turn_is_round():
    points = course(mirrored([(300.0, 240.0)]))
    at = np.hypot(points[:, 0] - 300, points[:, 1] - 240).argmin()
    near = points[at - 4 : at + 5]
    assert np.ptp(near[:, 1]) > 8
    assert near[:, 0].max() <= 300 + 1e-9


def test_a_wire_leaves_downward_and_arrives_from_above():
    points = course(mirrored([(300.0, -200.0)]))
    assert points[1, 1] > points[0, 1]
    assert points[-2, 1] < points[-1, 1]


def test_the_box_of_a_wire_holds_its_course():
    mirror = mirrored([(300.0, -200.0), (-400.0, 900.0)])
    points, box = course(mirror), mirror.box[0]
    assert (points >= box[:2] - 1e-6).all()
    assert (points <= box[2:] + 1e-6).all()


def test_a_wire_with_points_takes_no_other_way_round_blocks():
    upward = mirrored(at=(0.0, -400.0))
    assert np.isnan(upward.lane[0])
    assert not np.isnan(mirrored([], at=(0.0, -400.0)).lane[0])


def test_a_wire_is_hit_where_it_is_led_and_nowhere_else():
    mirror = mirrored()
    assert hits.edge_at(mirror, 300, 225) == mirror.edges[0]
    assert hits.edge_at(mirror, 95, 225) is None


def test_a_point_is_hit_and_of_two_the_nearer():
    mirror = mirrored([(300.0, 150.0), (300.0, 158.0)])
    assert hits.point_at(mirror, 301, 151) == WirePoint(mirror.edges[0], 0)
    assert hits.point_at(mirror, 301, 157) == WirePoint(mirror.edges[0], 1)
    assert hits.point_at(mirror, 320, 151) is None


@pytest.mark.parametrize(("y", "leg"), [(100, 0), (225, 1), (320, 2)])
def test_the_nearest_leg_tells_where_a_point_belongs(y, leg):
    mirror = mirrored()
    points = course(mirror)
    x, y = points[np.abs(points[:, 1] - y).argmin()]
    found, at = legs.nearest_leg(mirror, 0, x + 3, y)
    assert found == leg
    assert np.hypot(at[0] - x, at[1] - y) < 4


def test_a_pill_sits_on_the_longest_leg():
    mirror = mirrored([(95.0, 100.0), (300.0, 100.0)])
    (middle,) = legs.middles(mirror, np.array([0])).tolist()
    assert 100 < middle[1] < 400
    assert hits.edge_at(mirror, *middle, reach=1.0) == mirror.edges[0]


def test_from_afar_a_wire_is_lines_from_point_to_point():
    mirror = mirrored()
    lines = legs.lines(mirror, np.array([0]))
    assert len(lines) == 3
    assert lines[1].tolist() == [300, 150, 300, 300]


def test_points_at_one_place_do_no_harm():
    for points in ([(95.0, 66.0)] * 3, [(95.0, 400.0)], [(0.0, 0.0), (0.0, 0.0)]):
        mirror = mirrored(points)
        assert np.isfinite(course(mirror)).all()
        assert np.isfinite(mirror.box).all()


def test_a_straight_wire_turns_in_a_round_corner_and_is_straight_between():
    points = course(mirrored([(95.0, 200.0), (300.0, 200.0)], straight=True))
    away = np.hypot(points[:, 0] - 95, points[:, 1] - 200)
    assert 4 < away.min() < 6
    between = points[(points[:, 0] > 95 + LED_R) & (points[:, 0] < 300 - LED_R)]
    assert np.allclose(between[:, 1], 200)


def test_corners_of_short_legs_are_cut_no_further_than_half_way():
    points = course(mirrored([(95.0, 200.0), (95.0, 206.0), (300.0, 206.0)], straight=True))
    assert np.isfinite(points).all()
    assert points[:, 1].max() <= 400 + 1e-9
    assert passes(points, (95.0, 203.0))


@pytest.mark.parametrize("straight", [False, True])
def test_the_path_that_is_drawn_is_the_course_that_is_hit(straight):
    mirror = mirrored(straight=straight)
    (path,) = legs.paths(mirror, np.array([0]))
    points = course(mirror)
    for share in (0.0, 0.2, 0.5, 0.8, 1.0):
        at = path.pointAtPercent(share)
        steps = np.linspace(points[:-1], points[1:], 50).reshape(-1, 2)
        assert np.hypot(steps[:, 0] - at.x(), steps[:, 1] - at.y()).min() < 2
