"""Points without classes lie where their generator says, in the training and the test rows."""

import numpy as np
import pytest

from backends.data.readers.points import load_mixture, load_spiral


def test_every_heap_has_its_share_and_its_spread():
    train, test = load_mixture(rows=8000, components=8, radius=2.0, spread=0.1)
    for part, rows in ((train["x"], 6400), (test["x"], 1600)):
        assert part.shape == (rows, 2)
        heap = np.round(np.arctan2(part[:, 1], part[:, 0]) / (np.pi / 4)).astype(int) % 8
        assert np.bincount(heap) == pytest.approx(np.full(8, rows / 8), rel=0.25)
        centres = 2 * np.stack([np.cos(heap * np.pi / 4), np.sin(heap * np.pi / 4)], axis=1)
        assert (part - centres).std() == pytest.approx(0.1, rel=0.05)


def test_a_spiral_without_noise_lies_on_its_arm():
    train, _ = load_spiral(rows=2000, turns=1.0, noise=0.0)
    x = train["x"].astype(float)
    radius = np.linalg.norm(x, axis=1)
    turned = np.arctan2(x[:, 1], x[:, 0]) % (2 * np.pi)
    assert turned == pytest.approx(2 * np.pi * radius, abs=1e-3)
    # as many points within the radius r as its area says
    assert (radius < 0.5).mean() == pytest.approx(0.25, abs=0.03)
