"""Steps that mix rows of a batch, and their targets with them."""

from __future__ import annotations

from dataclasses import dataclass

import torch.nn.functional as F  # noqa: N812  as everyone calls it
from torch import Tensor

from backends.pytorch.steps.step import Chance, Columns, Step, rows_of


@dataclass(frozen=True, kw_only=True)
class Mixing(Step):
    """Mixes some batches while training; classes become a probability for each in any case.

    Attributes:
        classes: how many classes each column has; 0 where it holds numbers.
        inputs: the first so many columns are not targets.
    """

    alpha: float = 0.2
    chance: float = 1.0
    classes: tuple[int, ...]
    inputs: int

    def apply(self, batch: Columns, chance: Chance | None) -> Columns:
        batch = dict(batch)
        for name, classes in zip(self.columns, self.classes, strict=True):
            if classes and name in batch:
                batch[name] = F.one_hot(batch[name], classes).float()
        if chance is None or chance.plain.random() >= self.chance:
            return batch
        return self.mixed(batch, chance.order(rows_of(batch)), chance)

    def mixed(self, batch: Columns, other_N: Tensor, chance: Chance) -> Columns:
        """The batch, each row mixed with another one."""
        raise NotImplementedError

    def blended(
        self, batch: Columns, names: tuple[str, ...], other_N: Tensor, share: float
    ) -> None:
        """Leaves that share of these columns, and takes the rest from other rows."""
        for name in names:
            if name in batch:
                batch[name] = share * batch[name] + (1 - share) * batch[name][other_N]


@dataclass(frozen=True, kw_only=True)
class Mixup(Mixing):
    """Adds to each row a share of another, which is drawn for each batch."""

    def mixed(self, batch: Columns, other_N: Tensor, chance: Chance) -> Columns:
        share = chance.plain.betavariate(self.alpha, self.alpha)
        self.blended(batch, self.columns, other_N, share)
        return batch


@dataclass(frozen=True, kw_only=True)
class CutMix(Mixing):
    """Puts the same part of other pictures into each; targets are mixed by its area."""

    def mixed(self, batch: Columns, other_N: Tensor, chance: Chance) -> Columns:
        side = (1 - chance.plain.betavariate(self.alpha, self.alpha)) ** 0.5
        down, right = chance.plain.random(), chance.plain.random()
        share = 1.0
        for name in self.columns[: self.inputs]:
            if name in batch:
                x_NCHW = batch[name].clone()
                rows, columns = (
                    around(middle, side, length)
                    for middle, length in zip((down, right), x_NCHW.shape[-2:], strict=True)
                )
                x_NCHW[:, :, rows, columns] = batch[name][other_N][:, :, rows, columns]
                batch[name] = x_NCHW
                area = (rows.stop - rows.start) * (columns.stop - columns.start)
                share = 1 - area / (x_NCHW.shape[-2] * x_NCHW.shape[-1])
        self.blended(batch, self.columns[self.inputs :], other_N, share)
        return batch


def around(middle: float, side: float, length: int) -> slice:
    """The places around a middle, both given as shares of the length; none beyond the ends."""
    start = int(middle * length) - int(side * length) // 2
    return slice(max(start, 0), max(min(start + int(side * length), length), 0))
