"""One spiral arm in the plane, made on the spot."""

from __future__ import annotations

from backends.data.mixture import plane_info
from backends.data.readers.points import load_spiral
from backends.data.reading import Reading
from backends.data.source import Source
from graph.data import DataInfo
from graph.params import param


class Spiral(Source):
    """Points along one spiral arm, without classes: a shape for a model to make up more of."""

    kind = "spiral2d"
    title = "Spiral without classes"
    category = "Generated"

    rows: int = param(default=8000, ge=10, le=10_000_000, help="How many points are made.")
    turns: float = param(default=1.5, gt=0, le=10, help="How often it turns around the origin.")
    noise: float = param(default=0.02, ge=0, le=10, help="How far points stray from the arm.")
    seed: int = param(default=0, ge=0, le=2**32 - 1, help="Another seed makes other points.")
    test_fraction: float = param(
        default=0.2, ge=0, le=0.9, title="Test share", help="The share of rows kept for the test."
    )

    def describe(self) -> DataInfo:
        """The column x."""
        return plane_info(self.title, self.rows, self.test_fraction)

    def reading(self) -> Reading:
        """The parameters are the arguments."""
        return Reading(load_spiral, self.values())
