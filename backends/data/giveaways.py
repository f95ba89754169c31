"""Data that teaches nothing, or gives the answer away: equal rows, and copies of the target."""

from __future__ import annotations

import numpy as np

from backends.data.source import Splits
from graph.data import Column, DataInfo

FEWEST_ROWS = 10
LARGEST_NUMBERS = 1 << 26
MOST_NAMED = 5
AS_GOOD_AS_ONE = 1 - 1e-9  # a correlation beyond it is that of the same numbers in another scale


def equal_rows(info: DataInfo, splits: Splits) -> list[str]:
    """Whether all rows to train on are the same, in what is read or in what is asked for."""
    found = []
    for column in info.targets():
        held = _held(splits, column)
        if held is not None and held.dtype.kind == "f" and _is_one(held):
            found.append(
                f"All rows to train on have the same answer “{column.name}”, "
                f"{held.ravel()[0]:.4g}, so there is nothing to learn."
            )
    inputs = [_held(splits, column) for column in info.inputs()]
    known = [held for held in inputs if held is not None]
    if known and len(known) == len(inputs) and all(map(_is_one, known)):
        found.append("All rows to train on are equal in what the model reads, so that it can tell "
                     "none from another.")  # fmt: skip
    return found


def giveaways(info: DataInfo, splits: Splits) -> list[str]:
    """Features that go with an answer without exception, as a copy of it does."""
    found = []
    for column in info.inputs():
        x = _held(splits, column)
        if x is None or x.ndim != 2 or x.dtype.kind != "f" or len(x) < FEWEST_ROWS:
            continue
        for target in info.targets():
            y = _held(splits, target)
            if y is None or len(y) != len(x) or not x.shape[1]:
                continue
            is_same = _is_class(x, y) if y.ndim == 1 else _is_number(x, y)
            if is_same.any():
                found.append(_told(column, target, np.flatnonzero(is_same)))
    return found


def _held(splits: Splits, column: Column) -> np.ndarray | None:
    """What the rows to train on hold, where it is in memory and not too much to look at."""
    held = splits.train.get(column.name)
    if held is None or getattr(held, "is_streamed", False) or not 0 < held.size <= LARGEST_NUMBERS:
        return None
    return held


def _is_one(held: np.ndarray) -> bool:
    return len(held) >= FEWEST_ROWS and bool((held == held[:1]).all())


def _is_class(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Which features have one value for each class, and another for each."""
    order = np.argsort(y, kind="stable")
    classes, starts = np.unique(y[order], return_index=True)
    if len(classes) < 2 or len(classes) * 2 > len(y):
        return np.zeros(x.shape[1], bool)
    ordered = x[order]
    low, high = (part.reduceat(ordered, starts, axis=0) for part in (np.minimum, np.maximum))
    ranked = np.sort(low, axis=0)
    return np.asarray((low == high).all(axis=0) & (ranked[1:] != ranked[:-1]).all(axis=0))


def _is_number(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Which features are one of the answers, but for how they are scaled."""
    found = np.zeros(x.shape[1], bool)
    if not np.isfinite(x).all() or not np.isfinite(y).all() or y.ndim != 2:
        return found
    apart = x - x.mean(axis=0, dtype=np.float64)
    size = np.linalg.norm(apart, axis=0)
    for answer in y.T.astype(np.float64):
        asked = answer - answer.mean()
        both = size * np.linalg.norm(asked)
        found |= (both > 0) & (np.abs(apart.T @ asked) > AS_GOOD_AS_ONE * both)
    return found


def _told(column: Column, target: Column, places: np.ndarray) -> str:
    names = column.help.split(", ")
    if len(names) != column.shape[0]:
        names = [f"{column.name}, place {place}" for place in range(column.shape[0])]
    shown = ", ".join(f"“{names[place]}”" for place in places[:MOST_NAMED])
    more = f" and {len(places) - MOST_NAMED} more" if len(places) > MOST_NAMED else ""
    verb = "says" if len(places) == 1 else "say"
    return (
        f"{shown}{more} {verb} the answer “{target.name}” without exception, as a copy of it "
        "would. Leave it out, unless it is known before the answer is."
    )
