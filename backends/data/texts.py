"""The person's texts: rows of a table or files of a folder, to be told apart or to be answered."""

from __future__ import annotations

from abc import abstractmethod
from functools import lru_cache
from pathlib import Path

from backends.data.characters import needed_by
from backends.data.csv_survey import MOST_DISTINCT, survey
from backends.data.files import given_file, given_folder
from backends.data.readers.listing import list_files
from backends.data.readers.texts import TEXTS, load_text_folder, load_text_table
from backends.data.readers.tokens import UNITS
from backends.data.reading import Own, Reading
from backends.data.source import Source, refusing
from backends.data.splitting import WITHOUT_COLUMNS, Splitting
from backends.data.time_series import column_called, dialect_arguments
from graph.data import Column, DataInfo
from graph.params import Form, param
from graph.problems import UserError


class Tokens(Form):
    """How texts become numbers; forms show this behind the file."""

    length: int = param(
        default=64,
        ge=1,
        le=65_536,
        unit="tokens",
        help="How long every row is; longer texts are cut, shorter ones padded with 0.",
    )
    unit: str = param(
        default="words",
        choices=UNITS,
        title="Tokens",
        help="Characters, words with the space before them, or with bpe pieces of words (needs the "
        "package tokenizers).",
    )
    vocabulary: int = param(
        default=5000,
        ge=8,
        le=1_000_000,
        help="At most so many different tokens, the four marks included; the rarest count as one.",
    )

    def token_arguments(self) -> dict[str, object]:
        """The arguments of a reader."""
        return {name: getattr(self, name) for name in Tokens.params}


class TextTableChoice(Form):
    """Which table, and which of its columns."""

    path: str = param(
        default="", title="File", widget="file", help="A CSV, TSV or Parquet file with texts."
    )
    target: str = param(
        default="",
        title="Target column",
        widget="column",
        help="The column of classes to tell apart, or of texts to write.",
    )
    text: str = param(
        default="", title="Text column", widget="column", help="The column of the texts to read."
    )
    task: str = param(
        default="classes",
        choices=("classes", "pairs"),
        help="Tell the class of a text, or write another text for it, as translations do.",
    )


class TextFolderChoice(Form):
    """Which folder."""

    folder: str = param(
        default="",
        widget="folder",
        help="The folder that holds a folder of text files (.txt, .md) for each class.",
    )


class _Texts(Source):
    """What both have: columns of tokens, known once the texts were read."""

    @abstractmethod
    def state(self) -> object:
        """What changes when the texts do."""

    def known(self) -> tuple[tuple[str, ...], dict[str, int], int, int]:
        """What the tokens stand for, the widths of the columns, and the rows of both parts."""
        with refusing():
            return _read(self, self.state())


