"""Samples of a table: its cells as the file has them, gaps and texts included."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path

import numpy as np

from backends.data.browsing.columns import CodeColumn, Column, NumberColumn
from backends.data.browsing.samples import (
    LEFT_OUT,
    TEST,
    TRAIN,
    VALIDATION,
    Apart,
    Samples,
)
from backends.data.browsing.stack import Stack
from backends.data.csv_file import CsvFile
from backends.data.csv_survey import CsvColumn, Survey
from backends.data.readers.cells import is_gap, number_in, read_rows
from backends.data.source import Cancelled, refusing
from backends.data.table import TableSource
from graph.problems import UserError

MOST_ROWS = 1_000_000
SHARE_OF_READING = 0.6


def table_samples(
    source: TableSource,
    apart: Apart,
    report: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> Samples:
    """All rows of a table; those that training cannot use are left out, and shown nevertheless.

    Raises:
        UserError: the file is not there or is no table.
        Cancelled: `cancelled` answered True.
    """
    found, (answers, note) = _survey_of(source), _answers_of(source)
    columns = _read(
        found, answers, source.test_file(), lambda share: report(SHARE_OF_READING * share),
        cancelled,
    )  # fmt: skip
    count = len(columns[0].gaps()) if columns else 0
    parts, places = np.full(count, LEFT_OUT, np.uint8), np.full(count, -1, np.int64)
    if answers:
        try:
            parts, places = _parted(source, count, apart, report, cancelled)
            note = source.describe().note
        except UserError as error:
            note = str(error)
    if count == MOST_ROWS:
        note = f"The first {count:,} of {found.rows:,} rows are shown. {note}"
    classes = (each for each in columns if isinstance(each, CodeColumn) and each.is_target)
    return Samples(
        found.path.name, tuple(columns), parts, "table", label=next(classes, None), note=note,
        places=places,
    )  # fmt: skip


def _answers_of(source: TableSource) -> tuple[dict[str, tuple[str, ...]], str]:
    """The columns to predict with their classes, or none and why there are none yet."""
    try:
        return source.plan().answers(), ""
    except UserError as error:
        return {}, str(error)


def _survey_of(source: TableSource) -> Survey:
    if isinstance(source, CsvFile):
        return source.survey()
    return source.plan().survey


def _read(
    found: Survey, answers: Mapping[str, tuple[str, ...]], test_file: Path | None,
    report: Callable[[float], None], cancelled: Callable[[], bool],
) -> list[Column]:  # fmt: skip
    cells = [
        _Cells(column, found.dialect.decimal, answers.get(column.name), found.gaps_in(column.name))
        for column in found.columns
    ]
    dialect, done = found.dialect, 0
    with refusing():
        for path in filter(None, (found.path, test_file)):
            rows = read_rows(path, dialect.encoding, dialect.delimiter)
            for _, row in islice(rows, 1 if dialect.header else 0, None):
                if done == MOST_ROWS:
                    break
                for column, cell in zip(cells, row, strict=False):
                    column.add(done, cell)
                done += 1
                if done % 4096 == 0:
                    if cancelled():
                        raise Cancelled
                    report(min(1.0, done / max(found.rows, 1)))
    return [column.made() for column in cells]


class _Cells:
    """The cells of one column: numbers as such, and of texts each once."""

    def __init__(
        self,
        column: CsvColumn,
        decimal: str,
        classes: tuple[str, ...] | None,
        gaps: tuple[str, ...] | None = None,
    ) -> None:
        self._gaps = gaps
        self._name, self._decimal = column.name, decimal
        self._is_target = classes is not None
        self._kind = "class" if classes else column.kind
        self._numbers = array("d")
        self._raw: dict[int, str] = {}
        self._codes = array("l")
        known = classes or (column.values if column.kind == "category" else ())
        self._known = {value: at for at, value in enumerate(known)}

    def add(self, row: int, cell: str) -> None:
        """Takes one cell."""
        if self._kind == "number":
            number = number_in(cell, self._decimal)
            if number is None:
                self._raw[row] = cell
            self._numbers.append(math.nan if number is None else number)
        elif is_gap(cell, self._gaps):
            self._codes.append(-1)
        else:
            self._codes.append(self._known.setdefault(cell, len(self._known)))

    def made(self) -> Column:
        """The column, all told."""
        if self._kind == "number":
            values = np.frombuffer(self._numbers, np.float64) if self._numbers else np.zeros(0)
            return NumberColumn(
                self._name, Stack([values]), raw=self._raw, is_target=self._is_target
            )
        codes = np.array(self._codes, np.int32)
        return CodeColumn(
            self._name, codes, tuple(self._known), self._kind, is_target=self._is_target,
            in_order=self._kind == "class",
        )  # fmt: skip


def _parted(
    source: TableSource,
    count: int,
    apart: Apart,
    report: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> tuple[np.ndarray, np.ndarray]:
    """In which part each row of the file is, and where among the arrays that training reads."""
    told: list[tuple[np.ndarray, np.ndarray]] = []

    def tell_share(share: float) -> None:
        if cancelled():
            raise Cancelled
        report(SHARE_OF_READING + (1 - SHARE_OF_READING) * share)

    with refusing():
        train, _ = source.reading().call(
            report=tell_share, tell=lambda kept, tests: told.append((kept, tests))
        )
    kept, tests = told[0]
    drawn = {name: held for name, held in train.items() if name.startswith("@")}
    stages = np.full(len(kept), TRAIN, np.uint8)
    stages[tests] = TEST
    validating = np.zeros(len(kept), bool)
    validating[~tests] = apart(drawn, int((~tests).sum()))
    stages[validating] = VALIDATION
    size = max(count, int(kept.max(initial=-1)) + 1)
    parts, places = np.full(size, LEFT_OUT, np.uint8), np.full(size, -1, np.int64)
    parts[kept] = stages
    places[np.concatenate([kept[~tests], kept[tests]])] = np.arange(len(kept))
    return parts[:count], places[:count]
