"""The view: zoom keeps what is under the pointer, fit shows everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.canvas.camera import (
    LARGEST,
    MARGIN,
    SMALLEST,
    Camera,
    between,
    brought_in,
    first_view,
    fitted,
    meets,
    shows,
    wheel_factor,
)

CAMERAS = st.builds(
    Camera, st.floats(SMALLEST, LARGEST), st.floats(-5000, 5000), st.floats(-5000, 5000)
)
POINTS = st.floats(-3000, 3000)


@given(CAMERAS, st.floats(0.1, 10), POINTS, POINTS)
def test_zoom_keeps_the_place_under_the_pointer(camera, factor, x, y):
    before = camera.to_canvas(x, y)
    after = camera.zoomed(factor, x, y).to_canvas(x, y)
    assert after == pytest.approx(before, rel=1e-6, abs=1e-4)


@given(CAMERAS, POINTS, POINTS)
def test_view_and_canvas_are_inverse(camera, x, y):
    assert camera.to_canvas(*camera.to_view(x, y)) == pytest.approx((x, y), rel=1e-6, abs=1e-4)


def test_a_hundred_zooms_in_and_out_do_not_drift():
    camera = Camera(1, 30, 40)
    for _ in range(100):
        camera = camera.zoomed(1.05, 400, 300)
        camera = camera.zoomed(1 / 1.05, 400, 300)
    assert (camera.scale, camera.dx, camera.dy) == pytest.approx((1, 30, 40))


def test_zoom_has_limits():
    assert Camera().zoomed(1e9, 0, 0).scale == LARGEST
    assert Camera().zoomed(1e-9, 0, 0).scale == SMALLEST


def test_fit_shows_the_whole_box_but_never_larger_than_life():
    box = (-500.0, 0.0, 2500.0, 900.0)
    camera = fitted(box, 800, 600)
    assert camera.scale < 1
    assert shows(camera, box, 800, 600)
    assert fitted((0, 0, 190, 66), 800, 600).scale == 1


def test_fit_into_a_tiny_view_does_not_fail():
    assert fitted((0, 0, 5000, 5000), 10, 10).scale >= SMALLEST


def test_two_notches_of_the_wheel_undo_each_other():
    assert wheel_factor(120) > 1
    assert wheel_factor(120) * wheel_factor(-120) == pytest.approx(1)


def test_a_tall_drawing_opens_at_its_top_where_it_can_be_read():
    camera = first_view((0, 0, 190, 1800), 800, 600)
    assert camera.scale == 0.75
    left, top, right, _ = camera.seen(800, 600)
    assert top < 0
    assert (left + right) / 2 == pytest.approx(95)


def test_a_drawing_that_fits_or_is_a_map_opens_whole():
    small, huge = (0.0, 0.0, 400.0, 800.0), (0.0, 0.0, 24_000.0, 10_000.0)
    assert first_view(small, 800, 600) == fitted(small, 800, 600)
    assert first_view(huge, 800, 600) == fitted(huge, 800, 600)


def test_what_is_out_of_view_is_brought_in_by_the_shortest_way():
    camera = brought_in(Camera(1.0, 0.0, 0.0), (900.0, 100.0, 1100.0, 200.0), 800, 600)
    assert camera == Camera(1.0, 800 - MARGIN - 1100.0, 0.0)
    assert brought_in(camera, (900.0, 100.0, 1100.0, 200.0), 800, 600) == camera


def test_what_is_too_large_is_brought_in_whole():
    box = (900.0, 100.0, 3000.0, 200.0)
    assert shows(brought_in(Camera(1.0, 0.0, 0.0), box, 800, 600), box, 800, 600)


def test_the_rim_of_a_box_does_not_count_as_seen():
    box = (0.0, 0.0, 190.0, 66.0)
    assert meets(Camera(1.0, 0.0, -40.0), box, 800, 600)
    assert not meets(Camera(1.0, 0.0, -60.0), box, 800, 600)


def test_the_way_between_two_views_is_straight():
    assert between(Camera(1.0, 0.0, 0.0), Camera(0.5, 10.0, 20.0), 0.5) == Camera(0.75, 5.0, 10.0)
