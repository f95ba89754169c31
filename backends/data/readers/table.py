"""Tables in CSV files: numbers, one-hot categories, gaps, and the target."""

import csv
import gzip
import io
import math
import re
import zlib
from array import array
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from backends.data.readers.errors import (
    Arrays,
    DataError,
    Report,
    existing,
    open_bytes,
    silent,
)
from backends.data.readers.split import mask_for_test, mean_and_spread, parted

GAPS = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-", "--", "."})
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
LONGEST_CELL = 1 << 20


def number_in(cell: str, decimal: str = ".") -> float | None:
    """The number a cell holds; None for text, and for numbers too large to count with."""
    text = cell.replace(",", ".") if decimal == "," else cell
    if not NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if abs(number) <= float(np.finfo(np.float32).max) else None


def read_rows(
    path: Path, encoding: str, delimiter: str, report: Report = silent
) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, cells stripped, with their numbers as spreadsheets count."""
    size = existing(path, "The CSV file").stat().st_size
    csv.field_size_limit(LONGEST_CELL)
    with open_bytes(path) as file, io.TextIOWrapper(file, encoding, newline="") as text:
        try:
            for number, row in enumerate(csv.reader(text, delimiter=delimiter), 1):
                if number % 4096 == 0 and path.suffix != ".gz":
                    report(min(1.0, file.tell() / size))
                cells = [cell.strip() for cell in row]
                if any(cells):
                    yield number, cells
        except UnicodeError as error:
            raise DataError(f"“{path}” is not text in {encoding}: {error}.") from error
        except csv.Error as error:
            raise DataError(f"“{path}” cannot be read as a table: {error}.") from error
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DataError(f"“{path}” is no whole gzip file: {error}.") from error


def load_table(
    path: Path,
    names: tuple[str, ...],
    numbers: tuple[str, ...],
    categories: dict[str, tuple[str, ...]],
    target: str,
    classes: tuple[str, ...] = (),
    missing: str = "drop rows",
    standardise: bool = True,
    test_fraction: float = 0.2,
    seed: int = 0,
    header: bool = True,
    encoding: str = "utf-8",
    delimiter: str = ",",
    decimal: str = ".",
    report: Report = silent,
) -> tuple[Arrays, Arrays]:
    """The features x (N, F) as float32, and y: class indices (N,), or numbers (N, 1).

    Args:
        names: all columns of the file, in its order.
        numbers: the columns used as they are; they come first in x.
        categories: the columns used as one-hot, each with its categories.
        target: the column y is made of; with classes it is an index into them.
        missing: "drop rows" that have a gap, fill with "mean / most common", or "refuse".
        standardise: numbers to mean 0 and spread 1, by what the training rows alone tell.
    """
    rows = islice(read_rows(path, encoding, delimiter, report), 1 if header else 0, None)
    if classes:
        table = _Columns(names, numbers, {**categories, target: classes})
    else:
        table = _Columns(names, (*numbers, target), categories)
    for row_number, row in rows:
        table.add(row_number, row, decimal)
    x_numbers = table.matrix(numbers)
    x_categories = table.matrix(tuple(categories))
    y = table.matrix((target,))[:, 0]
    gaps = np.isnan(x_numbers).any(axis=1) | (x_categories < 0).any(axis=1)
    no_target = y < 0 if classes else np.isnan(y)
    if missing == "refuse" and (gaps | no_target).any():
        first = table.row_numbers[int(np.argmax(gaps | no_target))]
        raise DataError(
            f"{int((gaps | no_target).sum()):,} rows of “{path.name}” have gaps, the first is row "
            f"{first}; fill them, or choose to drop such rows or to fill them."
        )
    keep = ~no_target & ~gaps if missing == "drop rows" else ~no_target
    x_numbers, x_categories, y = x_numbers[keep], x_categories[keep], y[keep]
    if len(y) < 2:
        raise DataError(
            f"“{path.name}” has {len(y)} usable rows of {len(keep):,}; at least 2 are needed."
        )
    labels = y.astype(np.int64) if classes else None
    mask = mask_for_test(len(y), test_fraction, seed, labels)
    _fill(x_numbers, x_categories, mask)
    if standardise:
        mean, spread = mean_and_spread(x_numbers[~mask])
        x_numbers = (x_numbers - mean) / spread
    parts = [x_numbers]
    for k, known in enumerate(categories.values()):
        parts.append(x_categories[:, k, None] == np.arange(len(known))[None, :])
    x = np.concatenate(parts, axis=1).astype(np.float32)
    answers = y.astype(np.float32)[:, None] if labels is None else labels
    return parted({"x": x, "y": answers}, mask)


def _fill(numbers: np.ndarray, categories: np.ndarray, mask: np.ndarray) -> None:
    """Puts the mean, or the most common category, of the training rows into gaps."""
    for column in numbers.T:
        known = column[~mask & ~np.isnan(column)]
        column[np.isnan(column)] = known.mean() if len(known) else 0.0
    for column in categories.T:
        known = column[~mask & (column >= 0)].astype(np.int64)
        column[column < 0] = np.bincount(known).argmax() if len(known) else 0


class _Columns:
    """The used cells of a table, column by column: numbers, or the index of a category."""

    def __init__(
        self, names: tuple[str, ...], numbers: tuple[str, ...], known: dict[str, tuple[str, ...]]
    ) -> None:
        self.names = names
        self.numbers = numbers
        self.codes = {name: {c: i for i, c in enumerate(found)} for name, found in known.items()}
        self.places = {name: i for i, name in enumerate(names)}
        self.cells = {name: array("d") for name in (*numbers, *known)}
        self.row_numbers: list[int] = []

    def add(self, row_number: int, row: list[str], decimal: str) -> None:
        """Takes the used cells of one row; -1 and NaN stand for gaps."""
        if len(row) != len(self.names):
            raise DataError(
                f"Row {row_number} has {len(row)} cells, but there are {len(self.names)} columns."
            )
        self.row_numbers.append(row_number)
        for name in self.numbers:
            cell = row[self.places[name]]
            number = number_in(cell, decimal)
            if number is None and cell.lower() not in GAPS:
                raise DataError(
                    f"Column “{name}” has text in row {row_number} (“{cell[:40]}”), but numbers "
                    "elsewhere; correct that cell or leave the column out."
                )
            self.cells[name].append(math.nan if number is None else number)
        for name, codes in self.codes.items():
            cell = row[self.places[name]]
            code = -1 if cell.lower() in GAPS else codes.get(cell)
            if code is None:
                raise DataError(
                    f"Column “{name}” has “{cell[:40]}” in row {row_number}, which is none of its "
                    f"categories ({', '.join(codes)})."
                )
            self.cells[name].append(code)

    def matrix(self, names: tuple[str, ...]) -> np.ndarray:
        """The cells of some columns as (rows, columns)."""
        columns = [self.cells[name] for name in names]
        return np.array(columns, np.float64).reshape(len(names), len(self.row_numbers)).T.copy()
