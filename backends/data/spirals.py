"""Spiral arms, made on the spot."""

from __future__ import annotations

from backends.data.moons import points_info
from backends.data.readers.generated import load_spirals
from backends.data.reading import Reading
from backends.data.source import Source
from graph.data import DataInfo
from graph.params import param


class Spirals(Source):
    """Points on spiral arms around the origin, one class an arm: a small network has to work."""

    kind = "spirals"
    title = "Spirals"
    category = "Generated"

    rows: int = param(default=1000, ge=10, le=10_000_000, help="How many points are made.")
    classes: int = param(default=2, ge=2, le=10, help="How many arms there are.")
    turns: float = param(default=1.5, gt=0, le=10, help="How often an arm turns around the origin.")
    noise: float = param(default=0.02, ge=0, le=10, help="How far points stray from their arm.")
    seed: int = param(default=0, ge=0, le=2**32 - 1, help="Another seed makes other points.")
    test_fraction: float = param(
        default=0.2, ge=0, le=0.9, title="Test share", help="The share of rows kept for the test."
    )

    def describe(self) -> DataInfo:
        """The columns x and y."""
        classes = tuple(f"arm {i + 1}" for i in range(self.classes))
        return points_info(self.title, classes, self.rows, self.test_fraction)

    def reading(self) -> Reading:
        """The parameters are the arguments."""
        return Reading(load_spirals, self.values())
