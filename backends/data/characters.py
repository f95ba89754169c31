"""Text to be continued: a file of the person, or Python's own sources."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from backends.data.csv_text import LATIN_1, OTHER_LETTERS, encoding_of
from backends.data.files import given_file
from backends.data.readers.errors import existing
from backends.data.readers.text import (
    alphabet_of,
    cut_for_test,
    file_text,
    library_text,
    load_library_text,
    load_text,
    windows_of,
)
from backends.data.readers.tokens import UNITS
from backends.data.reading import Own, Reading
from backends.data.source import Source, refusing
from graph.data import Column, DataInfo
from graph.params import Form, param

MOST_CHARACTERS = 20_000_000


class Windows(Form):
    """How a text is cut; forms show this last."""

    characters: int = param(
        default=1_000_000,
        ge=10,
        le=MOST_CHARACTERS,
        help="How much of the text is used, from its beginning.",
    )
    window: int = param(
        default=128, ge=1, le=65_536, help="How many characters in a row the model sees."
    )
    unit: str = param(
        default="characters",
        choices=UNITS,
        title="Tokens",
        help="What one place of the text holds: a character, a word with the space before it, or "
        "with bpe a piece of a word (needs the package tokenizers).",
    )
    alphabet: int = param(
        default=128,
        ge=2,
        le=100_000,
        help="At most so many different tokens; the rarest ones count as one.",
    )
    test_fraction: float = param(
        default=0.1,
        ge=0,
        le=0.9,
        title="Test share",
        help="The share at the end of the text that is kept for the test.",
    )


class LibraryText(Source, Windows):
    """The sources of Python's standard library, to be continued."""

    kind = "stdlib"
    title = "Python's standard library"
    category = "Built in"
    licence = "PSF License Agreement"
    origin = "the Python that runs this program, so that other versions have other text"

    def describe(self) -> DataInfo:
        """The columns tokens and following; the text is read once, and remembered."""
        with refusing():
            train, test, alphabet = _library(
                self.characters, self.window, self.alphabet, self.test_fraction, self.unit
            )
        return _info(self.title, self.window, alphabet, train, test, self.unit)

    def reading(self) -> Reading:
        """The parameters are the arguments."""
        return Reading(load_library_text, self.values(), needed_by(self.unit))


class TextChoice(Form):
    """Which file; forms show this before what all texts have."""

    path: str = param(
        default="", title="File", widget="file", help="A text file, packed as .gz or not."
    )


class TextFile(Source, Windows, TextChoice):
    """A text of your own, to be continued."""

    kind = "text"
    title = "Text file"
    category = "Your files"

    def describe(self) -> DataInfo:
        """The columns tokens and following; the text is read once, and remembered."""
        path = given_file(self.path, self.title)
        with refusing():
            state = existing(path, "The text file").stat()
            (train, test, alphabet), encoding = _own(
                path, (state.st_mtime_ns, state.st_size),
                self.characters, self.window, self.alphabet, self.test_fraction, self.unit,
            )  # fmt: skip
        info = _info(path.name, self.window, alphabet, train, test, self.unit)
        return replace(info, note=f"{info.note} {OTHER_LETTERS}") if encoding == LATIN_1 else info

    def reading(self) -> Reading:
        """Names the file and its encoding."""
        path = given_file(self.path, self.title)
        with refusing():
            encoding = encoding_of(existing(path, "The text file"))
        values = {name: value for name, value in self.values().items() if name != "path"}
        arguments = {"path": Own(path, "TEXT_FILE"), **values, "encoding": encoding}
        return Reading(load_text, arguments, needed_by(self.unit))


def needed_by(unit: str) -> tuple[str, ...]:
    """The packages that text in these tokens needs."""
    return ("numpy", "tokenizers") if unit == "bpe" else ("numpy",)


@lru_cache(maxsize=8)
def _library(
    characters: int, window: int, alphabet: int, test_fraction: float, unit: str
) -> tuple[int, int, tuple[str, ...]]:
    return _cut(library_text(characters), window, alphabet, test_fraction, unit)


@lru_cache(maxsize=8)
def _own(
    path: Path,
    state: tuple[int, int],
    characters: int,
    window: int,
    alphabet: int,
    test_fraction: float,
    unit: str,
) -> tuple[tuple[int, int, tuple[str, ...]], str]:
    """The same for a file, and its encoding; `state` makes it be read again once it has changed."""
    encoding = encoding_of(path)
    text = file_text(path, characters, encoding)
    return _cut(text, window, alphabet, test_fraction, unit), encoding


def _cut(
    text: str, window: int, alphabet: int, test_fraction: float, unit: str
) -> tuple[int, int, tuple[str, ...]]:
    """How many windows there are to train on and for the test, and the alphabet."""
    if unit != "characters":
        pieces, (seen, kept) = windows_of(text, window, alphabet, test_fraction, unit)
        return len(seen["tokens"]), len(kept["tokens"]), pieces
    train, test = cut_for_test(text, window, test_fraction)
    return train, test, tuple(alphabet_of(text[: train * window + 1], alphabet))


def _info(
    title: str, window: int, classes: tuple[str, ...], train: int, test: int, unit: str
) -> DataInfo:
    what = {"characters": "character", "words": "word", "bpe": "piece"}[unit]
    columns = (
        Column("tokens", (window,), "int64", "input", classes, f"{window} {what}s in a row."),
        Column(
            "following", (window,), "int64", "target", classes,
            f"For each of them the {what} after it.", follows="tokens",
        ),
    )  # fmt: skip
    note = f"{len(classes)} different {what}s; the test is the end of the text."
    return DataInfo(title, columns, train, test, note)
