"""Steps for numbers of any kind: normalising and noise."""

from __future__ import annotations

from graph.data import Column
from graph.params import param
from graph.problems import UserError
from graph.steps.step import ALWAYS, TRAINING, DataStep, is_float

MODULE = "backends.pytorch.steps.numbers"
PER = ("first axis", "last axis", "each number", "all numbers")


class Normalise(DataStep):
    """Gives numbers a mean of 0 and a standard deviation of 1, as the rows trained on have them.

    Rows of validation and test are changed by the same numbers, but have no part in them.
    """

    kind, title, acts, order = "normalise", "Normalise", ALWAYS, 0
    runs = f"{MODULE}.Normalise"
    wants = "numbers of float32"

    per: str = param(
        default="first axis", choices=PER,
        help="What has a mean of its own: channels of pictures and features of a table lie along "
        "the first axis of a row, those of a series along the last.",
    )  # fmt: skip
    constant: str = param(
        default="refuse", choices=("refuse", "centre"), title="Constant values",
        help="What never varies cannot be scaled: it ends the run, or becomes 0.",
    )  # fmt: skip

    def suits(self, column: Column) -> bool:
        return is_float(column)

    def summary(self) -> str:
        return f"per {self.per}" if self.per in PER[:2] else self.per


class Noise(DataStep):
    """Adds normal noise to every number."""

    kind, title, acts, order = "noise", "Noise", TRAINING, 30
    runs = f"{MODULE}.Noise"
    wants = "numbers of float32"

    deviation: float = param(
        default=0.05, gt=0, help="The standard deviation of the noise; 1 beside normalised data "
        "is as much as the data itself.",
    )  # fmt: skip

    def suits(self, column: Column) -> bool:
        return is_float(column)

    def summary(self) -> str:
        return f"{self.deviation:g}"


class Masks(DataStep):
    """Covers stripes of a spectrogram or a series, across frequencies and across time.

    Source: Park et al., SpecAugment (2019), section 2; without time warping.
    """

    kind, title, acts, order = "masks", "Stripes (SpecAugment)", TRAINING, 31
    runs = f"{MODULE}.Masks"
    wants = "spectrograms or series of float32"

    along_last: int = param(
        default=8, ge=0, title="Along the last axis",
        help="Most places of the last axis that a stripe covers.",
    )  # fmt: skip
    along_other: int = param(
        default=4, ge=0, title="Along the other",
        help="Most places of the axis before the last, such as frequencies, that a stripe covers; "
        "not where rows have one axis.",
    )  # fmt: skip
    stripes: int = param(default=1, ge=1, le=16, help="How many stripes along each of them.")

    def suits(self, column: Column) -> bool:
        return is_float(column) and len(column.shape) in (1, 2, 3)

    def changed(self, column: Column) -> Column:
        widest = (self.along_other, self.along_last)[-len(column.shape) :]
        for wide, size in zip(widest, column.shape[-2:], strict=True):
            if wide > size:
                raise UserError(
                    f"a stripe of {wide} is wider than “{column.name}”, whose axis has {size}."
                )
        return column

    def summary(self) -> str:
        return f"{self.along_last} and {self.along_other} wide"
