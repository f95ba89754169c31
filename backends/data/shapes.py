"""Coloured shapes, made on the spot."""

from __future__ import annotations

from backends.data.readers.shapes import SHAPES, load_shapes
from backends.data.readers.split import rows_for_test
from backends.data.reading import Reading
from backends.data.source import Source
from graph.data import Column, DataInfo
from graph.params import Size2, param


class Shapes(Source):
    """Coloured shapes on a dim ground, to be told apart or to be found pixel by pixel."""

    kind = "shapes"
    title = "Coloured shapes"
    category = "Generated"

    size: Size2 = param(
        default=(32, 32), ge=8, le=512, unit="px", help="Height and width of every image."
    )
    classes: int = param(
        default=3, ge=2, le=len(SHAPES), help=f"How many of {', '.join(SHAPES)} there are."
    )
    objects: int = param(
        default=1, ge=1, le=16, help="At most so many shapes in an image; y is the one in front."
    )
    noise: float = param(default=8.0, ge=0, le=128, help="Spread of the noise in every pixel.")
    rows: int = param(default=2000, ge=10, le=200_000, help="How many images are made.")
    seed: int = param(default=0, ge=0, le=2**32 - 1, help="Another seed makes other images.")
    test_fraction: float = param(
        default=0.2, ge=0, le=0.9, title="Test share", help="The share of rows kept for the test."
    )

    def describe(self) -> DataInfo:
        """The columns x, y and mask."""
        names = SHAPES[: self.classes]
        columns = (
            Column("x", (3, *self.size), "float32", "input", help="Brightness from 0 to 1."),
            Column("y", (), "int64", "target", names, "The shape in front."),
            Column(
                "mask", tuple(self.size), "int64", "target", ("ground", *names),
                "Which shape each pixel shows.",
            ),
        )  # fmt: skip
        test = rows_for_test(self.rows, self.test_fraction)
        return DataInfo(self.title, columns, self.rows - test, test)

    def reading(self) -> Reading:
        """The parameters are the arguments."""
        return Reading(load_shapes, self.values())
