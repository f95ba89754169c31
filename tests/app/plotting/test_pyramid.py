"""Long lines, decimated."""

import numpy as np
import pytest

from app.plotting.pyramid import BINS, Pyramid


def noise(count):
    x = np.arange(1, count + 1, dtype=np.float64)
    return x, np.random.default_rng(0).normal(size=count)


@pytest.mark.parametrize("count", [1, 2, 1600, 1601, 13_000, 300_000, 1_000_001])
@pytest.mark.parametrize("share", [(0.0, 1.0), (0.3, 0.9), (0.5, 0.501), (0.999, 2.0)])
def test_a_part_shows_its_lowest_and_highest_points(count, share):
    x, y = noise(count)
    low, high = share[0] * count, share[1] * count
    shown_x, shown_y = Pyramid(x, y).part(low, high)
    inside = y[(x >= low) & (x <= high)]
    assert len(shown_x) == len(shown_y) <= 4 * BINS + 4
    assert np.all(np.diff(shown_x) >= 0)
    if len(inside):
        assert shown_y.min() <= inside.min()
        assert shown_y.max() >= inside.max()
    assert np.isin(shown_y, y).all()


def test_few_points_are_shown_as_they_are():
    x, y = noise(1_000_000)
    shown_x, shown_y = Pyramid(x, y).part(500_000, 500_100)
    assert shown_x.tolist() == list(range(499_999, 500_102))
    assert shown_y.tolist() == y[499_998:500_101].tolist()


def test_pieces_keep_their_places_while_the_line_is_moved():
    x, y = noise(1_000_000)
    pyramid = Pyramid(x, y)
    first, _ = pyramid.part(200_000, 400_000)
    second, _ = pyramid.part(200_777, 400_777)
    assert np.isin(second[4:-4], first).mean() > 0.95


def test_gaps_are_left_out_of_what_is_lowest():
    x, y = noise(100_000)
    y[::2] = np.nan
    assert np.isfinite(Pyramid(x, y).part(0, 1e6)[1]).all()


def test_values_are_read_from_the_points_themselves():
    x, y = noise(1_000_000)
    assert Pyramid(x, y).nearest(777_777.4) == y[777_776]
    assert Pyramid(x, y).nearest(-5) == y[0]
    assert Pyramid(x[:0], y[:0]).nearest(1) is None
