"""What a trained model writes by itself: answers to the rows of the test, or the rest of a text."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from backends.data.source import Cancelled
from backends.protocol import Answer, Writing
from backends.pytorch.decoding import drawn, likeliest, write_on
from backends.pytorch.evaluation import take_weights
from backends.pytorch.failures import explain
from backends.pytorch.prepare import Prepared, build_model, load_columns, prepare
from graph.data import Column
from graph.model import Document
from graph.problems import UserError

Watch = Callable[[float, str], object]
MOST_ROWS = 1000
# Tokens of a row of the test that are continued where no text is given.
START = 32


def _unwatched(_share: float, _piece: str) -> None:
    """Lets all go on."""


@dataclass(frozen=True)
class Asked:
    """What is wanted of a model that writes.

    Attributes:
        prompt: what is read, or continued; empty takes rows of the test.
        length: how many tokens are written; 0 as many as a row of the data has.
        temperature: 0 takes the likeliest token each time; above, tokens are drawn.
    """

    prompt: str = ""
    length: int = 0
    temperature: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class Writer:
    """How a model writes.

    Attributes:
        following: the column that the model learns to answer.
        columns: those of its inputs, in their order.
        place: which of them is the one that grows.
        answer: which of its answers has the scores of the next token; None where it has one.
        axis: of the classes in them.
    """

    following: Column
    columns: tuple[Column, ...]
    place: int
    answer: int | None
    axis: int

    @property
    def read(self) -> Column | None:
        """What the model reads beside what it has written; None where it continues a text."""
        return next((c for at, c in enumerate(self.columns) if at != self.place), None)

    def write(
        self, model: nn.Module, given: Sequence[Tensor], asked: Asked, watch: Watch = _unwatched
    ) -> Tensor:
        """The new tokens (N, length); `watch` is told of each token of the first row."""
        started = given[self.place].shape[1]
        decide = drawn(asked.temperature, asked.seed) if asked.temperature > 0 else likeliest
        steps = asked.length or self.following.shape[0]
        passed = itertools.count(1)
        classes = self.following.classes

        def choose(scores_NC: Tensor) -> Tensor:
            chosen, number = decide(scores_NC), next(passed)
            piece = text_of_tokens(chosen[:1].cpu().numpy(), classes)
            is_apart = number > 1 and not _are_letters(classes)
            watch(number / steps, " " + piece if is_apart else piece)
            return chosen

        seen = None if self.read else self.columns[self.place].shape[0]
        made = write_on(
            model, given, steps, choose,
            place=self.place, answer=self.answer, axis=self.axis, most_seen=seen,
        )  # fmt: skip
        return made[:, started:]


def write_run(
    document: Document,
    run: Path,
    *,
    watch: Watch = _unwatched,
    **asked: Any,  # Any: the values of `Asked`
) -> Writing:
    """What a model writes with the weights that a run kept.

    Args:
        watch: told of each token that is written: the share of the work that is done, and how
            the text of the first row goes on. What it raises ends the work.

    Raises:
        UserError: the drawing is none that writes, the weights do not fit it, or the prompt has
            words that it does not know.
    """
    prepared = prepare(document)
    writer, wanted = writer_of(prepared), Asked(**asked)
    built = build_model(prepared)
    take_weights(built, prepared, run)
    splits = load_columns(prepared)
    try:
        if wanted.prompt:
            return _of_prompt(writer, built.model, splits.train, wanted, watch)
        if not len(next(iter(splits.test.values()), ())):
            raise UserError("The data has no rows for the test; give it a test share above 0.")
        rows = {name: column[:MOST_ROWS] for name, column in splits.test.items()}
        return _of_rows(writer, built.model, rows, wanted, watch)
    except (UserError, Cancelled):
        raise
    except Exception as error:  # whatever a model raises is told by the block's title
        raise UserError(explain(error, prepared, built).text) from error


def writer_of(prepared: Prepared) -> Writer:
    """How the model of a drawing writes.

    Raises:
        UserError: it does not: no loss compares its answers with what follows in a sequence.
    """
    program = prepared.program
    columns = [prepared.data.column(feed.column) for feed in program.inputs]
    known = tuple(column for column in columns if column is not None)
    names = [column.name for column in known]
    ends = [result.endpoint for result in program.returns]
    for feed in program.targets:
        following = prepared.data.column(feed.column)
        if following is None or following.follows not in names:
            continue
        for step in program.objective:
            scores = step.inputs.get("prediction", (None,))[0]
            if step.inputs.get("target") == ((feed.node, "y"),) and scores in ends:
                last = prepared.typing.blocks[step.node].values().get("classes_last")
                answer = ends.index(scores) if len(ends) > 1 else None
                place = names.index(following.follows)
                return Writer(following, known, place, answer, -1 if last else 1)
    raise UserError(
        "The drawing does not write: it needs data with a sequence and what follows each of its "
        "places, such as Python's standard library or Sequences of digits, and a Cross-entropy "
        "that compares an Output of the model with the latter."
    )


def _of_prompt(
    writer: Writer, model: nn.Module, rows: Mapping[str, np.ndarray], asked: Asked, watch: Watch
) -> Writing:
    others = [column for at, column in enumerate(writer.columns) if at != writer.place]
    if len(others) > 1:
        names = ", ".join(f"“{column.name}”" for column in others)
        raise UserError(f"The model reads {names}; only one of them could be told in words.")
    read, classes = writer.read, writer.following.classes
    prompt = torch.from_numpy(tokens_of(asked.prompt, (read or writer.following).classes))[None]
    given = [prompt] * len(writer.columns)
    if read is not None:
        # every row begins to write with the same mark
        given[writer.place] = torch.from_numpy(rows[writer.columns[writer.place].name][:1, :1])
    made = writer.write(model, given, asked, watch)[0].numpy()
    answer = Answer(asked.prompt, text_of_tokens(made, classes))
    return Writing((answer,), continues=read is None)


def _of_rows(
    writer: Writer, model: nn.Module, rows: Mapping[str, np.ndarray], asked: Asked, watch: Watch
) -> Writing:
    read, right = writer.read, rows[writer.following.name]
    given = [torch.from_numpy(np.ascontiguousarray(rows[c.name])) for c in writer.columns]
    grows = given[writer.place]
    classes = writer.following.classes
    if read is None:
        given[writer.place] = start = grows[:1, :START]
        made = writer.write(model, given, asked, watch)[0].numpy()
        answer = Answer(text_of_tokens(start[0].numpy(), classes), text_of_tokens(made, classes))
        return Writing((answer,), rows=1, continues=True)
    given[writer.place] = grows[:, :1]
    made = writer.write(model, given, asked, watch).numpy()
    texts = (
        Answer(text_of_tokens(a, read.classes), text_of_tokens(b, classes),
               text_of_tokens(c, classes))
        for a, b, c in zip(rows[read.name], made, right, strict=True)
    )  # fmt: skip
    is_whole = made.shape == right.shape
    exact = float((made == right).all(axis=1).mean()) if is_whole else None
    return Writing(tuple(texts), len(made), exact)


def tokens_of(text: str, classes: Sequence[str]) -> np.ndarray:
    """The tokens of a text: a character each, or words that stand apart.

    Raises:
        UserError: a word is none of the tokens.
    """
    places = {name: place for place, name in enumerate(classes)}
    if _are_letters(classes):
        return np.array([places.get(character, 0) for character in text], np.int64)
    return np.array(list(_words(text, places)), np.int64)


def _words(text: str, places: Mapping[str, int]) -> Iterator[int]:
    for word in text.split():
        parts = [word] if word in places else list(word)
        for part in parts:
            if part not in places:
                known = ", ".join(list(places)[:30])
                raise UserError(f"“{part}” is no token of the data; there are {known}.")
            yield places[part]


def text_of_tokens(tokens: np.ndarray, classes: Sequence[str]) -> str:
    """Tokens as a text: characters side by side, words with blanks between."""
    names = [classes[token] if token < len(classes) else "?" for token in tokens]
    return ("" if _are_letters(classes) else " ").join(names)


def _are_letters(classes: Sequence[str]) -> bool:
    return all(len(name) == 1 for name in classes)
