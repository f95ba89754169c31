"""Regularisation: what keeps a model from learning its data by heart."""

from __future__ import annotations

from graph.block import Block, Call, Category, Emit, Example, block
from graph.blocks._attention_memory import dropped
from graph.blocks._common import need_floats
from graph.params import param
from graph.saved import Saved
from graph.tensor import T, TensorType


@block(
    "dropout",
    title="Dropout",
    category=Category.REGULARISATION,
    glyph="Do",
    keywords=("regularization", "noise", "overfitting"),
)
class Dropout(Block):
    """Turns a random part of the numbers to 0 while training, and nothing afterwards.

    Use it before dense layers when a model learns its training data by heart.

    Shape: `(…) -> (…)`.

    Source: Dropout: A Simple Way to Prevent Neural Networks from Overfitting (2014).
    """

    p: float = param(
        default=0.5, title="Probability", ge=0, le=1, widget="slider",
        help="Chance of each number to become 0; the others grow to make up for it.",
    )  # fmt: skip

    examples = (
        Example({}, x=T("N", 16)),
        Example({"p": 0.1}, x=T("N", 3, "H", "W")),
        Example({"p": 0.0}, x=T("N", "T", 4, dtype="float64")),
        Example({}, x=T("N", 3, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        return x

    def emit(self, x: TensorType) -> Emit:
        return Emit("{y} = {dropout}({x})", {"dropout": Call("nn.Dropout", self.p)})

    def saved(self, x: TensorType) -> Saved:
        if not self.p:
            return Saved()
        return Saved.holding((), dropped(x)) if x.dtype == "float32" else Saved.of((), x)

    def summary(self) -> str:
        return f"p {self.p:g}"
