"""Steps for sequences of tokens."""

from __future__ import annotations

from graph.data import Column
from graph.params import param
from graph.problems import UserError
from graph.steps.step import TRAINING, DataStep


class TokenDropout(DataStep):
    """Replaces some tokens by another, so that no single one is relied on."""

    kind, title, acts, order = "token_dropout", "Token dropout", TRAINING, 40
    runs = "backends.pytorch.steps.sequences.TokenDropout"
    wants = "sequences of tokens, rows of one axis of int64"

    chance: float = param(default=0.1, ge=0, le=1, help="The share of tokens that is replaced.")
    token: int = param(
        default=0, ge=0, help="The number of the token that takes their place, such as unknown."
    )

    def suits(self, column: Column) -> bool:
        return column.dtype == "int64" and len(column.shape) == 1

    def changed(self, column: Column) -> Column:
        if column.classes and self.token >= len(column.classes):
            raise UserError(
                f"“{column.name}” has {len(column.classes)} tokens, 0 to "
                f"{len(column.classes) - 1}, but the one to put in is {self.token}."
            )
        return column

    def summary(self) -> str:
        return f"{self.chance:.0%}"
