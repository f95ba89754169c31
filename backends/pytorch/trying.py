"""What the weights of a run answer to every row of the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from backends.data.browsing.answers import Answers
from backends.data.source import Cancelled
from backends.pytorch.compile import Built
from backends.pytorch.evaluation import take_weights
from backends.pytorch.failures import explain
from backends.pytorch.place import computing, place_model
from backends.pytorch.prepare import Prepared, build_model, load_columns, prepare
from backends.pytorch.recipe import Recipe
from backends.pytorch.rows import Table, cut
from backends.pytorch.stepping import in_own_unit, learned_from, stepped
from graph.block import Role
from graph.data import Column
from graph.model import Document
from graph.problems import UserError

MOST_NUMBERS = 64


@dataclass(frozen=True)
class Asked:
    """Which of the values that a model returns answers which column of the data."""

    column: Column
    place: int


def answer_all(
    document: Document,
    run: Path,
    report: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> Answers:
    """What the model answers to all rows, with the weights that a run kept.

    Args:
        report: receives the share that is done.

    Raises:
        UserError: the weights do not fit, no answer is one that the data has, or a step failed.
        Cancelled: `cancelled` answered True.
    """
    prepared: Prepared | None = None
    built: Built | None = None
    threads = torch.get_num_threads()
    try:
        prepared = prepare(document, cancelled=cancelled)
        asked = answers_in(prepared)
        built = build_model(prepared)
        take_weights(built, prepared, run)
        splits = load_columns(prepared, cancelled=cancelled)
        recipe = learned_from(prepared.recipe, splits.train)
        parts = [part for part in (splits.train, splits.test) if len(next(iter(part.values()), ()))]
        found: list[Tensor] = []
        for number, part in enumerate(parts):
            found += _answers(
                built, prepared, asked, part, recipe,
                partial(_report_part, report, number, len(parts)), cancelled,
            )  # fmt: skip
        truth = np.concatenate([np.asarray(part[asked.column.name]) for part in parts])
        made = in_own_unit(recipe, asked.column.name, torch.cat(found))
        return _as_answers(asked.column, made, truth)
    except (UserError, Cancelled):
        raise
    except Exception as error:  # whatever a model raises is told by the block's title
        raise UserError(explain(error, prepared, built).text) from error
    finally:
        torch.set_num_threads(threads)


def _report_part(report: Callable[[float], None], number: int, count: int, share: float) -> None:
    report((number + share) / count)


def answers_in(prepared: Prepared) -> Asked:
    """The first answer that a loss compares with a column of the data, row by row.

    Raises:
        UserError: there is none.
    """
    program, typing = prepared.program, prepared.typing
    columns = {feed.node: prepared.data.column(feed.column) for feed in program.targets}
    returned = {result.endpoint: place for place, result in enumerate(program.returns)}
    for step in program.objective:
        if typing.blocks[step.node].kind.role is not Role.LOSS:
            continue
        targets, answers = step.inputs.get("target", ()), step.inputs.get("prediction", ())
        for (node, _), end in zip(targets, answers, strict=False):
            column = columns.get(node)
            if column is not None and end in returned and _is_one_answer(column):
                return Asked(column, returned[end])
    raise UserError(
        "No loss compares what the model answers with a class or with numbers of each sample, so "
        "there is no answer to show beside the data."
    )


def _is_one_answer(column: Column) -> bool:
    if column.classes:
        return not column.shape
    width = int(np.prod(column.shape)) if all(isinstance(d, int) for d in column.shape) else 0
    return len(column.shape) <= 1 and width <= MOST_NUMBERS


def _answers(
    built: Built,
    prepared: Prepared,
    asked: Asked,
    columns: dict[str, np.ndarray],
    recipe: Recipe,
    report: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> list[Tensor]:
    model = built.model.eval()
    place = place_model(model, recipe.device, recipe.threads, recipe.memory_format,
                        recipe.batch_size)  # fmt: skip
    table = Table(columns, place)
    cuts = cut(table.rows, recipe.batch_size)
    feeds, found = prepared.program.inputs, []
    with torch.no_grad(), computing(recipe.precision, deterministic=recipe.deterministic):
        batches = stepped(table, torch.arange(table.rows), cuts, recipe)
        for (_, stop), batch in zip(cuts, batches, strict=True):
            if cancelled():
                raise Cancelled
            made = model(**{feed.name: batch[feed.column] for feed in feeds})
            answer = made if isinstance(made, Tensor) else made[asked.place]
            found.append(answer.float().cpu())
            report(stop / table.rows)
    return found


def _as_answers(column: Column, made: Tensor, truth: np.ndarray) -> Answers:
    """Probabilities of classes, whether the model answers logits or these already."""
    if not column.classes:
        return Answers(column.name, (), made.flatten(1).numpy(), truth)
    scores, count = made.flatten(1), len(column.classes)
    if scores.shape[1] == 1 and count == 2:
        sure = scores if _are_shares(scores) else scores.sigmoid()
        scores = torch.cat([1 - sure, sure], dim=1)
    elif scores.shape[1] != count:
        raise UserError(
            f"The model answers {scores.shape[1]} numbers, but “{column.name}” has {count} "
            "classes; give it one number for each class."
        )
    elif not (_are_shares(scores) and (scores.sum(1) - 1).abs().max() < 1e-3):
        scores = scores.softmax(1)
    return Answers(column.name, column.classes, scores.numpy(), truth)


def _are_shares(scores: Tensor) -> bool:
    return bool((scores >= 0).all() and (scores <= 1).all())