class TextTable(_Texts, Splitting, Tokens, TextTableChoice):
    """Texts in a table, each with a class to tell or with another text to write."""

    kind = "text_table"
    title = "Texts in a table"
    category = "Your files"

    def table_file(self) -> Path | None:
        """The table whose columns a person chooses from."""
        return given_file(self.path, self.title)

    def state(self) -> object:
        """The time and size of the file."""
        stat = survey(given_file(self.path, self.title)).path.stat()
        return stat.st_mtime_ns, stat.st_size

    def describe(self) -> DataInfo:
        """The columns; the texts are read once, and remembered."""
        classes = self._classes()
        pieces, _, train, test = self.known()
        shape = (self.length,)
        name = Path(self.path).name
        note = f"{len(pieces):,} different tokens, learned from the rows to train on."
        if classes:
            columns = (
                Column("tokens", shape, "int64", "input", pieces, "The text, padded with 0."),
                Column("y", (), "int64", "target", classes, self.target),
            )
            return DataInfo(name, columns, train, test, note)
        pairs = (
            Column("source", shape, "int64", "input", pieces, "What is read, padded with 0."),
            Column(
                "written", shape, "int64", "input", pieces,
                "What is to be written, behind a mark for the begin.",
            ),
            Column(
                "following", shape, "int64", "target", pieces,
                "What is to be written, with a mark for the end; -100 behind it.",
                follows="written",
            ),
        )  # fmt: skip
        return DataInfo(name, pairs, train, test, note)

    def reading(self) -> Reading:
        """Names the columns, so that an exported script finds nothing by guessing."""
        path = given_file(self.path, self.title)
        found = survey(path)
        text = column_called(found, _need(self.text, "the text column"))
        target = column_called(found, _need(self.target, "the target column"))
        if text == target:
            raise UserError(
                f"“{text}” is both the text and the target, so that the answer would be read; "
                "choose another column for one of them."
            )
        arguments = {
            "path": Own(path, "DATA_FILE"),
            "names": found.names(),
            "text": text,
            "target": target,
            "classes": self._classes(),
            **self.token_arguments(),
            **self.split_arguments(),
            **dialect_arguments(found),
        }
        return Reading(
            load_text_table,
            arguments,
            needed_by(self.unit),
            reports=True,
            warns=True,
            draws_rows=self.draws_rows(),
        )

    def _classes(self) -> tuple[str, ...]:
        """The classes of the target column; none where texts are to be written."""
        if self.task == "pairs":
            return ()
        found = survey(given_file(self.path, self.title))
        name = column_called(found, _need(self.target, "the target column"))
        column = found.find(name)
        assert column is not None
        if column.distinct >= MOST_DISTINCT:
            raise UserError(
                f"The target “{name}” has {MOST_DISTINCT} different values or more; classes need "
                "fewer. Choose another column, or pairs of texts."
            )
        if len(column.values) < 2:
            raise UserError(f"The target “{name}” has only one class; there must be at least two.")
        return column.values


class TextFolder(_Texts, Splitting, Tokens, TextFolderChoice):
    """A folder with a folder of text files for each class."""

    kind = "text_folder"
    title = "Folder of texts"
    category = "Your files"

    split: str = param(
        default="auto",
        choices=(*WITHOUT_COLUMNS, "by group"),
        help="Which texts test and validate, where there is no folder called test. By group keeps "
        "texts together whose names are equal up to the first dash or underscore.",
    )

    def state(self) -> object:
        """The times and sizes of all files."""
        _, listing, tests = list_files(given_folder(self.folder, self.title), TEXTS, "texts")
        stats = [path.stat() for path, _ in listing + (tests or [])]
        return tuple((stat.st_mtime_ns, stat.st_size) for stat in stats)

    def describe(self) -> DataInfo:
        """The columns; the texts are read once, and remembered."""
        folder = given_folder(self.folder, self.title)
        with refusing():
            classes, _, _ = list_files(folder, TEXTS, "texts")
        pieces, _, train, test = self.known()
        columns = (
            Column("tokens", (self.length,), "int64", "input", pieces, "Padded with 0."),
            Column("y", (), "int64", "target", classes, "The folder a text lies in."),
        )
        note = f"{len(pieces):,} different tokens, learned from the rows to train on."
        return DataInfo(folder.name, columns, train, test, note)

    def reading(self) -> Reading:
        """Names the folder and how its texts become numbers."""
        arguments = {
            "folder": Own(given_folder(self.folder, self.title), "DATA_FOLDER"),
            **self.token_arguments(),
            **self.split_arguments(),
        }
        return Reading(
            load_text_folder,
            arguments,
            needed_by(self.unit),
            reports=True,
            warns=True,
            draws_rows=self.draws_rows(),
        )


def _need(name: str, what: str) -> str:
    if not name.strip():
        raise UserError(f"Choose {what}.")
    return name


@lru_cache(maxsize=4)
def _read(source: _Texts, state: object) -> tuple[tuple[str, ...], dict[str, int], int, int]:
    """`state` makes it be read again once it has changed."""
    told: list[tuple[str, ...]] = []
    options: dict[str, object] = {"tell": told.append}
    reading = source.reading()
    options |= {"warn": lambda _text: None} if reading.warns else {}
    train, test = reading.call(**options)
    names = [name for name in train if not name.startswith("@")]
    widths = {name: train[name].shape[-1] for name in names}
    return told[0], widths, len(train[names[0]]), len(test[names[0]])
