"""Made-up words as sound, made on the spot."""

from __future__ import annotations

from backends.data.readers.split import rows_for_test
from backends.data.readers.spoken import RATE, WORDS, load_spoken
from backends.data.reading import Reading
from backends.data.source import Source
from graph.data import Column, DataInfo
from graph.params import param


class Spoken(Source):
    """Voices of random pitch that say words of two vowels, as waves: which word is it?"""

    kind = "spoken"
    title = "Spoken vowels"
    category = "Generated"

    words: int = param(
        default=10, ge=2, le=len(WORDS), help="How many words there are; each glides between two "
        "vowels.",
    )  # fmt: skip
    seconds: float = param(
        default=0.4, ge=0.1, le=5, unit="s", help="How long a sound is, of 8,000 numbers a second."
    )
    noise: float = param(default=0.02, ge=0, le=1, help="Spread of the noise; voices are about 0.2 "
                         "loud.")  # fmt: skip
    rows: int = param(default=1000, ge=10, le=50_000, help="How many sounds are made.")
    seed: int = param(default=0, ge=0, le=2**32 - 1, help="Another seed makes other voices.")
    test_fraction: float = param(
        default=0.2, ge=0, le=0.9, title="Test share", help="The share of rows kept for the test."
    )

    def describe(self) -> DataInfo:
        """The columns x and y."""
        columns = (
            Column("x", (round(self.seconds * RATE),), "float32", "input", help="The wave."),
            Column("y", (), "int64", "target", WORDS[: self.words], "The word."),
        )
        test = rows_for_test(self.rows, self.test_fraction)
        return DataInfo(self.title, columns, self.rows - test, test)

    def reading(self) -> Reading:
        """The parameters are the arguments."""
        return Reading(load_spoken, self.values())
