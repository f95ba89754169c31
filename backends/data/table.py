"""From the columns a person chose to the call that reads a table."""

from __future__ import annotations

from abc import abstractmethod
from functools import lru_cache
from pathlib import Path
from typing import ClassVar

import numpy as np

from backends.data.csv_notes import notes_on
from backends.data.csv_survey import CsvColumn
from backends.data.readers.cells import PARQUET
from backends.data.readers.table import DATE_FEATURES, load_table
from backends.data.reading import Own, Packed, Reading
from backends.data.source import Source, refusing
from backends.data.splitting import Splitting
from backends.data.table_plan import Keys as Keys  # sources find them with the table
from backends.data.table_plan import Plan as Plan
from backends.data.table_plan import plan as plan
from graph.data import Column, DataInfo
from graph.params import param
from graph.problems import UserError

MISSING = ("drop rows", "mean / most common", "fill and mark", "refuse")
MOST_PARTED = 200_000  # rows that are read just to count those of each part


class TableSource(Source, Splitting):
    """What all tables have: gaps, the share for the test, and standardising."""

    missing: str = param(
        default="drop rows",
        choices=MISSING,
        title="Missing values",
        help="What becomes of rows with gaps: leave them out, fill in the mean or the most common "
        "category of the training rows, fill and add a feature that marks the gap, or refuse.",
    )
    standardise: bool = param(
        default=True,
        help="Scale each number to mean 0 and spread 1, measured on the training rows.",
    )

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
        answers = plan.answers()
        gap_rows = _rows_with_gaps(plan.used())
        unanswered = _rows_with_gaps([c for c in plan.used() if c.name in answers])
        dropped = gap_rows if self.missing == "drop rows" else unanswered
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
        notes = notes_on(plan.survey, [*plan.categories, *plan.answers()])
        if dropped:
            notes.append(f"{dropped:,} of {plan.survey.rows:,} rows have gaps and are left out.")
        if gap_rows > dropped:
            notes.append(f"Gaps in {gap_rows - dropped:,} rows are filled.")
        infinite = {c.name: c.infinite for c in plan.used() if c.infinite}
        if infinite:
            shown = ", ".join(f"{count:,} in “{name}”" for name, count in infinite.items())
            notes.append(f"Infinite numbers count as gaps: {shown}.")
        if plan.left_out:
            notes.append(f"Columns left out: {', '.join(plan.left_out)}.")
        with refusing():
            test = self.split_of().test_rows(kept)
        rows = None if test is None else kept - test
        second = self.test_file()
        rows, test = (kept, None) if second else (rows, test)
        if test is None and kept <= MOST_PARTED:
            files = [plan.survey.path, *([second] if second else [])]
            with refusing():
                changed = tuple(file.stat().st_mtime_ns for file in files)
            rows, test = _parted_rows(self, changed)
        return DataInfo(self._title(plan), self._columns(plan), rows, test, " ".join(notes))

    def test_file(self) -> Path | None:
        """A second table whose rows are for the test; None where there is none."""
        return None

    def _title(self, plan: Plan) -> str:
        return self.title if self.packed else plan.survey.path.name

    def _marked(self, plan: Plan) -> tuple[str, ...]:
        return plan.with_gaps() if self.missing == "fill and mark" else ()

    def _columns(self, plan: Plan) -> tuple[Column, ...]:
        names = [*plan.numbers, *plan.dates]
        names += [f"{d}: {feature}" for d in plan.dates for feature in DATE_FEATURES[1:]]
        names += [f"{n} = {v}" for n, vs in plan.categories.items() for v in vs]
        names += [f"{name} is missing" for name in self._marked(plan)]
        columns = [Column("x", (len(names),), "float32", "input", help=", ".join(names))]
        for name, classes in plan.answers().items():
            shown = "y" if name == plan.target.name else name
            if classes:
                columns.append(Column(shown, (), "int64", "target", classes, name))
            else:
                columns.append(Column(shown, (1,), "float32", "target", (), name))
        return tuple(columns)

    def reading(self) -> Reading:
        """Names every column it reads, so that an exported script finds nothing by guessing."""
        plan = self.plan()
        path, dialect, second = plan.survey.path, plan.survey.dialect, self.test_file()
        arguments = {
            "path": Packed(path) if self.packed else Own(path, "DATA_FILE"),
            "names": plan.survey.names(),
            "numbers": plan.numbers,
            "categories": plan.categories,
            "target": plan.target.name,
            "classes": plan.classes,
            "dates": plan.dates,
            "more_targets": plan.more_targets or None,
            "marked": self._marked(plan),
            "missing": self.missing,
            "standardise": self.standardise,
            **self.split_arguments(),
            "group": plan.keys.group,
            "order_by": plan.keys.order_by,
            "stage": plan.keys.stage,
            "test_path": Own(second, "TEST_FILE") if second else None,
            "header": dialect.header,
            "encoding": dialect.encoding,
            "delimiter": dialect.delimiter,
            "decimal": dialect.decimal,
            "gaps": plan.survey.gaps,
            "worded": plan.survey.worded,
        }
        needed = ("numpy", "pyarrow") if dialect.encoding == PARQUET else ("numpy",)
        return Reading(load_table, arguments, needed, reports=True, draws_rows=self.draws_rows())


@lru_cache(maxsize=4)
def _parted_rows(source: TableSource, changed_ns: tuple[int, ...]) -> tuple[int, int]:
    """How many rows train and test, where a column says so; counted anew for a changed file."""
    splits = source.load()
    return len(splits.train["x"]), len(splits.test["x"])


def _rows_with_gaps(columns: list[CsvColumn]) -> int:
    return len(np.unique(np.concatenate([column.gaps for column in columns])))
