"""Coloured shapes on a dim ground, made on the spot: what they are, and where."""

import numpy as np

from backends.data.readers.errors import Arrays
from backends.data.readers.split import mask_for_test, parted

SHAPES = ("circle", "square", "triangle", "ring")
DARKEST, LIGHTEST_GROUND = 90, 70


def load_shapes(
    size: tuple[int, int] = (32, 32),
    classes: int = 3,
    objects: int = 1,
    noise: float = 8.0,
    rows: int = 2000,
    seed: int = 0,
    test_fraction: float = 0.2,
) -> tuple[Arrays, Arrays]:
    """Images x (N, 3, H, W), the class y (N) of the shape in front, and the mask (N, H, W).

    The mask holds 0 for the ground and the class of a shape plus 1 elsewhere.

    Args:
        objects: at most so many shapes in an image; those in front hide others.
        noise: spread of what is added to every byte.
    """
    random = np.random.RandomState([seed, 6])
    height, width = size
    x = np.empty((rows, 3, height, width), np.uint8)
    masks = np.zeros((rows, height, width), np.int64)
    y = np.empty(rows, np.int64)
    down, across = np.mgrid[0:height, 0:width].astype(np.float64)
    for row in range(rows):
        ground = random.randint(0, LIGHTEST_GROUND, 3)
        image = np.broadcast_to(ground[:, None, None], (3, height, width)).astype(np.float64)
        for _ in range(random.randint(1, objects + 1)):
            y[row] = random.randint(classes)
            radius = random.uniform(0.18, 0.32) * min(height, width)
            centre = [random.uniform(radius, side - radius) for side in (height, width)]
            covered = _covered(
                SHAPES[y[row]], down - centre[0], across - centre[1], radius, random.uniform(0, 7)
            )
            colour = random.randint(DARKEST, 256, 3).astype(np.float64)
            image = np.where(covered, colour[:, None, None], image)
            masks[row][covered] = y[row] + 1
        image = image + noise * random.standard_normal(image.shape)
        x[row] = np.rint(np.clip(image, 0, 255)).astype(np.uint8)
    columns: Arrays = {"x": x, "y": y, "mask": masks}
    return parted(columns, mask_for_test(rows, test_fraction, seed, y))


def _covered(
    shape: str, down: np.ndarray, across: np.ndarray, radius: float, angle: float
) -> np.ndarray:
    """Which pixels a shape around the middle covers."""
    distance = np.hypot(down, across)
    if shape == "circle":
        return np.asarray(distance <= radius)
    if shape == "ring":
        return np.asarray((distance <= radius) & (distance >= 0.55 * radius))
    sides = 4 if shape == "square" else 3
    inside = np.ones(down.shape, bool)
    for side in range(sides):
        turned = angle + 2 * np.pi * side / sides
        reach = radius * np.cos(np.pi / sides)
        inside &= down * np.sin(turned) + across * np.cos(turned) <= reach
    return inside
