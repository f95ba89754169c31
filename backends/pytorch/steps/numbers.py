"""Steps for numbers of any kind: normalising, noise and stripes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

from backends.pytorch.place import CannotTrain
from backends.pytorch.steps.step import Chance, Columns, Step, per_row

# The axes of a batch that a mean is taken over, besides that of the rows.
SHARED = {"first axis": slice(2, None), "last axis": slice(1, -1), "all numbers": slice(1, None)}


@dataclass(frozen=True, kw_only=True)
class Normalise(Step):
    """Gives numbers a mean of 0 and a standard deviation of 1, measured on the rows to train on.

    Attributes:
        per: what has a mean of its own: first axis (of a row), last axis, each number, all numbers.
        constant: what becomes of numbers that never vary: refuse, centre.
        found: mean and standard deviation of each column, once they are measured.
    """

    per: str = "first axis"
    constant: str = "refuse"
    found: dict[str, tuple[Tensor, Tensor]] = field(default_factory=dict, compare=False)

    @property
    def is_to_learn(self) -> bool:
        """Whether means are still to be measured."""
        return not self.found

    def apply(self, batch: Columns, chance: Chance | None) -> Columns:
        made = dict(batch)
        for name, (mean, deviation) in self.found.items():
            if name in batch:
                x = batch[name]
                made[name] = (x - mean.to(x.device)) / deviation.to(x.device)
        return made

    def undone(self, name: str, x: Tensor) -> Tensor:
        """The numbers of a column in their own unit again."""
        if name not in self.found:
            return x
        mean, deviation = self.found[name]
        return x * deviation.to(x.device) + mean.to(x.device)

    def learned(self, batches: Iterable[Columns]) -> Any:  # Any: typing.Self is of Python 3.11
        """The step with the means of these rows.

        Raises:
            CannotTrain: a number never varies, or is none.
        """
        seen: dict[str, Spread] = {}
        for batch in batches:
            for name in self.columns:
                if name in batch:
                    axes = self.shared_axes(batch[name])
                    seen.setdefault(name, Spread()).add(batch[name].double(), axes)
        return replace(self, found={name: self.usable(name, held) for name, held in seen.items()})

    def shared_axes(self, x: Tensor) -> tuple[int, ...]:
        """The axes over which a mean is taken."""
        axes = tuple(range(x.dim()))
        if x.dim() == 2 and self.per == "last axis":
            return (0,)
        return (0, *(axes[SHARED[self.per]] if self.per in SHARED else ()))

    def usable(self, name: str, spread: Spread) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation to calculate with."""
        if not spread.mean.isfinite().all():
            raise CannotTrain(
                f"Normalise cannot use “{name}”: it holds values that are no finite numbers. Fill "
                "or leave out the rows that have them."
            )
        still = spread.lowest == spread.highest
        if self.constant == "refuse" and still.any():
            place = still[0].nonzero()[0].tolist()
            where = ", ".join(map(str, place)) if still.numel() > 1 else "all of it"
            raise CannotTrain(
                f"Normalise cannot scale “{name}”: {int(still.sum())} of its {still.numel()} "
                f"values never vary in the rows to train on; the first, at {where}, is always "
                f"{spread.lowest[still][0].item():g}. Leave it out, take the mean over more "
                "numbers, or let Normalise centre constant values."
            )
        deviation = torch.where(still, torch.ones_like(spread.mean), spread.deviation())
        return spread.mean.float(), deviation.float()


class Spread:
    """Mean, standard deviation and limits of numbers that come in parts.

    Source: Chan, Golub and LeVeque, Updating Formulae (1979), equation 2.1.
    """

    def __init__(self) -> None:
        self.count = 0
        self.mean = self.squares = self.lowest = self.highest = torch.zeros(())

    def add(self, x: Tensor, axes: tuple[int, ...]) -> None:
        """Takes in more of them; means are over these axes."""
        mean = x.mean(axes, keepdim=True)
        squares = (x - mean).square().sum(axes, keepdim=True)
        lowest, highest = x.amin(axes, keepdim=True), x.amax(axes, keepdim=True)
        count = x.numel() // mean.numel()
        if self.count:
            apart, all_of_them = mean - self.mean, self.count + count
            mean = self.mean + apart * (count / all_of_them)
            squares = self.squares + squares
            squares = squares + apart.square() * (self.count * count / all_of_them)
            lowest, highest = lowest.minimum(self.lowest), highest.maximum(self.highest)
        self.count += count
        self.mean, self.squares, self.lowest, self.highest = mean, squares, lowest, highest

    def deviation(self) -> Tensor:
        """The standard deviation of all of them."""
        return (self.squares / self.count).sqrt()


@dataclass(frozen=True, kw_only=True)
class Noise(Step):
    """Adds normal noise while training."""

    deviation: float = 0.05

    def apply(self, batch: Columns, chance: Chance | None) -> Columns:
        if chance is None:
            return batch
        return self.each(batch, lambda x: x + self.deviation * chance.normal(x.shape))


@dataclass(frozen=True, kw_only=True)
class Masks(Step):
    """Covers stripes along the last two axes by zeros while training."""

    along_last: int = 8
    along_other: int = 4
    stripes: int = 1

    def apply(self, batch: Columns, chance: Chance | None) -> Columns:
        if chance is None:
            return batch

        def cover(x: Tensor) -> Tensor:
            for inside in self.drawn(x, chance):
                x = x.masked_fill(inside, 0.0)
            return x

        return self.each(batch, cover)

    def drawn(self, x: Tensor, chance: Chance) -> Iterator[Tensor]:
        """Stripes as truth values that are true inside."""
        for axis, widest in ((-1, self.along_last), (-2, self.along_other)):
            length = x.shape[axis] if x.dim() > -axis else 0
            at = torch.arange(length, device=x.device)
            at = at.view(-1, 1) if axis == -2 else at
            for _ in range(self.stripes if widest and x.dim() > -axis else 0):
                width_N = chance.below(torch.full((len(x),), widest + 1, device=x.device))
                start_N = per_row(chance.below(length - width_N + 1), x)
                yield (at >= start_N) & (at < start_N + per_row(width_N, x))
