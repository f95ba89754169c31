"""What is read of the data off the UI thread, with the words and names of the document's recipe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from app.outliving import answer
from app.tasks import Task
from backends import loader
from backends.data.browsing.answers import Answers, answered
from backends.data.browsing.choosing import Choice, chosen
from backends.data.browsing.measuring import Facts, measure
from backends.data.browsing.opening import samples_of
from backends.data.browsing.samples import Samples
from backends.data.source import Cancelled
from graph.data import DataSpec
from graph.model import Document
from graph.problems import UserError
from graph.recipe import Recipe

PARTING, TRYING = "backends.pytorch.parting", "backends.pytorch.trying"


@dataclass(frozen=True)
class Wanted:
    """Which data is to be looked at, and which of its rows validate."""

    spec: DataSpec
    share: float
    seed: int


def wanted_of(document: Document) -> Wanted:
    """What a document says; steps between data and model change nothing here."""
    try:
        recipe = Recipe.build(document.recipe, document.variables)
    except UserError:
        recipe = Recipe()  # the recipe's own page tells what is wrong with it
    spec = replace(document.data, steps=())
    return Wanted(spec, recipe.validation_fraction, recipe.seed)


def read(wanted: Wanted, task: Task) -> Samples | None:
    """The samples; None where it was cancelled.

    Raises:
        UserError: the data is not there or cannot be used.
    """
    apart = partial(_validating, wanted)
    try:
        return samples_of(wanted.spec, apart, task.report, task.is_cancelled)
    except Cancelled:
        return None


def _validating(wanted: Wanted, drawn: Mapping[str, np.ndarray], rows: int) -> np.ndarray:
    found: np.ndarray = loader.call(PARTING, "validating", drawn, rows, wanted.share, wanted.seed)
    return found


def sum_up(samples: Samples, task: Task) -> Facts | None:
    """What the samples hold as a whole; None where it was cancelled."""
    try:
        return measure(samples, task.report, task.is_cancelled)
    except Cancelled:
        return None


def try_model(document: Document, run: Path, samples: Samples, task: Task) -> Samples | None:
    """The samples with the answers of a trained model; None where it was cancelled.

    Raises:
        UserError: the weights do not fit, or there is no answer to compare.
    """
    try:
        found: Answers = answer(
            task, TRYING, "answer_all", document, run, task.report, task.is_cancelled
        )
    except Cancelled:
        return None
    return answered(samples, found)


def choose(samples: Samples, choice: Choice, facts: Facts | None, task: Task) -> np.ndarray:
    """The rows that are wanted, in their order."""
    unreadable = facts.unreadable if facts is not None else ()
    return chosen(samples, choice, unreadable, task.is_cancelled)
