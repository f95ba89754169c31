"""Text with hidden characters, to learn a language from as BERT does."""

from __future__ import annotations

from functools import lru_cache

from backends.data.characters import MOST_CHARACTERS, LibraryText
from backends.data.readers.masked import (
    NOT_HIDDEN,
    SPECIAL,
    load_masked_text,
    masked_tokens,
)
from backends.data.readers.split import rows_for_test
from backends.data.reading import Reading
from backends.data.source import Source, refusing
from graph.data import Column, DataInfo
from graph.params import param


class MaskedText(Source):
    """Two pieces of Python's sources with hidden characters: which, and are they neighbours?"""

    kind = "masked_text"
    title = "Python's standard library, masked"
    category = "Built in"
    licence = LibraryText.licence
    origin = LibraryText.origin

    characters: int = param(
        default=1_000_000,
        ge=10,
        le=MOST_CHARACTERS,
        help="How much of the text is used, from its beginning.",
    )
    piece: int = param(
        default=30,
        ge=1,
        le=10_000,
        help="Characters of each of the two pieces; with three marks they are one row.",
    )
    alphabet: int = param(
        default=128,
        ge=len(SPECIAL) + 2,
        le=100_000,
        help="At most so many different tokens, the marks included; the rarest count as one.",
    )
    seed: int = param(default=0, ge=0, le=2**32 - 1, help="Another seed hides other characters.")
    test_fraction: float = param(
        default=0.1,
        ge=0,
        le=0.9,
        title="Test share",
        help="The share at the end of the text that is kept for the test.",
    )

    def describe(self) -> DataInfo:
        """The columns tokens, segments, hidden_words and is_next."""
        rows, tokens = _known(self.characters, self.piece, self.alphabet, self.test_fraction)
        shape = (2 * self.piece + 3,)
        columns = (
            Column("tokens", shape, "int64", "input", tokens, "Both pieces, with marks."),
            Column("segments", shape, "int64", "input", help="0 in the first piece, then 1."),
            Column(
                "hidden_words", shape, "int64", "target",
                help=f"The hidden tokens, and {NOT_HIDDEN} where none is hidden.",
            ),
            Column("is_next", (), "int64", "target", ("no", "yes"), "Whether the second follows."),
        )  # fmt: skip
        test = rows_for_test(rows, self.test_fraction)
        note = "15 % of the characters are hidden; the test is the end of the text."
        return DataInfo(self.title, columns, rows - test, test, note)

    def reading(self) -> Reading:
        """The parameters are the arguments."""
        return Reading(load_masked_text, self.values())


@lru_cache(maxsize=8)
def _known(
    characters: int, piece: int, alphabet: int, test_fraction: float
) -> tuple[int, tuple[str, ...]]:
    """How many rows there are, and what each token stands for."""
    with refusing():
        return masked_tokens(characters, piece, alphabet, test_fraction)
