"""The person's CSV file."""

from __future__ import annotations

import csv

from backends.data.csv_survey import survey
from backends.data.files import given_file
from backends.data.table import Plan, TableSource, plan
from graph.params import Form, param
from graph.problems import UserError


class CsvChoice(Form):
    """Which file, and what to take from it; forms show this before what all tables have."""

    path: str = param(default="", title="File", widget="file", help="The CSV file, or a .csv.gz.")
    target: str = param(
        default="", title="Target column", widget="column", help="The column to predict."
    )
    target_kind: str = param(
        default="auto",
        choices=("auto", "class", "number"),
        title="Predict as",
        help="A class, a number, or whichever the values look like.",
    )
    columns: str = param(
        default="",
        title="Learn from",
        widget="columns",
        help="Names of columns, separated by commas; empty for all that can be used.",
    )
    header: str = param(
        default="auto",
        choices=("auto", "yes", "no"),
        title="First row holds names",
        help="Whether the first row holds the names of the columns.",
    )


class CsvFile(TableSource, CsvChoice):
    """A table from a CSV file: numbers and categories to learn from, and a column to predict."""

    kind = "csv"
    title = "CSV file"
    category = "Your files"

    def plan(self) -> Plan:
        """Which columns are used and how, after a pass over the whole file."""
        path = given_file(self.path, self.title)
        found = survey(path, {"yes": True, "no": False}.get(self.header))
        if not self.target.strip():
            raise UserError(
                f"Choose the target column, which the model is to predict; “{path.name}” has "
                f"{', '.join(found.names())}."
            )
        names = next(csv.reader([self.columns], skipinitialspace=True), [])
        chosen = tuple(name.strip() for name in names if name.strip())
        return plan(found, self.target.strip(), chosen, self.target_kind)
