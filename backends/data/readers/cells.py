"""The cells of a table as text, row by row, and the numbers and days that they hold."""

import csv
import datetime
import gzip
import io
import itertools
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from backends.data.readers.errors import (
    DataError,
    Report,
    existing,
    open_bytes,
    silent,
)

GAPS = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-", "--", "."})
INFINITE = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[ T](.*))?", re.ASCII)
YEAR_LAST = re.compile(r"(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})(?: (.*))?", re.ASCII)
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
LONGEST_CELL = 1 << 20
LONGEST_LINE = 1 << 26
LARGEST_NUMBER = float(np.finfo(np.float32).max)
MOST_COLUMNS = 10_000
PARQUET = "parquet"  # stands where the encoding of a text does


def is_gap(cell: str, words: tuple[str, ...] | None = None) -> bool:
    """Whether a cell holds nothing to count with; infinite numbers are such, too.

    Args:
        words: what alone stands for a gap, in small letters, besides an empty cell.
    """
    if words is not None:
        return not cell or cell.lower() in words
    return cell.lower() in GAPS or INFINITE.fullmatch(cell) is not None


def words_for_gaps(
    name: str, gaps: tuple[str, ...] | None, worded: tuple[str, ...]
) -> tuple[str, ...] | None:
    """What alone stands for a gap in a column; None for the usual.

    Args:
        gaps: what a person says of all columns.
        worded: the columns in which the usual words for gaps are words.
    """
    return () if gaps is None and name in worded else gaps


def number_in(cell: str, decimal: str = ".") -> float | None:
    """The number a cell holds; None for text, and for numbers too large to count with."""
    text = cell.replace(",", ".") if decimal == "," else cell
    if not NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if abs(number) <= LARGEST_NUMBER else None


def days_in(cell: str) -> float | None:
    """The days since 1970 of a date, its time as a part of a day; None for what is no date.

    Where the year is last, the day is first if dots part them, and the month if slashes do.
    """
    if first := YEAR_FIRST.fullmatch(cell):
        year, month, day, clock = first[1], first[2], first[3] or "1", first[4]
    elif last := YEAR_LAST.fullmatch(cell):
        month, day = (last[1], last[3]) if last[2] == "/" else (last[3], last[1])
        if int(month) > 12:
            month, day = day, month
        year, clock = last[4], last[5]
        if len(year) == 2:
            year = f"{'19' if int(year) > 68 else '20'}{year}"
    else:
        return None
    try:
        days = datetime.date(int(year), int(month), int(day)).toordinal() - 719_163
    except ValueError:
        return None
    time = CLOCK.match(clock) if clock else None
    hours, minutes, seconds = (int(time[i] or 0) for i in (1, 2, 3)) if time else (0, 0, 0)
    return days + (hours * 3600 + minutes * 60 + seconds) / 86_400


def read_rows(
    path: Path, encoding: str, delimiter: str, report: Report = silent
) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, cells stripped, with their numbers as spreadsheets count."""
    size = existing(path, "The table").stat().st_size
    if encoding == PARQUET:
        yield from parquet_rows(path, report)
        return
    csv.field_size_limit(LONGEST_CELL)
    number = 0
    with open_bytes(path) as file, io.TextIOWrapper(file, encoding, newline="") as text:
        try:
            for number, row in enumerate(csv.reader(_lines(path, text), delimiter=delimiter), 1):
                if number % 4096 == 0 and path.suffix != ".gz":
                    report(min(1.0, file.tell() / size))
                check_width(path, len(row))
                cells = [cell.strip() for cell in row]
                if any(cells):
                    yield number, cells
        except UnicodeError as error:
            raise DataError(f"“{path}” is not text in {encoding}: {error}.") from error
        except csv.Error as error:
            why = (
                f"a cell is longer than {LONGEST_CELL:,} characters; is a quotation mark left open?"
                if "field limit" in str(error)
                else f"{error}."
            )
            raise DataError(f"Row {number + 1} of “{path.name}” cannot be read: {why}") from error
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DataError(f"“{path}” is no whole gzip file: {error}.") from error


def _lines(path: Path, text: io.TextIOWrapper) -> Iterator[str]:
    """The lines of a text, none of which fills the memory."""
    for number in itertools.count(1):
        line = text.readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE:
            raise DataError(
                f"Line {number} of “{path.name}” is longer than {LONGEST_LINE:,} characters, so "
                "that it is no table."
            )
        if not line:
            return
        yield line


def check_cells(path: Path, number: int, cells: int, columns: int) -> None:
    """Refuses a row that is longer or shorter than the first."""
    if cells != columns:
        raise DataError(
            f"Row {number} of “{path.name}” has {cells} cells, but there are {columns} columns; "
            "every row needs as many as the first, so mend it, or take it out if it is no row."
        )


def check_width(path: Path, columns: int) -> None:
    """Refuses a table too wide to be chosen from, column by column."""
    if columns > MOST_COLUMNS:
        raise DataError(
            f"“{path.name}” has {columns:,} columns; tables have at most {MOST_COLUMNS:,}. Save "
            "its numbers as an NPY file, which may be as wide as you like."
        )


def parquet_rows(path: Path, report: Report = silent) -> Iterator[tuple[int, list[str]]]:
    """The names of the columns and then the rows of a Parquet file, every cell as text."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise DataError(
            f"“{path.name}” is a Parquet file, and the package pyarrow reads those: install it "
            "with “pip install pyarrow”, or save the table as CSV."
        ) from error
    try:
        file = parquet.ParquetFile(path)
        names = file.schema_arrow.names
        check_width(path, len(names))
        yield 1, names
        row, total = 1, max(file.metadata.num_rows, 1)
        for batch in file.iter_batches(batch_size=4096):
            columns = [column.to_pylist() for column in batch.columns]
            for cells in zip(*columns, strict=True):
                row += 1
                yield row, [_as_text(cell) for cell in cells]
            report(min(1.0, row / total))
    except (ArrowException, OSError) as error:
        raise DataError(
            f"“{path.name}” is no Parquet file that can be read: {str(error)[:200].rstrip('.')}."
        ) from error


def _as_text(cell: Any) -> str:  # Any: whatever a column of Parquet holds
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell.strip() if isinstance(cell, str) else str(cell)
