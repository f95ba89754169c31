"""From the columns a person chose to the call that reads a table."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from backends.data.csv_survey import MOST_CATEGORIES, MOST_DISTINCT, CsvColumn, Survey
from backends.data.readers.split import rows_for_test
from backends.data.readers.table import load_table
from backends.data.reading import Own, Packed, Reading
from backends.data.source import Source
from graph.data import Column, DataInfo
from graph.params import param
from graph.problems import UserError

MISSING = ("drop rows", "mean / most common", "refuse")
MOST_WHOLE_CLASSES = 20


@dataclass(frozen=True)
class Plan:
    """Which columns of a table are used and how; `left_out` says which are not, and why."""

    survey: Survey
    numbers: tuple[str, ...]
    categories: dict[str, tuple[str, ...]]
    target: CsvColumn
    classes: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    def used(self) -> list[CsvColumn]:
        """The columns that x and y are made of."""
        names = {*self.numbers, *self.categories, self.target.name}
        return [column for column in self.survey.columns if column.name in names]

    def width(self) -> int:
        """How many features there are, each category one."""
        return len(self.numbers) + sum(map(len, self.categories.values()))


def plan(survey: Survey, target: str, columns: tuple[str, ...] = (), kind: str = "auto") -> Plan:
    """Which columns to use and how.

    Args:
        columns: the features; empty for all that can be used.
        kind: "class", "number", or "auto" to choose by the target's values.

    Raises:
        UserError: an unknown column, or one that cannot be used.
    """
    answer = _column(survey, target, "The target")
    chosen = [_column(survey, name, "A chosen column") for name in columns]
    if answer in chosen:
        raise UserError(f"“{answer.name}” is the target; take it out of the columns to learn from.")
    features, left_out = (chosen, []) if chosen else _all_usable(survey, answer)
    for column in features:
        _check_usable(column)
    if not features:
        raise UserError(
            f"“{survey.path.name}” has no column to learn from besides “{answer.name}”: "
            f"{', '.join(left_out) or 'there is only one column'}."
        )
    numbers = tuple(column.name for column in features if column.kind == "number")
    categories = {column.name: column.values for column in features if column.kind == "category"}
    classes = _classes(answer, survey.rows, kind)
    return Plan(survey, numbers, categories, answer, classes, tuple(left_out))


def _all_usable(survey: Survey, target: CsvColumn) -> tuple[list[CsvColumn], list[str]]:
    """The columns to learn from where none are chosen, and which are left out, with the reason."""
    others = [column for column in survey.columns if column is not target]
    unusable = {c.name: c.kind for c in others if c.kind in ("text", "date", "empty")}
    usable = [column for column in others if column.name not in unusable]
    features = [column for column in usable if not column.counts_rows] or usable
    reasons = {c.name: unusable.get(c.name, "counts the rows") for c in others if c not in features}
    return features, [f"“{name}” ({reason})" for name, reason in reasons.items()]


def _column(survey: Survey, name: str, what: str) -> CsvColumn:
    found = survey.find(name)
    if found is None:
        raise UserError(
            f"{what} “{name}” is no column of “{survey.path.name}”; "
            f"it has {', '.join(survey.names())}."
        )
    return found


def _check_usable(column: CsvColumn) -> None:
    if column.kind == "number" and column.text_at is not None:
        raise _has_text(column)
    if column.kind in ("text", "date", "empty"):
        holds = {
            "text": f"{column.distinct} different texts; at most {MOST_CATEGORIES} can be used",
            "date": "dates, which are no numbers",
            "empty": "nothing",
        }[column.kind]
        raise UserError(f"Column “{column.name}” cannot be used: it holds {holds}. Leave it out.")


def _has_text(column: CsvColumn) -> UserError:
    row, cell = column.text_at or (0, "")
    more = f"; {column.texts} of its cells are no numbers" if column.texts > 1 else ""
    return UserError(
        f"Column “{column.name}” has text in row {row} (“{cell[:40]}”){more}. "
        "Correct that, or leave the column out."
    )


def _classes(target: CsvColumn, rows: int, kind: str) -> tuple[str, ...]:
    few_whole = target.whole and target.distinct <= min(MOST_WHOLE_CLASSES, rows / 5)
    number = target.kind == "number" and (kind == "number" or not few_whole)
    if target.kind == "empty":
        raise UserError(f"The target “{target.name}” is empty in every row; choose another column.")
    if kind == "number" or (kind == "auto" and number):
        if target.text_at is not None:
            raise _has_text(target)
        return ()
    if target.distinct >= MOST_DISTINCT:
        raise UserError(
            f"The target “{target.name}” has {MOST_DISTINCT} different values or more; "
            "classes need fewer. Predict it as a number, or choose another column."
        )
    if target.distinct < 2:
        raise UserError(
            f"The target “{target.name}” has only the value “{target.values[0]}”; "
            "there must be at least two classes."
        )
    return target.values


class TableSource(Source):
    """What all tables have: gaps, the share for the test, and standardising."""

    missing: str = param(
        default="drop rows",
        choices=MISSING,
        title="Missing values",
        help="What becomes of rows with gaps: leave them out, fill in the mean or the most common "
        "category of the training rows, or refuse.",
    )
    standardise: bool = param(
        default=True,
        help="Scale each number to mean 0 and spread 1, measured on the training rows.",
    )
    test_fraction: float = param(
        default=0.2, ge=0, le=0.9, title="Test share", help="The share of rows kept for the test."
    )
    seed: int = param(default=0, ge=0, le=2**32 - 1, help="Which rows are drawn for the test.")

    packed: ClassVar[bool] = False

    @abstractmethod
    def plan(self) -> Plan:
        """Which columns are used and how.

        Raises:
            UserError: the file or the chosen columns cannot be used.
        """

    def describe(self) -> DataInfo:
        """The columns x and y; all rows are read once, and remembered."""
        plan = self.plan()
        gap_rows = _rows_with_gaps(plan.used())
        dropped = gap_rows if self.missing == "drop rows" else plan.target.missing
        if self.missing == "refuse" and gap_rows:
            raise UserError(
                f"{gap_rows:,} rows of “{plan.survey.path.name}” have gaps; fill them, or choose "
                "to drop such rows or to fill them with the mean / most common."
            )
        kept = plan.survey.rows - dropped
        if kept < 2:
            raise UserError(
                f"“{plan.survey.path.name}” has {kept} usable rows of {plan.survey.rows:,}; at "
                "least 2 are needed."
            )
        notes = []
        if dropped:
            notes.append(f"{dropped:,} of {plan.survey.rows:,} rows have gaps and are left out.")
        if gap_rows > dropped:
            notes.append(f"Gaps in {gap_rows - dropped:,} rows are filled.")
        if plan.left_out:
            notes.append(f"Columns left out: {', '.join(plan.left_out)}.")
        test = rows_for_test(kept, self.test_fraction)
        return DataInfo(self._title(plan), _columns(plan), kept - test, test, " ".join(notes))

    def _title(self, plan: Plan) -> str:
        return self.title if self.packed else plan.survey.path.name

    def reading(self) -> Reading:
        """Names every column it reads, so that an exported script finds nothing by guessing."""
        plan = self.plan()
        path, dialect = plan.survey.path, plan.survey.dialect
        arguments = {
            "path": Packed(path) if self.packed else Own(path, "DATA_FILE"),
            "names": plan.survey.names(),
            "numbers": plan.numbers,
            "categories": plan.categories,
            "target": plan.target.name,
            "classes": plan.classes,
            "missing": self.missing,
            "standardise": self.standardise,
            "test_fraction": self.test_fraction,
            "seed": self.seed,
            "header": dialect.header,
            "encoding": dialect.encoding,
            "delimiter": dialect.delimiter,
            "decimal": dialect.decimal,
        }
        return Reading(load_table, arguments, reports=True)


def _rows_with_gaps(columns: list[CsvColumn]) -> int:
    return len(np.unique(np.concatenate([column.gaps for column in columns])))


def _columns(plan: Plan) -> tuple[Column, ...]:
    names = [*plan.numbers, *(f"{n} = {v}" for n, vs in plan.categories.items() for v in vs)]
    x = Column("x", (plan.width(),), "float32", "input", help=", ".join(names))
    if plan.classes:
        return x, Column("y", (), "int64", "target", plan.classes, plan.target.name)
    return x, Column("y", (1,), "float32", "target", (), plan.target.name)
