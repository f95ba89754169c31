"""Random numbers in the shape that a drawing reads."""

import numpy as np
import pytest

from backends.data.noise import MOST_NUMBERS, Noise
from graph.problems import UserError


@pytest.mark.parametrize(
    ("answers", "shape", "dtype"),
    [
        ("class", (), np.int64),
        ("class of every place", (5, 6), np.int64),
        ("numbers", (2, 5, 6), np.float32),
    ],
)
def test_the_arrays_are_as_they_are_described(answers, shape, dtype):
    source = Noise(shape=(2, 5, 6), answers=answers, classes=3, rows=40)
    info, parts = source.describe(), source.load()
    assert (info.rows, info.test_rows) == (30, 10)
    for rows, part in ((30, parts.train), (10, parts.test)):
        assert part["x"].shape == (rows, 2, 5, 6) and part["x"].dtype == np.float32
        assert part["y"].shape == (rows, *shape) and part["y"].dtype == dtype
    assert tuple(info.columns[1].shape) == shape
    if dtype is np.int64:
        assert set(np.unique(parts.train["y"])) == {0, 1, 2}


def test_the_same_seed_makes_the_same_numbers():
    first, again, other = (Noise(seed=seed).load().train["x"] for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_more_than_memory_holds_is_refused_with_what_would_do():
    with pytest.raises(UserError, match="at most 500 rows|at most 500"):
        Noise(shape=(100, 100, 100), rows=MOST_NUMBERS // 1000).describe()
