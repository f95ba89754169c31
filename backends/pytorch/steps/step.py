"""What a step between data and model is: it changes some columns of a batch."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

Columns = dict[str, Tensor]


class Chance:
    """The random numbers of one batch, where it lies; a seed gives the same ones each time."""

    def __init__(self, seed: int, device: torch.device) -> None:
        self.device = device
        self.plain = random.Random(seed)  # for what a whole batch has in common
        self.generator = torch.Generator(device).manual_seed(seed)

    def uniform(self, *shape: int) -> Tensor:
        """Numbers from 0 to 1."""
        return torch.rand(shape, generator=self.generator, device=self.device)

    def each_way(self, rows: int, most: float) -> Tensor:
        """A number from -most to most for each row."""
        return (2 * self.uniform(rows) - 1) * most

    def below(self, limits: Tensor) -> Tensor:
        """A whole number from 0 on, below the limit of its row."""
        return (self.uniform(len(limits)) * limits).long().minimum(limits - 1)

    def normal(self, shape: torch.Size) -> Tensor:
        """Normal numbers."""
        return torch.randn(shape, generator=self.generator, device=self.device)

    def order(self, rows: int) -> Tensor:
        """The rows in another order."""
        return torch.randperm(rows, generator=self.generator, device=self.device)


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step and the names of the columns that it changes, of which a batch may lack some."""

    columns: tuple[str, ...]

    def apply(self, batch: Columns, chance: Chance | None) -> Columns:
        """The batch behind the step; without chance, the model is not being trained."""
        raise NotImplementedError

    def each(self, batch: Columns, change: Callable[[Tensor], Tensor]) -> Columns:
        """The batch with each of the columns changed."""
        return {
            name: change(column) if name in self.columns else column
            for name, column in batch.items()
        }

    def undone(self, name: str, x: Tensor) -> Tensor:
        """What a column was before the step; the same where that cannot be told."""
        return x

    def learned(self, batches: Iterable[Columns]) -> Any:  # Any: typing.Self is of Python 3.11
        """The step as it is after it has seen the rows to train on."""
        return self

    @property
    def is_to_learn(self) -> bool:
        """Whether the step has to see the rows to train on first."""
        return False


def rows_of(batch: Columns) -> int:
    """How many rows a batch has."""
    return len(next(iter(batch.values())))


def per_row(values_N: Tensor, like: Tensor) -> Tensor:
    """A value for each row, with as many axes as another tensor has."""
    return values_N.view(-1, *(1,) * (like.dim() - 1))
