"""Tables: numbers, one-hot categories, dates, gaps, and the targets."""

import math
from array import array
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from backends.data.readers.cells import (
    check_cells,
    days_in,
    is_gap,
    number_in,
    read_rows,
    words_for_gaps,
)
from backends.data.readers.errors import Arrays, DataError, Report, silent
from backends.data.readers.split import mean_and_spread, parted
from backends.data.readers.splitting import Split, choose_test, drawn_by, kept_apart, stages_in

YEAR_DAYS, WEEK_DAYS = 365.2425, 7.0
DATE_FEATURES = ("days", "sin of year", "cos of year", "sin of week", "cos of week")
FILLS = ("mean / most common", "fill and mark")


def to_nobody(kept: np.ndarray, tests: np.ndarray) -> None:
    """Tells nobody which rows are used, and which of these are for the test."""


class _Columns:
    """The used cells of a table, column by column: numbers, or the index of a category."""

    def __init__(
        self,
        names: tuple[str, ...],
        numbers: tuple[str, ...],
        dates: tuple[str, ...],
        known: dict[str, tuple[str, ...]],
        keys: tuple[str, ...],
        gaps: tuple[str, ...] | None = None,
        worded: tuple[str, ...] = (),
    ) -> None:
        self.gaps = {name: words_for_gaps(name, gaps, worded) for name in names}
        self.names = names
        self.numbers = numbers
        self.dates = dates
        self.codes = {name: {c: i for i, c in enumerate(found)} for name, found in known.items()}
        self.keys: dict[str, list[str]] = {name: [] for name in keys}
        self.places = {name: i for i, name in enumerate(names)}
        self.cells = {name: array("d") for name in (*numbers, *dates, *known)}
        self.row_numbers: list[int] = []

    def add(self, row_number: int, row: list[str], decimal: str) -> None:
        """Takes the used cells of one row; -1 and NaN stand for gaps."""
        self.row_numbers.append(row_number)
        for name, held in self.keys.items():
            held.append(row[self.places[name]])
        for name in self.numbers:
            cell = row[self.places[name]]
            number = number_in(cell, decimal)
            if number is None and not is_gap(cell, self.gaps[name]):
                raise DataError(
                    f"Column “{name}” has text in row {row_number} (“{cell[:40]}”), but numbers "
                    "elsewhere; correct that cell or leave the column out."
                )
            self.cells[name].append(math.nan if number is None else number)
        for name in self.dates:
            cell = row[self.places[name]]
            days = days_in(cell)
            if days is None and not is_gap(cell, self.gaps[name]):
                raise DataError(
                    f"Column “{name}” has “{cell[:40]}” in row {row_number}, which is no date such "
                    "as 2024-05-31; correct that cell or leave the column out."
                )
            self.cells[name].append(math.nan if days is None else days)
        for name, codes in self.codes.items():
            cell = row[self.places[name]]
            code = -1 if is_gap(cell, self.gaps[name]) else codes.get(cell)
            if code is None:
                raise DataError(
                    f"Column “{name}” has “{cell[:40]}” in row {row_number}, which is none of its "
                    f"categories ({', '.join(codes)})."
                )
            self.cells[name].append(code)

    def add_all(self, path: Path, rows: Iterable[tuple[int, list[str]]], decimal: str) -> None:
        """Takes the used cells of all rows of a file."""
        for row_number, row in rows:
            check_cells(path, row_number, len(row), len(self.names))
            self.add(row_number, row, decimal)

    def column(self, name: str) -> np.ndarray:
        """The cells of a column as numbers."""
        return np.array(self.cells[name], np.float64)


