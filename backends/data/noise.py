"""Numbers without meaning: what a drawing needs to be tried and timed before its data are there."""

from __future__ import annotations

import math

from backends.data.readers.noise import load_noise
from backends.data.readers.split import rows_for_test
from backends.data.reading import Reading
from backends.data.source import Source
from graph.data import Column, DataInfo
from graph.params import Ints, param
from graph.problems import UserError
from graph.tensor import show_shape

MOST_NUMBERS = 500_000_000
"""Two gigabytes of x."""


class Noise(Source):
    """Normal numbers in any shape: they show whether a drawing trains and how fast, no more."""

    kind = "noise"
    title = "Random numbers"
    category = "Generated"

    shape: Ints = param(default=(3, 32, 32), ge=1, help="The sizes of one row.")
    answers: str = param(
        default="class",
        choices=("class", "class of every place", "numbers"),
        help="What is to be answered: a class for each row, one for each place of it, as in "
        "segmentation, or as many numbers as are read.",
    )
    classes: int = param(
        default=10, ge=1, le=100_000, help="How many classes there are.",
        show_if=lambda form: form.answers != "numbers",
    )  # fmt: skip
    rows: int = param(default=64, ge=4, le=10_000_000, help="How many rows are made.")
    seed: int = param(default=0, ge=0, le=2**32 - 1, help="Another seed makes other numbers.")
    test_fraction: float = param(
        default=0.25, ge=0, le=0.9, title="Test share", help="The share of rows kept for the test."
    )

    def describe(self) -> DataInfo:
        """The columns x and y."""
        count = self.rows * math.prod(self.shape)
        if count > MOST_NUMBERS:
            raise UserError(
                f"{self.rows:,} rows of {show_shape(self.shape)} are {count:,} numbers; "
                f"choose fewer rows, at most {max(MOST_NUMBERS // math.prod(self.shape), 4):,}."
            )
        test = rows_for_test(self.rows, self.test_fraction)
        names = tuple(map(str, range(self.classes)))
        if self.answers == "numbers":
            y = Column("y", self.shape, "float32", "target", help="Numbers, too.")
        elif self.answers == "class":
            y = Column("y", (), "int64", "target", names, "Any class.")
        else:
            y = Column("y", self.shape[1:], "int64", "target", names, "Any class, place by place.")
        x = Column("x", self.shape, "float32", "input", help="Normal numbers.")
        return DataInfo(self.title, (x, y), self.rows - test, test)

    def reading(self) -> Reading:
        """The parameters are the arguments."""
        self.describe()
        return Reading(load_noise, self.values())
