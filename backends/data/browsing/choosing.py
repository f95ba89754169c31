"""Which samples a person wants to see, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from backends.data.browsing.answers import verdicts_of
from backends.data.browsing.columns import Column
from backends.data.browsing.samples import Samples

LENGTH = "@length"
"""Stands for the length of a sample where the name of a column does."""


@dataclass(frozen=True)
class Choice:
    """What is wanted of samples; what is left as it is wants nothing.

    Attributes:
        needle: text in any column, or the number of a row, counted from 0.
        part: a place in `PARTS`.
        code: a class, as a place among those of the label.
        has_gaps: only rows with a gap in some column, or that cannot be read.
        column: whose numbers lie between `low` and `high`; `LENGTH` for the length.
        verdict: only rows that the model answers right, or wrong, as a place in `VERDICTS`.
        sort: by which column; "" keeps the order of the data.
    """

    needle: str = ""
    part: int | None = None
    code: int | None = None
    has_gaps: bool = False
    column: str = ""
    low: float | None = None
    high: float | None = None
    verdict: int | None = None
    sort: str = ""
    is_falling: bool = False


def chosen(
    samples: Samples,
    choice: Choice,
    unreadable: Collection[int] = (),
    cancelled: Callable[[], bool] = lambda: False,
) -> np.ndarray:
    """The rows that are wanted, in the order that is wanted."""
    keep = np.ones(len(samples), bool)
    if choice.part is not None:
        keep &= samples.parts == choice.part
    if choice.code is not None and samples.label is not None:
        keep &= samples.label.codes == choice.code
    if choice.has_gaps:
        keep &= gaps_in(samples, unreadable)
    if choice.verdict is not None:
        keep &= verdicts_of(samples) == choice.verdict
    keep &= _between(samples, choice)
    needle = choice.needle.strip().lower()
    if needle and keep.any():
        keep &= _found(samples, needle, cancelled)
    rows = np.flatnonzero(keep)
    return _ordered(samples, rows, choice)


def gaps_in(samples: Samples, unreadable: Collection[int]) -> np.ndarray:
    """Which rows have a gap, or cannot be read."""
    found = np.zeros(len(samples), bool)
    for column in samples.columns:
        found |= column.gaps()
    found[list(unreadable)] = True
    return found


def _between(samples: Samples, choice: Choice) -> np.ndarray | bool:
    if not choice.column or (choice.low is None and choice.high is None):
        return True
    values = _values(samples, choice.column)
    if values is None:
        return True
    low = -np.inf if choice.low is None else choice.low
    high = np.inf if choice.high is None else choice.high
    return np.asarray((values >= low) & (values <= high))


def _values(samples: Samples, name: str) -> np.ndarray | None:
    if name == LENGTH:
        return samples.lengths
    column = _column(samples, name)
    return column.keys() if column is not None else None


def _column(samples: Samples, name: str) -> Column | None:
    return next((column for column in samples.columns if column.name == name), None)


def _found(samples: Samples, needle: str, cancelled: Callable[[], bool]) -> np.ndarray:
    found = np.zeros(len(samples), bool)
    for column in samples.columns:
        if cancelled():
            break
        found |= column.finds(needle, cancelled)
    if needle.isdecimal() and int(needle) < len(samples):
        found[int(needle)] = True
    return found


def _ordered(samples: Samples, rows: np.ndarray, choice: Choice) -> np.ndarray:
    """Gaps come last either way; equal ones stay in the order of the data."""
    values = _values(samples, choice.sort) if choice.sort else None
    if values is None:
        return rows[::-1] if choice.is_falling and not choice.sort else rows
    keys = values[rows].astype(np.float64)
    order = np.argsort(np.where(np.isnan(keys), np.inf, -keys if choice.is_falling else keys),
                       kind="stable")  # fmt: skip
    return np.asarray(rows[order])
