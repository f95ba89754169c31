"""Sequences that look like speech, made on the spot."""

from __future__ import annotations

from backends.data.readers.speech import frames_at_most, load_speech
from backends.data.readers.split import rows_for_test
from backends.data.reading import Reading
from backends.data.source import Source
from graph.data import Column, DataInfo
from graph.params import param
from graph.problems import UserError


class Speech(Source):
    """Made-up letters heard in noise, each of random length: what is said is known, not where."""

    kind = "speech"
    title = "Made-up speech"
    category = "Generated"

    letters: int = param(default=8, ge=1, le=1000, help="How many different letters there are.")
    frequencies: int = param(
        default=20, ge=4, le=1000, help="How many frequencies a spectrogram has."
    )
    shortest: int = param(default=3, ge=1, le=200, help="Letters of the shortest words.")
    longest: int = param(default=8, ge=1, le=200, help="Letters of the longest words.")
    noise: float = param(default=0.3, ge=0, le=10, help="Spread of the noise in all frequencies.")
    stride: int = param(
        default=2,
        ge=1,
        le=16,
        unit="frames",
        help="How many frames the model makes one place of its answer of; “places” counts those.",
    )
    rows: int = param(default=2500, ge=10, le=100_000, help="How many words are made.")
    seed: int = param(default=0, ge=0, le=2**32 - 1, help="Another seed makes another language.")
    test_fraction: float = param(
        default=0.2, ge=0, le=0.9, title="Test share", help="The share of rows kept for the test."
    )

    def describe(self) -> DataInfo:
        """The columns spectrogram, said, places and said_letters."""
        self._check()
        shape = (frames_at_most(self.longest), self.frequencies)
        names = ("blank", *(_letter(place) for place in range(self.letters)))
        columns = (
            Column(
                "spectrogram", shape, "float32", "input",
                help="How loud each frequency is, frame by frame.",
            ),
            Column(
                "said", (self.longest,), "int64", "target", names,
                "The letters, with blanks behind them.",
            ),
            Column(
                "places", (), "int64", "target", help="How many places of the answer are heard."
            ),
            Column("said_letters", (), "int64", "target", help="How many letters are said."),
        )  # fmt: skip
        test = rows_for_test(self.rows, self.test_fraction)
        return DataInfo(self.title, columns, self.rows - test, test)

    def reading(self) -> Reading:
        """The parameters are the arguments."""
        self._check()
        return Reading(load_speech, self.values())

    def _check(self) -> None:
        if self.shortest > self.longest:
            raise UserError(
                f"The shortest words have {self.shortest} letters, more than the longest with "
                f"{self.longest}; raise the one or lower the other."
            )


def _letter(place: int) -> str:
    """Names from a to z, then from a1 to z1, and so on."""
    round_ = place // 26
    return chr(ord("a") + place % 26) + (str(round_) if round_ else "")
