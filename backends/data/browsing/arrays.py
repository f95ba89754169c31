"""Samples of any source that answers arrays: images, series, tokens and numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from backends.data.browsing.columns import CodeColumn, Column, NumberColumn, TokenColumn
from backends.data.browsing.samples import (
    Apart,
    Look,
    Picture,
    Samples,
    Shown,
    Unreadable,
    Wave,
    parts_of,
)
from backends.data.browsing.stack import Stack
from backends.data.pictured import as_pixels, heat_pixels
from backends.data.readers.errors import DataError
from backends.data.source import Cancelled, Splits
from graph import data as declared

MOST_COLUMNS = 64
SHORTEST_WAVE = 256
SHORTEST_SERIES = 8
MOST_CHANNELS = 8
SMALLEST_SIDE = 4


def array_samples(
    info: declared.DataInfo,
    splits: Splits,
    apart: Apart,
    report: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> Samples:
    """The rows of arrays, those of the test below the others.

    Raises:
        DataError: a row cannot be read.
        Cancelled: `cancelled` answered True.
    """
    first = next(iter(splits.train.values()))
    rows = len(first)
    tests = len(next(iter(splits.test.values()), ()))
    stacks = {
        column.name: Stack([part[column.name] for part in (splits.train, splits.test)
                            if column.name in part and len(part[column.name])])
        for column in info.columns if column.name in splits.train
    }  # fmt: skip
    for name, held in stacks.items():
        if held.lies_on_disk and int(np.prod(held.shape)) < SHORTEST_WAVE:
            stacks[name] = held.in_memory(partial(_tell, report, cancelled))
    columns: list[Column] = []
    for column in info.columns:
        found = stacks.get(column.name)
        if found is not None and len(found) == rows + tests:
            columns += columns_of(column, found)
    tokens = next((each for each in columns if isinstance(each, TokenColumn)), None)
    label = next((c for c in columns if isinstance(c, CodeColumn) and c.is_target), None)
    look, open_ = _look(info, stacks)
    return Samples(
        info.title,
        tuple(columns),
        parts_of(splits.train, rows, tests, apart),
        "texts" if tokens is not None and look == "table" else look,
        open_,
        label,
        tokens.lengths() if tokens is not None else None,
        "tokens" if tokens is not None else "",
        pixel_classes=next((c.classes for c in info.targets() if len(c.shape) == 2), ()),
        note=" ".join(filter(None, (info.note, splits.note, _left_away(stacks)))),
        places=np.arange(rows + tests),
    )


def _tell(report: Callable[[float], None], cancelled: Callable[[], bool], share: float) -> None:
    if cancelled():
        raise Cancelled
    report(share)


def _left_away(stacks: dict[str, Stack]) -> str:
    """Which columns have more numbers than are shown."""
    wide = [
        f"Of “{name}” the first {MOST_COLUMNS} of {held.shape[0]:,} numbers are shown."
        for name, held in stacks.items()
        if len(held.shape) == 1
        and MOST_COLUMNS < held.shape[0] < SHORTEST_WAVE
        and held.dtype.kind == "f"
    ]
    return " ".join(wide)


def columns_of(column: declared.Column, held: Stack) -> list[Column]:
    """The cells of an array: a class, a text, or its numbers side by side; none for pictures."""
    is_target = column.role == "target"
    is_whole = held.dtype.kind in "iu"
    width = int(np.prod(held.shape))
    if is_whole and not held.shape and column.classes:
        codes = held.numbers().astype(np.int64)
        return [CodeColumn(column.name, codes, column.classes, "class", is_target=is_target,
                           in_order=True)]  # fmt: skip
    if is_whole and len(held.shape) == 1 and column.classes:
        return [TokenColumn(column.name, held, column.classes, is_target=is_target)]
    if len(held.shape) >= 2 and width > MOST_CHANNELS:
        return []
    if len(held.shape) == 1 and width >= SHORTEST_WAVE:
        return []
    names = [column.name] if width == 1 else [f"{column.name}[{at}]" for at in range(width)]
    return [
        NumberColumn(name, held, at, is_target=is_target)
        for at, name in enumerate(names[:MOST_COLUMNS])
    ]


def _look(info: declared.DataInfo, stacks: dict[str, Stack]) -> tuple[Look, Callable[[int], Shown]]:
    """How the rows are best looked at, and what one looks like."""
    for column in info.inputs():
        held = stacks.get(column.name)
        if held is None or column.classes:
            continue
        shape = held.shape
        if len(shape) == 3 and shape[0] in (1, 2, 3, 4) and min(shape[1:]) >= SMALLEST_SIDE:
            return "pictures", _guarded(_picture, held, _mask_of(info, stacks, shape[1:]))
        if len(shape) == 2 and shape[0] >= SHORTEST_SERIES:
            if shape[1] <= MOST_CHANNELS:
                return "waves", _guarded(_wave, held)
            return "pictures", _guarded(_heat, held)
        if len(shape) == 1 and shape[0] >= SHORTEST_WAVE and held.dtype.kind == "f":
            return "waves", _guarded(_wave, held)
    return "table", lambda _row: None


def _mask_of(
    info: declared.DataInfo, stacks: dict[str, Stack], size: tuple[int, ...]
) -> Stack | None:
    for column in info.targets():
        held = stacks.get(column.name)
        if held is not None and held.shape == size and held.dtype.kind in "iu":
            return held
    return None


def _guarded(read: Callable[..., Shown], *held: Stack | None) -> Callable[[int], Shown]:
    def open_(row: int) -> Shown:
        try:
            return read(*(each.row(row) if each is not None else None for each in held))
        except DataError as error:
            return Unreadable(str(error))
        except Exception as error:  # noqa: BLE001  a border: a person's Dataset may raise anything
            return Unreadable(f"{type(error).__name__}: {error}")

    return open_


def _picture(pixels_CHW: np.ndarray, mask: np.ndarray | None) -> Picture:
    return Picture(as_pixels(pixels_CHW), mask)


def _wave(values: np.ndarray) -> Wave:
    return Wave(values.reshape(len(values), -1))


def _heat(values_TF: np.ndarray) -> Picture:
    """Numbers as brightness, time from left to right and the first band at the bottom."""
    return Picture(heat_pixels(values_TF), is_chart=True)
