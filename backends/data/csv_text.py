"""How a table is written: its encoding, delimiter, header and decimal sign."""

from __future__ import annotations

import codecs
import csv
import re
import zlib
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from backends.data.readers.cells import GAPS, PARQUET, number_in, read_rows
from backends.data.readers.errors import DataError, existing, open_bytes

SAMPLE_BYTES = 1 << 16
SAMPLE_ROWS = 200
DELIMITERS = ("\t", ";", "|", ",")  # a tie goes to the rarer sign, as commas also stand in numbers
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
DECIMAL_POINT = re.compile(r"[+-]?\d+\.\d+")


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written."""

    encoding: str
    delimiter: str
    header: bool
    decimal: str


def dialect_of(path: Path, header: bool | None = None) -> Dialect:
    """How a CSV file is written, by looking at its beginning; of the encoding, at all of it.

    Args:
        header: whether the first row holds names; None finds out.

    Raises:
        DataError: there is no such file, or it is empty or no text.
    """
    with existing(path, "The table").open("rb") as file:
        if file.read(4) == b"PAR1":
            return Dialect(PARQUET, ",", True, ".")
    encoding = encoding_of(path)
    with open_bytes(path) as file:
        sample = file.read(SAMPLE_BYTES)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample)
    lines = text.splitlines()
    if len(sample) == SAMPLE_BYTES and len(lines) > 1:
        lines.pop()  # the sample may end within it
    delimiter = _delimiter_of(lines)
    rows = [cells for _, cells in islice(read_rows(path, encoding, delimiter), SAMPLE_ROWS)]
    if not rows:
        raise DataError(f"“{path}” holds no rows, only blank lines.")
    cells = [cell for row in rows for cell in row]
    commas = delimiter != "," and any(map(DECIMAL_COMMA.fullmatch, cells))
    decimal = "," if commas and not any(map(DECIMAL_POINT.fullmatch, cells)) else "."
    found = _has_header(rows, decimal) if header is None else header
    return Dialect(encoding, delimiter, found, decimal)


def encoding_of(path: Path) -> str:
    """In which encoding a text file is written; all of it is looked at.

    Raises:
        DataError: it is no text.
    """
    with open_bytes(path) as file:
        try:
            start = file.read(SAMPLE_BYTES)
            if start.startswith(codecs.BOM_UTF8):
                return "utf-8-sig"
            if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            if b"\0" in start:
                raise DataError(f"“{path}” is no text file: it holds zero bytes.")
            decoder = codecs.getincrementaldecoder("utf-8")()
            decoder.decode(start)
            while part := file.read(1 << 20):
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "latin-1"
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(f"“{path}” cannot be read: {error}.") from error
    return "utf-8"


def _delimiter_of(lines: list[str]) -> str:
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        try:
            parsed = csv.reader(lines[:SAMPLE_ROWS], delimiter=delimiter)
            lengths = Counter(len(row) for row in parsed if row)
        except csv.Error:
            continue
        length, count = lengths.most_common(1)[0] if lengths else (1, 0)
        score = count / lengths.total() if length > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _has_header(rows: list[list[str]], decimal: str) -> bool:
    first, rest = rows[0], rows[1:]
    if any(number_in(cell, decimal) is not None for cell in first):
        return False
    if not rest:
        return True
    columns = list(zip(*(row for row in rest if len(row) == len(first)), strict=True))
    for column in columns:
        known = [cell for cell in column if cell.lower() not in GAPS]
        if known and all(number_in(cell, decimal) is not None for cell in known):
            return True
    return all(name not in column for name, column in zip(first, columns, strict=False))
