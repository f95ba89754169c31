"""Keeping rows for the test."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backends.data.readers.split import mask_for_test, mean_and_spread, rows_for_test


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=200),
    st.floats(0, 0.9),
    st.integers(0, 2**32 - 1),
)
def test_the_test_gets_its_share_of_each_class(labels, fraction, seed):
    y = np.array(labels)
    mask = mask_for_test(len(y), fraction, seed, y)
    assert mask.sum() == rows_for_test(len(y), fraction)
    assert not mask.all()
    share = mask.sum() / len(y)
    for label in set(labels):
        members = mask[y == label]
        assert abs(members.sum() - share * len(members)) < 1
    assert np.array_equal(mask, mask_for_test(len(y), fraction, seed, y))


def test_the_draw_never_changes():
    assert np.flatnonzero(mask_for_test(20, 0.2, 0)).tolist() == [9, 14, 15, 16]


def test_a_constant_column_is_not_blown_up():
    mean, spread = mean_and_spread(np.full((1000, 1), 0.1))
    assert abs((0.1 - mean[0]) / spread[0]) < 1e-6
