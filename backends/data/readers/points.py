"""Points in the plane without classes, for models that are to make up more of them."""

import numpy as np

from backends.data.readers.errors import Arrays
from backends.data.readers.split import mask_for_test, parted


def load_mixture(
    rows: int = 8000,
    components: int = 8,
    radius: float = 1.0,
    spread: float = 0.05,
    seed: int = 0,
    test_fraction: float = 0.2,
) -> tuple[Arrays, Arrays]:
    """Normal distributions of equal weight with their means on a circle: x (N, 2)."""
    random = np.random.RandomState([seed, 1])
    angle = 2 * np.pi * (np.arange(rows) % components) / components
    means = radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x = means + spread * random.standard_normal((rows, 2))
    return parted({"x": x.astype(np.float32)}, mask_for_test(rows, test_fraction, seed))


def load_spiral(
    rows: int = 8000,
    turns: float = 1.5,
    noise: float = 0.02,
    seed: int = 0,
    test_fraction: float = 0.2,
) -> tuple[Arrays, Arrays]:
    """One arm that leaves the origin and ends at radius 1, equally dense all along: x (N, 2)."""
    random = np.random.RandomState([seed, 1])
    radius = np.sqrt(random.random_sample(rows))
    angle = 2 * np.pi * turns * radius
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x = x + noise * random.standard_normal((rows, 2))
    return parted({"x": x.astype(np.float32)}, mask_for_test(rows, test_fraction, seed))
