"""What every step between data and model declares: its values, what it suits, what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from graph.data import Column
from graph.params import Form, Plain, param
from graph.problems import UserError
from graph.tensor import show_shape

ALWAYS, TRAINING = "always", "training"


class DataStep(Form):
    """One step of a list, with its values.

    Attributes:
        acts: whether it acts always, or while training only.
        runs: the class that does it, by the full name of its module and its own.
        wants: what a column must be to be changed by it, in words.
        order: its place in the menu.
    """

    kind: ClassVar[str]
    title: ClassVar[str]
    acts: ClassVar[str]
    runs: ClassVar[str]
    wants: ClassVar[str]
    order: ClassVar[int]

    column: str = param(
        default="",
        widget="column",
        help="The column that it changes; where none is named, every input that it suits.",
    )

    def suits(self, column: Column) -> bool:
        """Whether it can change a column."""
        raise NotImplementedError

    def chosen(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        """The columns that it changes.

        Raises:
            UserError: there are none, or the one that is named does not suit.
        """
        if self.column:
            found = next((each for each in columns if each.name == self.column), None)
            if found is None:
                known = ", ".join(f"“{each.name}”" for each in columns)
                raise UserError(f"the data has no column “{self.column}”; it has {known}.")
            if not self.suits(found):
                raise UserError(f"{_shown(found)}, but it changes {self.wants}.")
            return (found,)
        inputs = [each for each in columns if each.role == "input"]
        suited = tuple(each for each in inputs if self.suits(each))
        if not suited:
            held = "; ".join(map(_shown, inputs)) or "there are no inputs"
            raise UserError(f"it changes {self.wants}, but {held}.")
        return suited

    def changed(self, column: Column) -> Column:
        """What becomes of a column that it changes.

        Raises:
            UserError: its values do not fit the column.
        """
        return column

    def after(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        """What becomes of the columns.

        Raises:
            UserError: it suits none of them, or its values do not fit.
        """
        chosen = self.chosen(columns)
        return tuple(self.changed(each) if each in chosen else each for each in columns)

    def settings(self, columns: Sequence[Column]) -> dict[str, Plain]:
        """The values that the class in `runs` takes, beside the names of the columns."""
        return {name: value for name, value in self.values().items() if name != "column"}

    def summary(self) -> str:
        """Its most telling values in a few signs; empty where nothing is to be told."""
        return ""


def _shown(column: Column) -> str:
    shape = show_shape(column.shape) or "one number"
    return f"“{column.name}” has {shape} a row, {column.dtype}"


def is_float(column: Column) -> bool:
    """Whether a column holds numbers that can be calculated with."""
    return column.dtype == "float32"


def is_image(column: Column) -> bool:
    """Whether a row is a picture: channels, height, width."""
    return is_float(column) and len(column.shape) == 3


def resized(column: Column, height: int, width: int) -> Column:
    """The column with pictures of another size."""
    return replace(column, shape=(*column.shape[:-2], height, width))
