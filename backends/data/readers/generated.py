"""Data made on the spot: moons, spirals, and sums of sine waves."""

import numpy as np

from backends.data.readers.errors import Arrays
from backends.data.readers.series import windowed
from backends.data.readers.split import mask_for_test, parted


def random_of_points(seed: int) -> np.random.RandomState:
    """Numbers of their own: those that choose the test rows would keep one end of a curve apart."""
    return np.random.RandomState([seed, 1])


def load_moons(
    rows: int = 1000, noise: float = 0.1, seed: int = 0, test_fraction: float = 0.2
) -> tuple[Arrays, Arrays]:
    """Two half circles that reach into each other: x (N, 2) and the class y (N,)."""
    random = random_of_points(seed)
    y = np.arange(rows) % 2
    angle = np.pi * random.random_sample(rows)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    x = np.where(y[:, None] == 0, upper, lower) + noise * random.standard_normal((rows, 2))
    return parted({"x": x.astype(np.float32), "y": y}, mask_for_test(rows, test_fraction, seed, y))


def load_spirals(
    rows: int = 1000,
    classes: int = 2,
    turns: float = 1.5,
    noise: float = 0.02,
    seed: int = 0,
    test_fraction: float = 0.2,
) -> tuple[Arrays, Arrays]:
    """Spiral arms around the origin, out to radius 1, one class an arm: x (N, 2) and y (N,)."""
    random = random_of_points(seed)
    y = np.arange(rows) % classes
    radius = np.sqrt(random.random_sample(rows))
    angle = 2 * np.pi * (turns * radius + y / classes)
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x = x + noise * random.standard_normal((rows, 2))
    return parted({"x": x.astype(np.float32), "y": y}, mask_for_test(rows, test_fraction, seed, y))


def load_sines(
    length: int = 2000,
    waves: int = 3,
    noise: float = 0.05,
    window: int = 24,
    horizon: int = 1,
    seed: int = 0,
    test_fraction: float = 0.2,
) -> tuple[Arrays, Arrays]:
    """Windows over a sum of sine waves of random period, height and phase: x and y."""
    random = np.random.RandomState(seed)
    period = np.exp(random.uniform(np.log(8), np.log(100), waves))
    height = random.uniform(0.5, 1.0, waves)
    phase = random.uniform(0, 2 * np.pi, waves)
    time = np.arange(length)[:, None]
    series = (height * np.sin(2 * np.pi * time / period + phase)).sum(axis=1)
    series = series + noise * random.standard_normal(length)
    return windowed(series, window, horizon, test_fraction)
