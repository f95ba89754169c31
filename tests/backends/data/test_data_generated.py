"""Generated points: training and test rows come from all over the curves."""

import numpy as np
import pytest

from backends.data.readers.generated import load_moons, load_spirals


@pytest.mark.parametrize("load", [load_moons, load_spirals])
def test_test_rows_come_from_where_training_rows_come_from(load):
    train, test = load(rows=4000, noise=0.0)
    for label in (0, 1):
        there, kept = (part["x"][part["y"] == label] for part in (train, test))
        # means of 1,600 and 400 points with a spread below 0.8 differ by 0.045 at one sigma
        assert np.abs(there.mean(axis=0) - kept.mean(axis=0)).max() < 0.15
