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
from typing import IO

from backends.data.readers.cells import GAPS, PARQUET, number_in, read_rows
from backends.data.readers.errors import DataError, existing, open_bytes

SAMPLE_BYTES = 1 << 16
SAMPLE_ROWS = 200
DELIMITERS = ("\t", ";", "|", ",")  # a tie goes to the rarer sign, as commas also stand in numbers
LATIN_1 = "latin-1"
OTHER_LETTERS = (
    "The file is not in UTF-8 and is read as Latin-1; if its letters look wrong, save it in UTF-8."
)
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # begins like the next
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
NO_TEXT = {
    b"PK\x03\x04": "it is a ZIP archive, as Excel's workbooks are; save the table as CSV",
    b"\xd0\xcf\x11\xe0": "it is a workbook of Excel; save the table as CSV",
    b"\x1f\x8b": "it is packed by gzip, though its name does not end in .gz; give it that ending",
    b"%PDF": "it is a PDF document; save the table as CSV",
    b"SQLite format 3\0": "it is a database of SQLite; export the table as CSV",
}
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
SURELY_DECIMAL_COMMA = re.compile(r"[+-]?\d+,(?!\d{3}$)\d+")  # 1,234 may be a thousand
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
    comma = DECIMAL_COMMA if delimiter != "," else SURELY_DECIMAL_COMMA
    commas = any(map(comma.fullmatch, cells))
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
            marked = next((name for mark, name in MARKS.items() if start.startswith(mark)), "")
            if marked or (marked := _two_bytes_each(start)):
                return marked
            if what := next((what for sign, what in NO_TEXT.items() if start.startswith(sign)), ""):
                raise DataError(f"“{path}” is no text file: {what}.")
            return "utf-8" if _is_utf8(path, start, file) else LATIN_1
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(f"“{path}” cannot be read: {error}.") from error


def _is_utf8(path: Path, start: bytes, file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, place, part = True, 0, start
    while part:
        if b"\0" in part:
            raise DataError(
                f"“{path}” is no text file: it holds a zero byte, the first at byte "
                f"{place + part.index(0):,}. Save it as text in UTF-8."
            )
        if is_utf8:
            is_utf8 = _is_decoded(decoder, part)
        place, part = place + len(part), file.read(1 << 20)
    return is_utf8 and _is_decoded(decoder, b"", final=True)


def _is_decoded(decoder: codecs.IncrementalDecoder, part: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(part, final)
    except UnicodeDecodeError:
        return False
    return True


def _two_bytes_each(start: bytes) -> str:
    """The encoding of a text in UTF-16 without a mark: its other bytes are nearly all zero."""
    first, second = start[0::2].count(0), start[1::2].count(0)
    most, few = 0.4 * len(start) / 2, 0.02 * len(start) / 2
    if len(start) < 4 or len(start) % 2:
        return ""
    if second > most and first <= few:
        return "utf-16-le"
    return "utf-16-be" if first > most and second <= few else ""


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
