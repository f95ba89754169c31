"""The batches of a table behind the steps of a recipe; all that is random follows from its seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import takewhile
from typing import Any

import torch
from torch import Tensor

from backends.pytorch.place import Place, pick_device
from backends.pytorch.recipe import Recipe
from backends.pytorch.rows import Batch, Cut, Table, cut
from backends.pytorch.steps.step import Chance

MOST_ROWS_AT_ONCE, BYTES_AT_ONCE = 1024, 1 << 22


def stepped(
    table: Table,
    order: Tensor,
    cuts: list[Cut],
    recipe: Recipe,
    step: int | None = None,
    rank: int = 0,
) -> Iterator[Batch]:
    """The rows of each cut through `order`, as the model receives them.

    Args:
        step: the step of training that the first of them is for; None where it is not trained.
        rank: which of the processes this is that train together.
    """
    batches = table.batches(order, cuts)
    return _stepped(batches, table, recipe, step, rank) if recipe.steps else batches


def _stepped(
    batches: Iterator[Batch], table: Table, recipe: Recipe, step: int | None, rank: int
) -> Iterator[Batch]:
    for number, batch in enumerate(batches):
        chance = None
        if step is not None:
            seed = recipe.seed * 1_000_003 + (step + number) * 65_537 + rank * 257 + 1
            chance = Chance(seed, table.device)
        for each in recipe.steps:
            batch = each.apply(batch, chance)
        yield {
            name: column.contiguous(memory_format=table.images) if column.dim() == 4 else column
            for name, column in batch.items()
        }


def with_learned(
    recipe: Recipe, table: Table, rows: Tensor, goes_on: Callable[[], bool] = lambda: True
) -> Recipe:
    """The recipe whose steps know what they need of the rows to train on.

    Where `goes_on` says no, they know only what they have seen until then.
    """
    for place, each in enumerate(recipe.steps):
        if each.is_to_learn:
            so_far = replace(recipe, steps=recipe.steps[:place])
            batches = stepped(table, rows, cut(len(rows), _rows_at_once(table)), so_far)
            known = each.learned(takewhile(lambda _: goes_on(), batches))
            steps = (*recipe.steps[:place], known, *recipe.steps[place + 1 :])
            recipe = replace(recipe, steps=steps)
    return recipe


def _rows_at_once(table: Table) -> int:
    """So many rows that they take little memory, also as numbers of eight bytes."""
    size = int(sum(column.nbytes for column in table.columns.values())) // table.rows
    return min(MOST_ROWS_AT_ONCE, max(1, BYTES_AT_ONCE // max(size, 1)))


def learned_from(
    recipe: Recipe,
    columns: Mapping[str, Any],  # Any: numpy arrays
) -> Recipe:
    """The same from the columns that are trained on, where nothing is trained now."""
    if not any(each.is_to_learn for each in recipe.steps):
        return recipe
    table = Table(columns, Place(pick_device(recipe.device), 1, torch.contiguous_format))
    rows, _ = table.split(recipe.validation_fraction, recipe.seed)
    return with_learned(recipe, table, rows)


def in_own_unit(recipe: Recipe, column: str, x: Tensor) -> Tensor:
    """What a model made in the place of a column, as the column was before the steps.

    The steps must know what they need of the rows to train on.
    """
    for each in reversed(recipe.steps):
        x = each.undone(column, x)
    return x
