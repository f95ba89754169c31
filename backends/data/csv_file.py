"""The person's tables: CSV, TSV and Parquet."""

from __future__ import annotations

from pathlib import Path

from backends.data.column_lists import named_columns
from backends.data.csv_survey import Kind, Survey, survey
from backends.data.files import given_file
from backends.data.splitting import WITH_COLUMNS, SplitKind
from backends.data.table import Keys, Plan, TableSource, plan
from graph.params import Form, param
from graph.problems import UserError

KIND_WORDS: dict[str, Kind] = {
    "number": "number",
    "category": "category",
    "date": "date",
    "ignore": "ignored",
}


USUAL = "NA, N/A, #N/A, NaN, null, None, ?, -, --, . and infinite numbers"


class CsvChoice(Form):
    """Which file, and what to take from it; forms show this before what all tables have."""

    path: str = param(
        default="",
        title="File",
        widget="file",
        help="A CSV or TSV file, packed as .gz or not, or a Parquet file.",
    )
    test_path: str = param(
        default="",
        title="Test file",
        widget="file",
        help="A second table, written the same way and with the same columns, whose rows are for "
        "the test; none to keep some rows of the first for it.",
    )
    target: str = param(
        default="", title="Target column", widget="column", help="The column to predict."
    )
    target_kind: str = param(
        default="auto",
        choices=("auto", "class", "number"),
        title="Predict as",
        help="A class, a number, or whichever the values look like.",
    )
    more_targets: str = param(
        default="",
        title="Further targets",
        widget="columns",
        empty="none",
        help="Names of more columns to predict, separated by commas; each keeps its name, for a "
        "Target block of its own.",
    )
    columns: str = param(
        default="",
        title="Learn from",
        widget="columns",
        empty="all usable",
        help="Names of columns, separated by commas; empty for all that can be used.",
    )
    kinds: str = param(
        default="",
        title="Kinds of columns",
        empty="as they look",
        help="What columns hold where it is not as it looks, such as “zip: category, born: date, "
        "remark: ignore”; the kinds are number, category, date and ignore. A date becomes its day, "
        "season and day of the week. A category reads “NA” or “inf” as the words that they are.",
    )
    gaps: str = param(
        default="",
        title="Words for gaps",
        help="What stands for a missing value besides an empty cell, separated by commas, such as "
        f"“?, missing”; all else is then a word. If empty, the usual: {USUAL}.",
    )
    header: str = param(
        default="auto",
        choices=("auto", "yes", "no"),
        title="First row holds names",
        help="Whether the first row holds the names of the columns.",
    )


class KeyColumns(SplitKind):
    """What a column can say of how rows are parted."""

    group: str = param(
        default="",
        title="Group column",
        widget="column",
        help="Rows that are equal in this column, such as those of one person, stay together.",
        show_if=lambda form: form.split == "by group",
    )
    order_by: str = param(
        default="",
        title="Time column",
        widget="column",
        help="The column by which rows are put in order first; none for the order of the file.",
        show_if=lambda form: form.split == "in order",
    )
    stage: str = param(
        default="",
        title="Split column",
        widget="column",
        help="The column that says train, validation or test.",
        show_if=lambda form: form.split == "as given",
    )


class CsvFile(TableSource, KeyColumns, CsvChoice):
    """A table: numbers, categories and dates to learn from, and columns to predict."""

    kind = "csv"
    title = "Table (CSV, TSV, Parquet)"
    category = "Your files"

    split: str = param(
        default="auto",
        choices=WITH_COLUMNS,
        help="Which rows test and validate. Auto keeps the same share of each class for the test "
        "and validates at random; stratified does both by class; in order takes the last rows; "
        "by group keeps rows together that are equal in a column; as given reads a column.",
    )

    def table_file(self) -> Path | None:
        """The table whose columns a person chooses from."""
        return given_file(self.path, self.title)

    def test_file(self) -> Path | None:
        """The table whose rows are for the test."""
        return given_file(self.test_path, self.title) if self.test_path.strip() else None

    def survey(self) -> Survey:
        """What the columns hold, with gaps where this says so."""
        kinds = _kinds(self.kinds)
        worded = tuple(name for name, kind in kinds.items() if kind == "category")
        header = {"yes": True, "no": False}.get(self.header)
        return survey(given_file(self.path, self.title), header, _gap_words(self.gaps), worded)

    def plan(self) -> Plan:
        """Which columns are used and how, after a pass over the whole file."""
        found = self.survey()
        path, kinds = found.path, _kinds(self.kinds)
        if not self.target.strip():
            raise UserError(
                f"Choose the target column, which the model is to predict; “{path.name}” has "
                f"{', '.join(found.names()[:50])}."
            )
        return plan(
            found,
            self.target.strip(),
            named_columns(self.columns),
            self.target_kind,
            more=named_columns(self.more_targets),
            kinds=kinds,
            keys=self._keys(),
        )

    def _keys(self) -> Keys:
        """The columns that the chosen split asks for."""
        match self.split:
            case "by group":
                return Keys(group=_need(self.group, "the group column"))
            case "in order":
                return Keys(order_by=self.order_by.strip())
            case "as given":
                return Keys(stage=_need(self.stage, "the split column"))
        return Keys()


def _need(name: str, what: str) -> str:
    if not name.strip():
        raise UserError(f"Choose {what}, or part the rows in another way.")
    return name.strip()


def _gap_words(text: str) -> tuple[str, ...] | None:
    """The words that a person says stand for gaps; None where nothing is said."""
    return tuple(word.lower() for word in named_columns(text)) or None


def _kinds(text: str) -> dict[str, Kind]:
    """What a person says that columns hold."""
    found: dict[str, Kind] = {}
    for part in named_columns(text):
        name, colon, word = (each.strip() for each in part.rpartition(":"))
        if not colon or word.lower() not in KIND_WORDS:
            raise UserError(
                f"“{part}” does not say what a column holds; write “name: kind”, where the kind "
                f"is {', '.join(KIND_WORDS)}."
            )
        found[name] = KIND_WORDS[word.lower()]
    return found
