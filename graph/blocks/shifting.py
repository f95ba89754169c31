"""The same numbers in other places: Repeat values, Roll, Flip."""

from __future__ import annotations

from graph.block import Argument, Block, Category, Emit, Example, block
from graph.blocks._axes import real_axis, replaced
from graph.blocks._common import axes_in, axis_in, method_of
from graph.params import Ints, param
from graph.problems import Refusal, SetParam
from graph.tensor import T, TensorType


@block(
    "repeat",
    title="Repeat values",
    category=Category.TENSOR,
    glyph="Rp",
    keywords=("tile", "repeat_interleave", "copy", "duplicate", "upsample"),
    stem="repeated",
)
class Repeat(Block):
    """Copies what there is along an axis, several times over.

    Use it to pair every row with several others, or to stretch a sequence.

    Shape: `(…, size, …) -> (…, times·size, …)`.
    """

    saves = ()

    axis: int = param(default=1, help="The axis along which it is copied; 0 is the batch.")
    times: int = param(default=2, ge=1, help="How often.")
    each: bool = param(
        default=False, help="Copy each place in turn, a a b b, instead of the whole, a b a b."
    )

    examples = (
        Example({}, x=T("N", "T", 8)),
        Example({"axis": -1, "times": 3, "each": True}, x=T("N", 4, dtype="int64")),
        Example({"axis": 0}, x=T("N", 4)),
        Example({"axis": 2}, x=T("N", 4), fails="works on axis 2"),
        Example({"axis": 0}, x=T(), fails="receives a scalar"),
    )
    stricter = {"receives a scalar": "Torch would add the axis that it copies along."}

    def infer(self, x: TensorType) -> TensorType:
        axis = real_axis(x, self.axis, "copy along")
        return x.with_shape(*replaced(x.shape, axis, x.shape[axis] * self.times))

    def emit(self, x: TensorType) -> Emit:
        if self.each:
            return method_of("repeat_interleave", self.times, dim=self.axis)
        axis = axis_in(x, self.axis)
        times: list[Argument] = [self.times if at == axis else 1 for at in range(x.rank)]
        return method_of("repeat", *times)

    def summary(self) -> str:
        return f"×{self.times}  axis {self.axis}"


@block(
    "roll",
    title="Roll",
    category=Category.TENSOR,
    glyph="Rx",
    keywords=("shift", "circular", "cyclic", "window", "swin"),
)
class Roll(Block):
    """Shifts everything along an axis; what leaves at one end comes in at the other.

    Use it for windows that move between layers, or to compare a sequence with itself.

    Shape: `(…) -> (…)`.
    """

    saves = ()

    shift: int = param(default=1, help="By how many places; negative numbers shift to the front.")
    axis: int = param(default=1, help="The axis along which it is shifted; 0 is the batch.")

    examples = (
        Example({}, x=T("N", "T", 8)),
        Example({"shift": -3, "axis": -1}, x=T("N", 4, 7, dtype="int64")),
        Example({"shift": 20, "axis": 0}, x=T("N", dtype="bool")),
        Example({"axis": 2}, x=T("N", 8), fails="works on axis 2"),
        Example({"axis": 0}, x=T(), fails="receives a scalar"),
    )

    def infer(self, x: TensorType) -> TensorType:
        real_axis(x, self.axis, "shift along")
        return x

    def emit(self, x: TensorType) -> Emit:
        return method_of("roll", self.shift, dims=self.axis)

    def summary(self) -> str:
        return f"{self.shift:+d}  axis {self.axis}"


@block(
    "flip",
    title="Flip",
    category=Category.TENSOR,
    glyph="Fp",
    keywords=("reverse", "mirror", "backwards"),
)
class Flip(Block):
    """Turns the order along some axes round.

    Use it to read a sequence backwards, or to mirror images.

    Shape: `(…) -> (…)`.
    """

    saves = ()

    axes: Ints = param(default=(1,), help="Axes that are reversed; 0 is the batch, -1 the last.")

    examples = (
        Example({}, x=T("N", "T", 8)),
        Example({"axes": (-1, -2)}, x=T("N", 3, 8, 8, dtype="uint8")),
        Example({"axes": (0,)}, x=T("N", dtype="bool")),
        Example({"axes": (2,)}, x=T("N", 8), fails="works on axis 2"),
        Example({"axes": (1, -1)}, x=T("N", 8), fails="names an axis twice"),
        Example({"axes": ()}, x=T("N", 8), fails="names no axis"),
    )
    stricter = {"names no axis": "Torch would return what it is given."}

    def infer(self, x: TensorType) -> TensorType:
        if not self.axes:
            raise Refusal("names no axis to reverse", hints=(SetParam("axes", (0,)),))
        axes_in(x, self.axes)
        return x

    def emit(self, x: TensorType) -> Emit:
        return method_of("flip", *self.axes)

    def summary(self) -> str:
        shown = ", ".join(map(str, self.axes))
        return f"axes {shown}" if len(self.axes) > 1 else f"axis {shown}"
