"""What is known of code that says its shapes only by being run: questions and their answers.

Nothing here runs anything: whoever may run code takes the questions and tells the answers.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from graph.params import Plain
from graph.tensor import Dim, TensorType

MOST_KEPT = 4096
# Codes of problems that go on from the inside of a definition to where it is used.
UNTRUSTED, PROBING = "untrusted", "probing"


@dataclass(frozen=True)
class Question:
    """What a module class gives for these inputs.

    Attributes:
        code: the text of the class.
        name: its name.
        arguments: what its constructor is called with.
        inputs: what its `forward` is called with, by name; several of the name of `many`.
        many: the argument that takes any number of values; empty where there is none.
        outputs: how many values it gives.
        first_line: where the class begins in what was typed, which is how lines are told.
    """

    code: str
    name: str
    arguments: tuple[tuple[str, Plain], ...]
    inputs: tuple[tuple[str, TensorType], ...]
    many: str
    outputs: int
    first_line: int = 1


@dataclass(frozen=True)
class Answer:
    """What came of running it, or why that failed: a text that goes on after a block's name."""

    outputs: tuple[TensorType, ...] = ()
    parameters: int = 0
    multiply_adds: Dim = 0
    refusal: str = ""


class _Known:
    """What this process has learnt, and what it waits for."""

    def __init__(self) -> None:
        self.answers: dict[Question, Answer] = {}
        self.wanted: dict[Question, None] = {}
        self.age = 0


_known = _Known()
_here = threading.local()


def ask(question: Question) -> Answer | None:
    """The answer; None where it is not known yet, which is remembered as wanted."""
    answer = _known.answers.get(question)
    if answer is None:
        asked: dict[Question, None] | None = getattr(_here, "asked", None)
        (_known.wanted if asked is None else asked)[question] = None
    return answer


def known(question: Question) -> Answer:
    """What is known, without asking for more."""
    return _known.answers.get(question, Answer())


def tell(question: Question, answer: Answer) -> None:
    """Makes an answer known."""
    if len(_known.answers) >= MOST_KEPT:
        _known.answers.clear()
    _known.answers[question] = answer
    _known.age += 1


def take_wanted() -> list[Question]:
    """The questions that nobody has taken yet."""
    taken, _known.wanted = list(_known.wanted), {}
    return taken


@contextmanager
def listening() -> Iterator[dict[Question, None]]:
    """Within, what this thread asks and is not known comes here, to be answered at once."""
    asked: dict[Question, None] = {}
    _here.asked = asked
    _known.age += 1  # what was typed while it waited for an answer is typed anew, and asks again
    try:
        yield asked
    finally:
        _here.asked = None


def age() -> int:
    """A number that changes when something becomes known."""
    return _known.age
