"""What a trained model answers to samples, beside what it should answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backends.data.browsing.columns import CodeColumn, Column, NumberColumn
from backends.data.browsing.samples import Samples
from backends.data.browsing.stack import Stack
from graph.problems import UserError

ANSWER, CERTAINTY, VERDICT, MISS = "answer", "certainty", "verdict", "off by"
VERDICTS = ("right", "wrong")
RIGHT, WRONG = 0, 1


@dataclass(frozen=True)
class Answers:
    """The answers to all rows of the arrays, those of the test below the others.

    Attributes:
        column: what is answered.
        classes: what it chooses among; empty where it answers numbers.
        scores: a probability for each class (N, C), or the numbers (N, K).
        truth: the class (N) or the numbers (N, K) that are right.
    """

    column: str
    classes: tuple[str, ...]
    scores: np.ndarray
    truth: np.ndarray

    def right(self) -> np.ndarray:
        """Which rows are answered with the right class."""
        return np.asarray(self.scores.argmax(axis=1) == self.truth)


def answered(samples: Samples, answers: Answers) -> Samples:
    """The samples with columns of what the model answers, and how good that is.

    Raises:
        UserError: the model has answered other samples than these.
    """
    places = samples.places
    known = places >= 0
    if int(known.sum()) != len(answers.scores):
        raise UserError(
            f"The model has read {len(answers.scores):,} samples, but {int(known.sum()):,} are "
            "listed here. Some files cannot be read, or have changed; read the data again."
        )
    made = _of_classes(places, known, answers) if answers.classes else \
        _of_numbers(places, known, answers)  # fmt: skip
    names = {ANSWER, CERTAINTY, VERDICT, MISS}
    old = [column for column in samples.columns if not _is_made(column, names)]
    return replace(samples, columns=(*made, *old), answers=answers)


def verdicts_of(samples: Samples) -> np.ndarray:
    """Whether each row is answered right or wrong, as a place in `VERDICTS`; -1 for no answer."""
    for column in samples.columns:
        if _is_made(column, {VERDICT}) and isinstance(column, CodeColumn):
            return column.codes
    return np.full(len(samples), -1, np.int64)


def _is_made(column: Column, names: set[str]) -> bool:
    return column.kind == "answer" and column.name in names


def _of_classes(places: np.ndarray, known: np.ndarray, answers: Answers) -> list[Column]:
    codes = np.full(len(places), -1, np.int64)
    codes[known] = answers.scores.argmax(axis=1)[places[known]]
    certainty = np.full(len(places), np.nan)
    certainty[known] = answers.scores.max(axis=1)[places[known]]
    verdict = np.full(len(places), -1, np.int64)
    verdict[known] = np.where(answers.right(), RIGHT, WRONG)[places[known]]
    return [
        CodeColumn(ANSWER, codes, answers.classes, "answer", in_order=True),
        CodeColumn(VERDICT, verdict, VERDICTS, "answer", in_order=True),
        NumberColumn(CERTAINTY, Stack([certainty]), kind="answer"),
    ]


def _of_numbers(places: np.ndarray, known: np.ndarray, answers: Answers) -> list[Column]:
    scores = answers.scores.reshape(len(answers.scores), -1)
    truth = answers.truth.reshape(len(answers.truth), -1)
    first, misses = np.full((2, len(places)), np.nan)
    first[known] = scores[places[known], 0]
    misses[known] = np.abs(scores - truth).mean(axis=1)[places[known]]
    return [
        NumberColumn(ANSWER, Stack([first]), kind="answer"),
        NumberColumn(MISS, Stack([misses]), kind="answer"),
    ]