def load_table(
    path: Path,
    names: tuple[str, ...],
    numbers: tuple[str, ...],
    categories: dict[str, tuple[str, ...]],
    target: str,
    classes: tuple[str, ...] = (),
    dates: tuple[str, ...] = (),
    more_targets: dict[str, tuple[str, ...]] | None = None,
    marked: tuple[str, ...] = (),
    missing: str = "drop rows",
    standardise: bool = True,
    split: str = "auto",
    test_fraction: float = 0.2,
    folds: int = 0,
    fold: int = 1,
    seed: int = 0,
    balanced: bool = False,
    group: str = "",
    order_by: str = "",
    stage: str = "",
    test_path: Path | None = None,
    header: bool = True,
    encoding: str = "utf-8",
    delimiter: str = ",",
    decimal: str = ".",
    gaps: tuple[str, ...] | None = None,
    worded: tuple[str, ...] = (),
    report: Report = silent,
    tell: Callable[[np.ndarray, np.ndarray], None] = to_nobody,
) -> tuple[Arrays, Arrays]:
    """The features x (N, F) as float32, and y: class indices (N,), or numbers (N, 1).

    Args:
        names: all columns of the file, in its order.
        numbers: the columns used as they are; they come first in x.
        categories: the columns used as one-hot, each with its categories.
        target: the column y is made of; with classes it is an index into them.
        dates: the columns whose days, seasons and days of the week are used.
        more_targets: further columns to answer, with their classes, which keep their names.
        marked: the columns that get a feature which is 1 where they have a gap.
        missing: "drop rows" that have a gap, fill with "mean / most common", or "refuse".
        standardise: numbers to mean 0 and spread 1, by what the training rows alone tell.
        group: the column whose equal cells stay together; order_by is that of the time, and stage
            the one that says train, validation or test.
        test_path: a second file of the same columns, whose rows are for the test.
        gaps: the words that stand for a gap, besides an empty cell; None for the usual ones, which
            are words in the columns `worded`.
        tell: receives the places of the rows that are used, in their order, and which of them are
            for the test.
    """
    answers = {target: classes, **(more_targets or {})}
    codes = categories | {name: known for name, known in answers.items() if known}
    numeric = (*numbers, *(name for name, known in answers.items() if not known))
    keys = tuple(name for name in (group, order_by, stage) if name)
    table = _Columns(names, numeric, dates, codes, keys, gaps, worded)
    rows = islice(read_rows(path, encoding, delimiter, report), 1 if header else 0, None)
    table.add_all(path, rows, decimal)
    first_of_test = len(table.row_numbers)
    if test_path is not None:
        table.add_all(
            test_path, _rows_for_test(test_path, names, header, encoding, delimiter), decimal
        )
    how = Split(split, test_fraction, seed, folds, fold, balanced)
    keep = _kept(table, path, (*numbers, *dates, *categories), tuple(answers), missing)
    if order_by and split == "in order":
        keep = keep[
            np.argsort(_times(table.keys[order_by], order_by, decimal)[keep], kind="stable")
        ]
    found = {name: table.column(name)[keep] for name in (*numeric, *codes, *dates)}
    labels = found[target].astype(np.int64) if classes else None
    groups = np.array(table.keys[group])[keep] if group else None
    told = [table.keys[stage][row] for row in keep] if stage else None
    stages = stages_in(told, f"Column “{stage}”") if told is not None else None
    if test_path is None:
        mask, ranks = choose_test(len(keep), how, labels, groups, stages)
    else:
        mask, ranks = kept_apart(keep >= first_of_test, how, labels, groups, stages)
    tell(keep, mask)
    missed = {name: _gaps(name in codes, found[name]) for name in marked}
    _fill({name: found[name] for name in (*numbers, *dates)}, found, tuple(categories), mask)
    x = _features(found, numbers, dates, categories, missed, mask if standardise else None)
    columns: Arrays = {"x": x}
    for name, known in answers.items():
        y = found[name]
        column = y.astype(np.int64) if known else y.astype(np.float32)[:, None]
        columns["y" if name == target else name] = column
    train, test = parted(columns, mask)
    return train | drawn_by(how, mask, ranks, labels), test


