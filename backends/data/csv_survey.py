"""What the columns of a table hold, found in one pass over all rows."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Literal

import numpy as np

from backends.data.csv_text import Dialect, dialect_of
from backends.data.parquet_kinds import nested_columns
from backends.data.readers.cells import (
    INFINITE,
    PARQUET,
    check_cells,
    is_gap,
    number_in,
    read_rows,
    words_for_gaps,
)
from backends.data.readers.errors import DataError, existing
from backends.data.source import refusing

Kind = Literal["number", "category", "text", "empty", "date", "ignored", "nested"]
DATE = re.compile(
    r"\d{4}[-/]\d{1,2}([-/]\d{1,2}([ T]\d{1,2}:\d{2}.*)?)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
)
MOST_DISTINCT = 1000
MOST_CATEGORIES = 50
FEW = 10
SAMPLES = 5


@dataclass(frozen=True)
class CsvColumn:
    """What one column holds.

    Attributes:
        distinct: how many different values there are, counted up to `MOST_DISTINCT`.
        values: all of them, in order; empty where they are too many.
        text_at: row and text of the first cell of a number column that is no number.
        whole: whether all numbers are whole.
        counts_rows: whether it only numbers the rows, from 0 or 1.
        gaps: the places, from 0, of the rows that have a gap here.
        infinite: how many of them hold an infinite number.
        is_said: whether a person said what it holds.
    """

    name: str
    kind: Kind
    missing: int
    distinct: int
    samples: tuple[str, ...]
    values: tuple[str, ...] = ()
    text_at: tuple[int, str] | None = None
    texts: int = 0
    whole: bool = False
    counts_rows: bool = False
    infinite: int = 0
    is_said: bool = False
    gaps: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64), compare=False)


@dataclass(frozen=True)
class Survey:
    """All columns of a CSV file, how it is written and its first rows.

    Attributes:
        renamed: of columns whose name another had already, what they are called and were.
        gaps: the words that stand for a gap; None for the usual ones.
        worded: the columns in which those are words.
    """

    path: Path
    dialect: Dialect
    columns: tuple[CsvColumn, ...]
    rows: int
    head: tuple[tuple[str, ...], ...]
    renamed: tuple[tuple[str, str], ...] = ()
    gaps: tuple[str, ...] | None = None
    worded: tuple[str, ...] = ()

    def gaps_in(self, name: str) -> tuple[str, ...] | None:
        """The words that stand for a gap in a column; None for the usual ones."""
        return words_for_gaps(name, self.gaps, self.worded)

    def names(self) -> tuple[str, ...]:
        """The names of the columns, in the order of the file."""
        return tuple(column.name for column in self.columns)

    def find(self, name: str) -> CsvColumn | None:
        """The column of that name; capitals do not matter where only one fits."""
        exact = [column for column in self.columns if column.name == name]
        near = [column for column in self.columns if column.name.lower() == name.lower()]
        return exact[0] if exact else near[0] if len(near) == 1 else None


@dataclass(frozen=True)
class CsvPreview:
    """What a person sees of a CSV file before choosing from it."""

    columns: tuple[CsvColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str
    delimiter: str
    header: bool
    total_rows: int


MOST_PREVIEWED = 200


def preview(path: Path, rows: int = 50) -> CsvPreview:
    """The columns with their kinds, and up to 200 first rows.

    Raises:
        UserError: the file is not there, empty, or no table.
    """
    found = survey(path)
    dialect = found.dialect
    return CsvPreview(
        found.columns,
        found.head[:rows],
        dialect.encoding,
        dialect.delimiter,
        dialect.header,
        found.rows,
    )


def survey(
    path: Path,
    header: bool | None = None,
    gaps: tuple[str, ...] | None = None,
    worded: tuple[str, ...] = (),
) -> Survey:
    """What the file holds; remembered until the file changes.

    Args:
        gaps: the words that stand for a gap, besides empty cells; None for the usual ones.
        worded: columns in which those are words, and only an empty cell is a gap.

    Raises:
        UserError: the file is not there, empty, or no table.
    """
    with refusing():
        stat = existing(path, "The table").stat()
        return _survey(path, header, gaps, worded, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=8)
def _survey(
    path: Path,
    header: bool | None,
    gaps: tuple[str, ...] | None,
    worded: tuple[str, ...],
    mtime_ns: int,
    size: int,
) -> Survey:
    dialect = dialect_of(path, header)
    rows = read_rows(path, dialect.encoding, dialect.delimiter)
    start = next(rows)
    first = start[1]
    names = _names(first) if dialect.header else [f"column {i + 1}" for i in range(len(first))]
    near = {name.lower() for name in worded if name not in names}
    worded = tuple(name for name in names if name in worded or name.lower() in near)
    tallies = [_Tally(words_for_gaps(name, gaps, worded)) for name in names]
    head: list[tuple[str, ...]] = []
    count = 0
    for number, row in rows if dialect.header else chain([start], rows):
        check_cells(path, number, len(row), len(names))
        for tally, cell in zip(tallies, row, strict=True):
            tally.add(count, number, cell, dialect.decimal)
        if count < MOST_PREVIEWED:
            head.append(tuple(row))
        count += 1
    if not count:
        raise DataError(f"“{path.name}” has a row of names, but no rows below it.")
    columns = [
        tally.column(name, dialect.decimal) for tally, name in zip(tallies, names, strict=True)
    ]
    if dialect.encoding == PARQUET:
        nested = nested_columns(path)
        columns = [replace(c, kind="nested") if k in nested else c for k, c in enumerate(columns)]
    given = first if dialect.header else names
    renamed = tuple(
        (name, cell) for name, cell in zip(names, given, strict=True) if cell and name != cell
    )
    return Survey(path, dialect, tuple(columns), count, tuple(head), renamed, gaps, worded)


def _names(first: list[str]) -> list[str]:
    """The names of the header, made different where they are equal or missing."""
    names: dict[str, None] = {}
    for place, cell in enumerate(first, 1):
        wanted = name = cell or f"column {place}"
        copy = 2
        while name in names:
            name = f"{wanted} {copy}"
            copy += 1
        names[name] = None
    return list(names)


class _Tally:
    """What was seen in one column so far."""

    def __init__(self, words: tuple[str, ...] | None) -> None:
        self.words = words
        self.gaps = array("q")
        self.known = self.numbers = self.dates = self.infinite = 0
        self.values: dict[str, None] | None = {}
        self.samples: list[str] = []
        self.text_at: tuple[int, str] | None = None
        self.whole = True
        self.from_zero = self.from_one = True

    def add(self, place: int, row: int, cell: str, decimal: str) -> None:
        """Takes one cell."""
        if is_gap(cell, self.words):
            self.gaps.append(place)
            self.infinite += INFINITE.fullmatch(cell) is not None
            return
        self.known += 1
        number = number_in(cell, decimal)
        if number is not None:
            self.numbers += 1
            self.whole = self.whole and number.is_integer()
            self.from_zero = self.from_zero and number == place
            self.from_one = self.from_one and number == place + 1
        else:
            self.text_at = self.text_at or (row, cell)
            self.dates += DATE.fullmatch(cell) is not None
        if self.values is not None and cell not in self.values:
            if len(self.samples) < SAMPLES:
                self.samples.append(cell)
            self.values[cell] = None
            if len(self.values) > MOST_DISTINCT:
                self.values = None

    def column(self, name: str, decimal: str) -> CsvColumn:
        """What the column holds, all told."""
        kind = self._kind()
        values = sorted(self.values or ())
        if self.numbers == self.known:
            values.sort(key=lambda cell: number_in(cell, decimal) or 0.0)
        return CsvColumn(
            name,
            kind,
            len(self.gaps),
            MOST_DISTINCT if self.values is None else len(values),
            tuple(self.samples),
            tuple(values),
            self.text_at,
            self.known - self.numbers,
            self.whole,
            (self.from_zero or self.from_one)
            and self.numbers > 2
            and not self.gaps
            and kind == "number",
            self.infinite,
            gaps=np.array(self.gaps, np.int64),
        )

    def _kind(self) -> Kind:
        distinct = MOST_DISTINCT if self.values is None else len(self.values)
        if not self.known:
            return "empty"
        if self.numbers == self.known or (self.numbers * 2 >= self.known and distinct > FEW):
            return "number"
        if self.dates == self.known - self.numbers:
            return "date"
        few = distinct <= FEW and distinct < self.known
        return "category" if few or distinct <= min(MOST_CATEGORIES, self.known / 2) else "text"
