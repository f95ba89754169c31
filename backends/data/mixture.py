"""A mixture of normal distributions in the plane, made on the spot."""

from __future__ import annotations

from backends.data.readers.points import load_mixture
from backends.data.readers.split import rows_for_test
from backends.data.reading import Reading
from backends.data.source import Source
from graph.data import Column, DataInfo
from graph.params import param


class Mixture(Source):
    """Heaps of points on a circle, without classes: does a generator find all of them?"""

    kind = "mixture2d"
    title = "Mixture of Gaussians"
    category = "Generated"

    rows: int = param(default=8000, ge=10, le=10_000_000, help="How many points are made.")
    components: int = param(default=8, ge=1, le=100, help="How many heaps there are.")
    radius: float = param(default=1.0, gt=0, le=100, help="Radius of the circle that they lie on.")
    spread: float = param(default=0.05, gt=0, le=100, help="How far points stray in their heap.")
    seed: int = param(default=0, ge=0, le=2**32 - 1, help="Another seed makes other points.")
    test_fraction: float = param(
        default=0.2, ge=0, le=0.9, title="Test share", help="The share of rows kept for the test."
    )

    def describe(self) -> DataInfo:
        """The column x."""
        return plane_info(self.title, self.rows, self.test_fraction)

    def reading(self) -> Reading:
        """The parameters are the arguments."""
        return Reading(load_mixture, self.values())


def plane_info(title: str, rows: int, test_fraction: float) -> DataInfo:
    """What points in a plane without classes are."""
    test = rows_for_test(rows, test_fraction)
    column = Column("x", (2,), "float32", "input", help="Place in the plane.")
    return DataInfo(title, (column,), rows - test, test)