def _rows_for_test(
    path: Path, names: tuple[str, ...], header: bool, encoding: str, delimiter: str
) -> Iterator[tuple[int, list[str]]]:
    """The rows of the second file."""
    rows = read_rows(path, encoding, delimiter)
    if header:
        _, found = next(rows, (0, []))
        if tuple(found) != names:
            raise DataError(
                f"The test file “{path.name}” has the columns {', '.join(found[:20])}, but the "
                f"first file has {', '.join(names[:20])}; both need the same."
            )
    yield from rows


def _kept(
    table: _Columns, path: Path, used: tuple[str, ...], answers: tuple[str, ...], missing: str
) -> np.ndarray:
    """The places of the rows that can be used."""
    count = len(table.row_numbers)
    gaps, unanswered = np.zeros(count, bool), np.zeros(count, bool)
    for name in used:
        gaps |= _gaps(name in table.codes, table.column(name))
    for name in answers:
        unanswered |= _gaps(name in table.codes, table.column(name))
    wrong = gaps | unanswered
    if missing == "refuse" and wrong.any():
        raise DataError(
            f"{int(wrong.sum()):,} rows of “{path.name}” have gaps, the first is row "
            f"{table.row_numbers[int(np.argmax(wrong))]}; fill them, or choose to drop such rows "
            "or to fill them."
        )
    keep = np.flatnonzero(~unanswered if missing in FILLS else ~wrong)
    if len(keep) < 2:
        raise DataError(
            f"“{path.name}” has {len(keep)} usable rows of {count:,}; at least 2 are needed."
        )
    return keep


def _gaps(is_code: bool, column: np.ndarray) -> np.ndarray:
    return column < 0 if is_code else np.isnan(column)


def _times(cells: list[str], name: str, decimal: str) -> np.ndarray:
    """When each row was: numbers, or dates as days."""
    found = [number_in(cell, decimal) for cell in cells]
    found = [days_in(c) if n is None else n for c, n in zip(cells, found, strict=True)]
    if None in found:
        at = found.index(None)
        raise DataError(
            f"Column “{name}” is to put the rows in order, but holds “{cells[at][:40]}” in row "
            f"{at + 1} of the data, which is neither a number nor a date."
        )
    return np.array(found, np.float64)


def _fill(numbers: Arrays, columns: Arrays, categories: tuple[str, ...], mask: np.ndarray) -> None:
    """Puts the mean, or the most common category, of the training rows into gaps."""
    for column in numbers.values():
        known = column[~mask & ~np.isnan(column)]
        column[np.isnan(column)] = known.mean() if len(known) else 0.0
    for name in categories:
        column = columns[name]
        codes = column[~mask & (column >= 0)].astype(np.int64)
        column[column < 0] = np.bincount(codes).argmax() if len(codes) else 0


def _features(
    found: Arrays,
    numbers: tuple[str, ...],
    dates: tuple[str, ...],
    categories: dict[str, tuple[str, ...]],
    gaps: Arrays,
    mask: np.ndarray | None,
) -> np.ndarray:
    """All features side by side; with a mask, the rows outside it tell how numbers are scaled."""
    values = np.array([found[name] for name in (*numbers, *dates)], np.float64)
    values = values.reshape(-1, len(next(iter(found.values())))).T.copy()
    cycles = [
        wave(2 * np.pi * found[name] / length)[:, None]
        for name in dates
        for length in (YEAR_DAYS, WEEK_DAYS)
        for wave in (np.sin, np.cos)
    ]
    if mask is not None:
        mean, spread = mean_and_spread(values[~mask])
        values = (values - mean) / spread
    parts = [values, *cycles]
    for name, known in categories.items():
        parts.append(found[name][:, None] == np.arange(len(known))[None, :])
    parts += [gap[:, None] for gap in gaps.values()]
    return np.concatenate(parts, axis=1).astype(np.float32)
