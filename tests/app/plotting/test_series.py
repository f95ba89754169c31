"""Growing columns of numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plotting.series import BLOCK, Series, Smoothed, moving_sums


def series(values) -> Series:
    made = Series()
    made.extend(range(1, len(values) + 1), values)
    return made


def slow_average(values, weight):
    last, found = 0.0, []
    for count, value in enumerate(values, 1):
        last = weight * last + (1 - weight) * value
        found.append(last / (1 - weight**count))
    return found


def test_a_series_grows_past_its_room():
    made = Series()
    for start in range(0, 5000, 700):
        made.extend(range(start, start + 700), [0.5] * 700)
    assert len(made) == 5600
    assert made.x.tolist() == list(range(5600))


def test_points_of_a_resumed_run_replace_those_from_its_first_step_on():
    made = series([5, 4, 3, 2])
    made.extend([3, 4, 5], [30, 20, 10])
    assert made.x.tolist() == [1, 2, 3, 4, 5]
    assert made.y.tolist() == [5, 4, 30, 20, 10]


@pytest.mark.parametrize(("x", "found"), [(-9, 1), (2.4, 2), (2.6, 3), (99, 3)])
def test_the_nearest_point_is_found(x, found):
    assert series([7, 8, 9]).nearest(x) == (found, 6 + found)


def test_an_empty_series_has_no_nearest_point():
    assert Series().nearest(1) is None


@given(
    st.lists(st.floats(-100, 100), min_size=1, max_size=3 * BLOCK),
    st.floats(0.01, 0.99),
    st.integers(0, 3 * BLOCK),
)
def test_smoothing_in_parts_equals_the_definition(values, weight, cut):
    grown = series(values[:cut])
    smoothed = Smoothed(grown, weight)
    smoothed.update()
    grown.extend(range(cut + 1, len(values) + 1), values[cut:])
    assert smoothed.update().y.tolist() == pytest.approx(slow_average(values, weight), abs=1e-8)


def test_no_weight_leaves_the_values_alone():
    assert moving_sums(np.array([3.0, 1.0]), 0.0, 9.0).tolist() == [3.0, 1.0]


def test_smoothing_starts_anew_when_points_were_replaced():
    grown = series([4.0] * 20)
    smoothed = Smoothed(grown, 0.5)
    smoothed.update()
    grown.extend([5], [1.0])
    assert len(smoothed.update()) == 5
    assert smoothed.update().y[-1] < 4
