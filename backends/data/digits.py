"""Handwritten digits, packed with the program."""

from __future__ import annotations

from functools import lru_cache

from assets import path as asset
from backends.data.readers.digits import load_digits, read_digits
from backends.data.readers.split import rows_for_test
from backends.data.reading import Packed, Reading
from backends.data.source import Source, refusing
from graph.data import Column, DataInfo
from graph.params import param

CLASSES = tuple("0123456789")
TEST_FRACTION = 0.2


class Digits(Source):
    """1,797 real handwritten digits, drawn by 43 people and scanned in 8×8 pixels."""

    kind = "digits"
    title = "Handwritten digits"
    category = "Built in"
    licence = "CC BY 4.0"
    origin = "E. Alpaydin, C. Kaynak (1998), UCI Machine Learning Repository"

    size: str = param(
        default="8",
        choices=("8", "16", "28", "32"),
        unit="px",
        help="Height and width; other sizes than 8 are interpolated.",
    )
    layout: str = param(
        default="image",
        choices=("image", "rows", "flat"),
        help="An image (1×H×W), its rows as a sequence (H×W), or all pixels in a line (H·W).",
    )

    def describe(self) -> DataInfo:
        """The columns x and y."""
        total = _total()
        side = int(self.size)
        shapes = {"image": (1, side, side), "rows": (side, side), "flat": (side * side,)}
        columns = (
            Column("x", shapes[self.layout], "float32", "input", help="Darkness from 0 to 1."),
            Column("y", (), "int64", "target", CLASSES, help="The digit."),
        )
        test = rows_for_test(total, TEST_FRACTION)
        return DataInfo(self.title, columns, total - test, test)

    def reading(self) -> Reading:
        """The same share of each digit is kept for the test, always the same images."""
        side = int(self.size)
        arguments = {
            "path": Packed(asset("data", "digits.csv.gz")),
            "size": (side, side),
            "layout": self.layout,
            "test_fraction": TEST_FRACTION,
            "seed": 0,
        }
        return Reading(load_digits, arguments)


@lru_cache(maxsize=1)
def _total() -> int:
    with refusing():
        return len(read_digits(asset("data", "digits.csv.gz"))[1])
