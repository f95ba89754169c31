"""The samples of a data source: their columns, the part each is in, and what one looks like."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from backends.data.browsing.columns import CodeColumn, Column, NumberColumn

if TYPE_CHECKING:
    from backends.data.browsing.answers import Answers

TRAIN, VALIDATION, TEST, LEFT_OUT = range(4)
PARTS = ("train", "validation", "test", "left out")

Look = Literal["pictures", "waves", "texts", "table"]
Apart = Callable[[Mapping[str, np.ndarray], int], np.ndarray]
"""Which of so many rows to train on validate, by the columns that say how they are drawn."""


@dataclass(frozen=True)
class Picture:
    """An image as bytes (H, W, C) of one, three or four channels, perhaps with a class each pixel.

    Attributes:
        mask: the class of every pixel (H, W); less than 0 where nobody judged it.
        is_chart: whether it is numbers over two axes, of which neither is a length.
    """

    pixels: np.ndarray
    mask: np.ndarray | None = None
    is_chart: bool = False


@dataclass(frozen=True)
class Wave:
    """A series (T, C) of one or more channels; `rate` is how many numbers a second has, or 0."""

    values: np.ndarray
    rate: int = 0


@dataclass(frozen=True)
class Unreadable:
    """A sample that cannot be read, and why."""

    reason: str


Shown = Picture | Wave | Unreadable | None


@dataclass(frozen=True)
class Samples:
    """All samples of a source, those of the test below those to train on.

    Attributes:
        parts: the part of each row, as a place in `PARTS`.
        look: how they are best looked at.
        open: what a row looks like; None where it is no picture and no series.
        label: the column of classes to predict, if there is one.
        lengths: how long each sample is, where that differs; `length_unit` says in what.
        pixel_classes: the classes of pixels, where samples have masks.
        note: what a person should know, such as rows that were left out.
        reparted: the parts, where these rows cannot be read; None where all can.
        file: the file that a row lies in; None where rows lie in no files of their own.
        places: where each row is among the arrays that a run reads, those of the test below the
            others; less than 0 for rows that it does not read.
        answers: what a trained model answers, once it was asked.
    """

    title: str
    columns: tuple[Column, ...]
    parts: np.ndarray
    look: Look
    open: Callable[[int], Shown] = lambda _row: None
    label: CodeColumn | None = None
    lengths: np.ndarray | None = None
    length_unit: str = ""
    pixel_classes: tuple[str, ...] = ()
    note: str = ""
    reparted: Callable[[Collection[int]], np.ndarray] | None = None
    file: Callable[[int], Path] | None = None
    places: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    answers: Answers | None = None

    def __len__(self) -> int:
        return len(self.parts)

    def numbers(self) -> tuple[NumberColumn, ...]:
        """The columns of numbers."""
        return tuple(each for each in self.columns if isinstance(each, NumberColumn))

    def without(self, broken: Collection[int]) -> Samples:
        """The same, knowing that these rows cannot be read."""
        if self.reparted is None or not broken:
            return self
        places = self.places
        if len(places):
            good = np.ones(len(self), bool)
            good[list(broken)] = False
            order = np.argsort(places[good], kind="stable")
            places = np.full(len(self), -1, np.int64)
            places[np.flatnonzero(good)[order]] = np.arange(int(good.sum()))
        return replace(self, parts=self.reparted(broken), places=places)


def parts_of(train: Mapping[str, np.ndarray], rows: int, tests: int, apart: Apart) -> np.ndarray:
    """The part of each row, where those for the test come last."""
    found = np.full(rows + tests, TRAIN, np.uint8)
    found[rows:] = TEST
    if rows:
        drawn = {name: held for name, held in train.items() if name.startswith("@")}
        found[:rows][apart(drawn, rows)] = VALIDATION
    return found
