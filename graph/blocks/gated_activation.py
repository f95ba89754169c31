"""Gated units: one half of the numbers decides what passes of the other half."""

from __future__ import annotations

from graph.block import Block, Category, Emit, Example, block
from graph.blocks._common import axis_in, call_of, changed, need_floats
from graph.params import param
from graph.problems import Hint, Refusal, SetUpstream
from graph.tensor import T, TensorType


def _hints_to_even(x: TensorType, axis: int) -> tuple[Hint, ...]:
    """One more of the channels or features, where these are halved."""
    size = x.shape[axis]
    if not isinstance(size, int) or axis not in (1, x.rank - 1):
        return ()
    name = "features" if axis == x.rank - 1 else "out_channels"
    return (SetUpstream("x", name, size + 1),)


@block(
    "glu",
    title="GLU",
    category=Category.ACTIVATION,
    glyph="Gl",
    keywords=("gated linear unit", "gate", "half"),
)
class Glu(Block):
    """One half of the numbers passes as far as the sigmoid of the other half lets it.

    Use it after a layer with twice the features; it learns what to let through.

    Shape: `(…, 2·n, …) -> (…, n, …)`.

    Source: Language Modeling with Gated Convolutional Networks (2016), section 2.
    """

    axis: int = param(default=-1, help="The axis that is halved; -1 is the last, 1 the channels.")

    examples = (
        Example({}, x=T("N", "T", 16)),
        Example({"axis": 1}, x=T("N", 6, "H", "W")),
        Example({"axis": -2}, x=T("N", 4, 3, dtype="float64")),
        Example({}, x=T("N", 7), fails="an even size"),
        Example({}, x=T("N", "T"), fails="an even size"),
        Example({"axis": 2}, x=T("N", 8), fails="works on axis 2"),
        Example({}, x=T("N", 8, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        axis = axis_in(x, self.axis)
        if not x.shape:
            raise Refusal("needs an axis to halve, but receives a scalar", port="x")
        size = x.shape[axis]
        half = size // 2
        if half * 2 != size:
            hints = _hints_to_even(x, axis)
            raise Refusal(
                f"halves axis {axis} and needs an even size there, but receives {size}",
                port="x",
                short=f"{size} % 2",
                hints=hints,
            )
        return x.with_shape(*x.shape[:axis], half, *x.shape[axis + 1 :])

    def emit(self, x: TensorType) -> Emit:
        return call_of("F.glu", **changed(dim=(self.axis, -1)))

    def summary(self) -> str:
        return "" if self.axis == -1 else f"axis {self.axis}"
