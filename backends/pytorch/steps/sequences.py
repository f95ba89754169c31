"""Steps for sequences of tokens (N, T)."""

from __future__ import annotations

from dataclasses import dataclass

from backends.pytorch.steps.step import Chance, Columns, Step


@dataclass(frozen=True, kw_only=True)
class TokenDropout(Step):
    """Replaces some tokens by another while training."""

    chance: float = 0.1
    token: int = 0

    def apply(self, batch: Columns, chance: Chance | None) -> Columns:
        if chance is None:
            return batch
        return self.each(
            batch, lambda x: x.masked_fill(chance.uniform(*x.shape) < self.chance, self.token)
        )
