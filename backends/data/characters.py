"""Text to be continued, character by character: a file of the person, or Python's own sources."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from backends.data.csv_text import encoding_of
from backends.data.files import given_file
from backends.data.readers.errors import existing
from backends.data.readers.text import (
    alphabet_of,
    cut_for_test,
    file_text,
    library_text,
    load_library_text,
    load_text,
)
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
    alphabet: int = param(
        default=128,
        ge=2,
        le=100_000,
        help="At most so many different characters; the rarest ones count as one.",
    )
    test_fraction: float = param(
        default=0.1,
        ge=0,
        le=0.9,
        title="Test share",
        help="The share at the end of the text that is kept for the test.",
    )


class LibraryText(Source, Windows):
    """The sources of Python's standard library, to be continued character by character."""

    kind = "stdlib"
    title = "Python's standard library"
    category = "Built in"
    licence = "PSF License Agreement"
    origin = "the Python that runs this program, so that other versions have other text"

    def describe(self) -> DataInfo:
        """The columns tokens and following; the text is read once, and remembered."""
        with refusing():
            train, test, alphabet = _library(
                self.characters, self.window, self.alphabet, self.test_fraction
            )
        return _info(self.title, self.window, alphabet, train, test)

    def reading(self) -> Reading:
        """The parameters are the arguments."""
        return Reading(load_library_text, self.values())


class TextChoice(Form):
    """Which file; forms show this before what all texts have."""

    path: str = param(
        default="", title="File", widget="file", help="A text file, packed as .gz or not."
    )


class TextFile(Source, Windows, TextChoice):
    """A text of your own, to be continued character by character."""

    kind = "text"
    title = "Text file"
    category = "Your files"

    def describe(self) -> DataInfo:
        """The columns tokens and following; the text is read once, and remembered."""
        path = given_file(self.path, self.title)
        with refusing():
            state = existing(path, "The text file").stat()
            train, test, alphabet = _own(
                path, (state.st_mtime_ns, state.st_size),
                self.characters, self.window, self.alphabet, self.test_fraction,
            )  # fmt: skip
        return _info(path.name, self.window, alphabet, train, test)

    def reading(self) -> Reading:
        """Names the file and its encoding."""
        path = given_file(self.path, self.title)
        with refusing():
            encoding = encoding_of(existing(path, "The text file"))
        values = {name: value for name, value in self.values().items() if name != "path"}
        return Reading(load_text, {"path": Own(path, "TEXT_FILE"), **values, "encoding": encoding})


@lru_cache(maxsize=8)
def _library(
    characters: int, window: int, alphabet: int, test_fraction: float
) -> tuple[int, int, str]:
    return _cut(library_text(characters), window, alphabet, test_fraction)


@lru_cache(maxsize=8)
def _own(
    path: Path,
    state: tuple[int, int],
    characters: int,
    window: int,
    alphabet: int,
    test_fraction: float,
) -> tuple[int, int, str]:
    """The same for a file; `state` makes it be read again once it has changed."""
    text = file_text(path, characters, encoding_of(path))
    return _cut(text, window, alphabet, test_fraction)


def _cut(text: str, window: int, alphabet: int, test_fraction: float) -> tuple[int, int, str]:
    """How many windows there are to train on and for the test, and the alphabet."""
    train, test = cut_for_test(text, window, test_fraction)
    return train, test, alphabet_of(text[: train * window + 1], alphabet)


def _info(title: str, window: int, alphabet: str, train: int, test: int) -> DataInfo:
    classes = tuple(alphabet)
    columns = (
        Column("tokens", (window,), "int64", "input", classes, f"{window} characters in a row."),
        Column(
            "following", (window,), "int64", "target", classes,
            "For each of them the character after it.", follows="tokens",
        ),
    )  # fmt: skip
    note = f"{len(alphabet)} different characters; the test is the end of the text."
    return DataInfo(title, columns, train, test, note)
