"""Activations over an axis: Softmax, Softmin and Log-softmax."""

from __future__ import annotations

from typing import ClassVar

from graph.block import Block, Category, Emit, Example, block
from graph.blocks._common import axis_in, call_of, need_floats
from graph.params import param
from graph.tensor import T, TensorType


class _OverAxis(Block):
    """A function of the numbers along one axis."""

    function: ClassVar[str]

    axis: int = param(default=-1, help="The axis it works along; -1 is the last, 0 the batch.")

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        axis_in(x, self.axis)
        return x

    def emit(self, x: TensorType) -> Emit:
        return call_of(self.function, dim=self.axis)

    def summary(self) -> str:
        return "" if self.axis == -1 else f"axis {self.axis}"


_ALONG = (
    Example({}, x=T("N", 10)),
    Example({"axis": 1}, x=T("N", 10, "H", "W")),
    Example({"axis": -2}, x=T("N", "T", 4)),
    Example({"axis": 2}, x=T("N", 10), fails="works on axis 2"),
    Example({}, x=T("N", 10, dtype="int64"), fails="needs floating-point"),
)


@block(
    "softmax",
    title="Softmax",
    category=Category.ACTIVATION,
    glyph="Sm",
    keywords=("probability", "classes", "distribution"),
)
class Softmax(_OverAxis):
    """Turns logits into probabilities that add up to 1 along an axis.

    Use it to read a classifier's answer; Cross-entropy takes the logits before it.

    Shape: `(…) -> (…)`.
    """

    saves = ("y",)
    function = "F.softmax"
    examples = _ALONG


@block(
    "softmin",
    title="Softmin",
    category=Category.ACTIVATION,
    glyph="Sn",
    keywords=("probability", "smallest", "distance", "distribution"),
)
class Softmin(_OverAxis):
    """Turns numbers into probabilities that add up to 1 along an axis, small ones getting most.

    Use it on distances and costs, of which the smallest is the best.

    Shape: `(…) -> (…)`.
    """

    saves = ("y",)
    function = "F.softmin"
    examples = _ALONG


@block(
    "log_softmax",
    title="Log-softmax",
    category=Category.ACTIVATION,
    glyph="Ls",
    keywords=("log probability", "classes"),
)
class LogSoftmax(_OverAxis):
    """The logarithm of the softmax, more precise than taking it afterwards.

    Use it for log-probabilities, as sequence models and sampling need them.

    Shape: `(…) -> (…)`.
    """

    saves = ("y",)
    function = "F.log_softmax"
    examples = _ALONG
