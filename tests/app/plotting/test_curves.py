"""From many points to the few that are drawn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plotting import curves
from app.plotting.series import Series


def test_few_points_are_drawn_as_they_are():
    x, y = np.arange(5.0), np.arange(5.0)
    assert curves.envelope(x, y)[1] is y


def test_an_envelope_keeps_the_peak_and_the_dip():
    y = np.zeros(100_000)
    y[54_321], y[77] = 9.0, -4.0
    x, line = curves.envelope(np.arange(100_000.0), y)
    assert (line.max(), line.min()) == (9.0, -4.0)
    assert len(line) <= 2 * curves.MOST_BINS
    assert len(x) == len(line)


def test_an_envelope_leaves_out_what_is_no_number():
    y = np.ones(10_000)
    y[::2] = np.nan
    assert np.isfinite(curves.envelope(np.arange(10_000.0), y)[1]).all()


def test_a_thinned_line_ends_where_the_line_ends():
    x, y = curves.thinned(np.arange(1000.0), np.arange(1000.0))
    assert x[-1] == y[-1] == 999
    assert len(x) <= curves.MOST_BINS + 1


def test_what_is_out_of_sight_is_not_drawn():
    series = Series()
    series.extend(range(1000), range(1000))
    x, _ = curves.within(series, 100, 110)
    assert (x[0], x[-1]) == (99, 111)


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_a_nice_range_holds_the_values(low, span):
    found = curves.nice_range(low, low + span)
    slack = 1e-6 * max(abs(low), abs(low + span), 1e-6)
    assert found[0] <= low + slack
    assert found[1] >= low + span - slack
    assert found[1] > found[0]


def test_a_range_of_losses_starts_at_zero():
    assert curves.nice_range(0.1, 2.6) == (0, 3)


def test_values_of_nearly_the_same_size_get_a_close_range():
    low, high = curves.nice_range(0.91, 0.97)
    assert low >= 0.9
    assert high <= 1.0


def test_a_range_is_kept_while_the_values_fill_it():
    assert curves.kept_range((0, 2.5), (0, 3)) == (0, 3)
    assert curves.kept_range((0, 1), (0, 3)) == (0, 1)
    assert curves.kept_range((0, 4), (0, 3)) == (0, 4)


def test_the_axis_of_a_long_run_grows_by_doubling():
    assert curves.stretch(3, 1000, 20) == 20
    assert curves.stretch(21, 1000, 20) == 40
    assert curves.stretch(900, 1000, 20) == 1000
    assert curves.stretch(1, 8, 20) == 8


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [(2, 1, "2"), (0.5, 0.5, "0.5"), (0.25, 0.25, "0.25"), (0, 0.5, "0.0"), (2e16, 1e16, "2e16"),
     (-1e-20, 1, "0"), (2e-6, 1e-6, "2e-6")],
)  # fmt: skip
def test_ticks_have_the_decimals_they_need(value, step, text):
    assert curves.tick_text(value, step) == text


def test_ticks_of_shares_are_percentages():
    assert curves.tick_text(0.75, 0.25, is_share=True) == "75%"


def test_logarithms_of_what_has_none_are_left_out():
    assert np.isnan(curves.logarithm(np.array([0.0, -1.0, 100.0]))).tolist() == [True, True, False]
