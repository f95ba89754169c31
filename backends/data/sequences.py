"""Short tasks on sequences, made on the spot."""

from __future__ import annotations

from backends.data.readers.sequences import PLUS, SEQUENCE_TOKENS, load_sequences
from backends.data.readers.split import rows_for_test
from backends.data.reading import Reading
from backends.data.source import Source
from graph.data import Column, DataInfo
from graph.params import param


class Sequences(Source):
    """Digits to copy, to reverse, to sort or to add: a sequence to read and one to write."""

    kind = "sequences"
    title = "Sequences of digits"
    category = "Generated"

    task: str = param(
        default="reverse",
        choices=("copy", "reverse", "sort", "add"),
        help="What is to be written: the digits again, backwards, in order, or their sum.",
    )
    length: int = param(
        default=8, ge=1, le=1000, help="How many digits there are, in each number of a sum."
    )
    rows: int = param(default=10_000, ge=10, le=1_000_000, help="How many sequences are made.")
    seed: int = param(default=0, ge=0, le=2**32 - 1, help="Another seed makes other digits.")
    test_fraction: float = param(
        default=0.1, ge=0, le=0.9, title="Test share", help="The share of rows kept for the test."
    )

    def describe(self) -> DataInfo:
        """The columns source, written and following."""
        adds = self.task == "add"
        read, write = (2 * self.length + 1 if adds else self.length), self.length + 1 + adds
        tokens = SEQUENCE_TOKENS if adds else SEQUENCE_TOKENS[:PLUS]
        columns = (
            Column("source", (read,), "int64", "input", tokens, "What is read."),
            Column(
                "written", (write,), "int64", "input", tokens,
                "What is to be written, behind a mark for the begin.",
            ),
            Column(
                "following", (write,), "int64", "target", tokens,
                "What is to be written, with a mark for the end.", follows="written",
            ),
        )  # fmt: skip
        test = rows_for_test(self.rows, self.test_fraction)
        return DataInfo(f"{self.title}, {self.task}", columns, self.rows - test, test)

    def reading(self) -> Reading:
        """The parameters are the arguments."""
        return Reading(load_sequences, self.values())
