"""Steps that mix rows of a batch, and their targets with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from graph.data import Column
from graph.params import Plain, param
from graph.problems import UserError
from graph.steps.step import TRAINING, DataStep, is_float, is_image

MODULE = "backends.pytorch.steps.mixing"


class MixingStep(DataStep):
    """A step that mixes rows; classes become a probability for each, also where none is mixed."""

    alpha: float = param(
        default=0.2, gt=0, le=100,
        help="Shares are drawn from Beta(alpha, alpha): small ones hardly mix, 1 takes any share.",
    )  # fmt: skip
    chance: float = param(default=1.0, ge=0, le=1, help="The chance that a batch is mixed.")

    def chosen(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        inputs = super().chosen(columns)
        left = [c.name for c in columns if c.role == "input" and c not in inputs]
        if left and not self.column:
            raise UserError(
                f"it cannot mix “{left[0]}”, which are no numbers of float32; name the column that "
                "is to be mixed."
            )
        return (*inputs, *(each for each in columns if each.role == "target"))

    def changed(self, column: Column) -> Column:
        if column.role == "input" or is_float(column):
            return column
        if column.shape or not column.classes:
            raise UserError(
                f"it cannot mix “{column.name}”: targets must be numbers of float32, or one of "
                "several named classes for each row."
            )
        return replace(column, shape=(len(column.classes),), dtype="float32")

    def settings(self, columns: Sequence[Column]) -> dict[str, Plain]:
        held = {each.name: each for each in self.chosen(columns) if each.dtype == "int64"}
        counts = tuple(
            len(held[each.name].classes) if each.name in held else 0
            for each in self.chosen(columns)
        )
        inputs = sum(each.role == "input" for each in self.chosen(columns))
        return super().settings(columns) | {"classes": counts, "inputs": inputs}

    def summary(self) -> str:
        return f"alpha {self.alpha:g}"


class Mixup(MixingStep):
    """Adds to each row a share of another; targets are mixed in the same shares.

    The loss must take a probability for each class, as Cross-entropy does.
    Source: Zhang et al., mixup: Beyond Empirical Risk Minimization (2018), section 2.
    """

    kind, title, acts, order = "mixup", "Mixup", TRAINING, 50
    runs = f"{MODULE}.Mixup"
    wants = "numbers of float32"

    def suits(self, column: Column) -> bool:
        return is_float(column)


class CutMix(MixingStep):
    """Puts a part of another picture into each; targets are mixed in the shares of the area.

    The loss must take a probability for each class, as Cross-entropy does.
    Source: Yun et al., CutMix (2019), section 3.1.
    """

    kind, title, acts, order = "cutmix", "CutMix", TRAINING, 51
    runs = f"{MODULE}.CutMix"
    wants = "pictures, channels×height×width of float32"

    def suits(self, column: Column) -> bool:
        return is_image(column)
