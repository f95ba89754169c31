"""Where gradients stop: Detach."""

from __future__ import annotations

from graph.block import Block, Category, Emit, Example, block
from graph.tensor import T, TensorType


@block(
    "detach",
    title="Detach",
    category=Category.TRAINING,
    glyph="De",
    keywords=("stop gradient", "freeze", "frozen", "constant", "no grad", "gan"),
)
class Detach(Block):
    """Passes numbers on unchanged and lets no gradient back through.

    Use it where what comes before must not learn from what comes behind, such as between the
    generator and the discriminator when it is the latter that is trained.

    Shape: `(…) -> (…)`.
    """

    is_view = True
    examples = (
        Example({}, x=T("N", 2)),
        Example({}, x=T("N", 3, 8, 8)),
        Example({}, x=T("N", "T", dtype="int64")),
    )

    def infer(self, x: TensorType) -> TensorType:
        return x

    def emit(self, x: TensorType) -> Emit:
        return Emit("{y} = {x}.detach()")

    def summary(self) -> str:
        return ""
