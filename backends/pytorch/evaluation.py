"""What the weights of a run are worth: loss and metrics over the rows kept for the test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from backends.pytorch.bounds import check_indices
from backends.pytorch.checkpoint import start_from
from backends.pytorch.compile import Built
from backends.pytorch.failures import explain
from backends.pytorch.loop import evaluate
from backends.pytorch.prepare import Prepared, build_model, load_columns, need_loss, prepare
from backends.pytorch.stepping import learned_from
from graph.model import Document
from graph.problems import UserError


@dataclass(frozen=True)
class Evaluation:
    """Means over the test rows, of the loss and of the metrics by name."""

    means: Mapping[str, float]
    rows: int
    device: str


def evaluate_run(document: Document, run: Path) -> Evaluation:
    """The test of a drawing with the weights that a run kept.

    Raises:
        UserError: the weights do not fit the drawing, there are no test rows, or a step failed.
    """
    prepared: Prepared | None = None
    built: Built | None = None
    threads = torch.get_num_threads()
    try:
        prepared = prepare(document)
        need_loss(prepared)
        built = build_model(prepared)
        take_weights(built, prepared, run)
        splits = load_columns(prepared)
        test = splits.test
        rows = len(next(iter(test.values()), ()))
        if not rows:
            raise UserError("The data has no rows for the test; give it a test share above 0.")
        check_indices(prepared, test, "test")
        assert built.objective is not None
        recipe = learned_from(prepared.recipe, splits.train)
        means = evaluate(built.model, built.objective, test, recipe)
        assert means is not None  # nobody stops it
    except UserError:
        raise
    except Exception as error:  # whatever a model raises is told by the block's title
        raise UserError(explain(error, prepared, built).text) from error
    finally:
        torch.set_num_threads(threads)
    return Evaluation(means, rows, str(next(built.model.parameters()).device))


def take_weights(built: Built, prepared: Prepared, run: Path) -> None:
    """Gives a model the weights that a run kept.

    Raises:
        UserError: some of them are missing or of another shape.
    """
    fits, wanted = start_from(built.model, prepared.source.paths, run)
    if fits < wanted:
        raise UserError(
            f"The weights of {run.name} do not fit this drawing: {wanted - fits} of {wanted} are "
            "missing or have another shape. Evaluate the drawing that the run was made with, "
            f"{run / 'document.loom'}."
        )
