"""Two half circles, made on the spot."""

from __future__ import annotations

from backends.data.readers.generated import load_moons
from backends.data.readers.split import rows_for_test
from backends.data.reading import Reading
from backends.data.source import Source
from graph.data import Column, DataInfo
from graph.params import param


class Moons(Source):
    """Points on two half circles that reach into each other: no straight line parts them."""

    kind = "moons"
    title = "Moons"
    category = "Generated"

    rows: int = param(default=1000, ge=10, le=10_000_000, help="How many points are made.")
    noise: float = param(default=0.1, ge=0, le=10, help="How far points stray from their arc.")
    seed: int = param(default=0, ge=0, le=2**32 - 1, help="Another seed makes other points.")
    test_fraction: float = param(
        default=0.2, ge=0, le=0.9, title="Test share", help="The share of rows kept for the test."
    )

    def describe(self) -> DataInfo:
        """The columns x and y."""
        return points_info(self.title, ("upper", "lower"), self.rows, self.test_fraction)

    def reading(self) -> Reading:
        """The parameters are the arguments."""
        return Reading(load_moons, self.values())


def points_info(title: str, classes: tuple[str, ...], rows: int, test_fraction: float) -> DataInfo:
    """What points in a plane that belong to classes are."""
    columns = (
        Column("x", (2,), "float32", "input", help="Place in the plane."),
        Column("y", (), "int64", "target", classes, "Which curve the point belongs to."),
    )
    test = rows_for_test(rows, test_fraction)
    return DataInfo(title, columns, rows - test, test)
