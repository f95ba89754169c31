"""Some rows of the data before and behind the steps of a document."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch

from backends.data.source import source_of
from backends.pytorch.place import CannotTrain, Place
from backends.pytorch.recipe import Recipe
from backends.pytorch.rows import Batch, Table
from backends.pytorch.stepping import stepped, with_learned
from backends.pytorch.steps_made import made_steps
from backends.steps_shown import StepsPreview
from graph.data import Column, DataInfo, DataSpec
from graph.problems import UserError
from graph.stepping import stepped as described

SAMPLED = 512
"""Rows that are kept for previews; means are of these alone."""
MIXED = 8
CPU = Place(torch.device("cpu"), 1, torch.contiguous_format)

_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class _Sampled:
    """Rows of a data set."""

    spec: DataSpec
    info: DataInfo
    columns: dict[str, np.ndarray]


_kept: list[_Sampled] = []


def preview_steps(
    spec: DataSpec, draw: int, rows: int, cancelled: Callable[[], bool]
) -> StepsPreview:
    """Some rows, others for every draw, and what the steps make of them while training.

    Raises:
        UserError: the data cannot be used, or a step does not suit it.
        Cancelled: `cancelled` answered True.
    """
    with _one_at_a_time:
        sampled = _sampled(replace(spec, steps=()), cancelled)
    info, after = sampled.info, described(sampled.info, spec.steps)
    recipe = Recipe(steps=made_steps(info, spec.steps), validation_fraction=0.0)
    try:
        table = Table(sampled.columns, CPU)
        recipe = with_learned(recipe, table, torch.arange(table.rows))
        count = min(max(MIXED, rows), table.rows)
        order = (torch.arange(count) + draw * rows) % table.rows
        [before] = table.batches(order, [(0, count)])
        [made] = stepped(table, order, [(0, count)], recipe, draw)
    except CannotTrain as error:
        raise UserError(str(error)) from error
    column = _changed(info, recipe)
    return StepsPreview(
        column.name,
        before[column.name][:rows].numpy(),
        made[column.name][:rows].numpy(),
        column.classes,
        _labels(after, made, rows),
    )


def _sampled(spec: DataSpec, cancelled: Callable[[], bool]) -> _Sampled:
    """Rows from all over the data; those of the data that was asked for last are kept."""
    if not _kept or _kept[0].spec != spec:
        source = source_of(spec)
        train = source.load(None, cancelled).train
        columns = {name: held for name, held in train.items() if not name.startswith("@")}
        total = len(next(iter(columns.values())))
        picked = np.linspace(0, total - 1, min(SAMPLED, total)).astype(np.int64)
        np.random.default_rng(0).shuffle(picked)  # rows side by side are often alike
        held = {name: np.asarray(column[picked]) for name, column in columns.items()}
        _kept[:] = [_Sampled(spec, source.describe(), held)]
    return _kept[0]


def _changed(info: DataInfo, recipe: Recipe) -> Column:
    """The first input that a step changes, or the first there is."""
    touched = {name for step in recipe.steps for name in step.columns}
    inputs = info.inputs()
    if not inputs:
        raise UserError("The data has no inputs.")
    return next((each for each in inputs if each.name in touched), inputs[0])


def _labels(info: DataInfo, batch: Batch, rows: int) -> tuple[str, ...]:
    target = next((each for each in info.targets() if each.classes), None)
    if target is None or target.name not in batch:
        return ()
    found = batch[target.name][:rows]
    names = target.classes
    if found.dim() == 1 and not found.is_floating_point():
        return tuple(names[int(index)] for index in found if int(index) < len(names))
    if found.dim() != 2 or found.shape[1] != len(names) or not found.is_floating_point():
        return ()
    return tuple(_mixture(row.tolist(), names) for row in found)


def _mixture(shares: list[float], names: tuple[str, ...]) -> str:
    held = sorted(((share, name) for share, name in zip(shares, names, strict=True)), reverse=True)
    told = [(share, name) for share, name in held[:3] if share >= 0.005]
    if len(told) == 1:
        return told[0][1]
    return ", ".join(f"{name} {share:.0%}" for share, name in told)
