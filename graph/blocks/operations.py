"""Operations on numbers of several tensors, or of one and a fixed one: Divide, Power, Maximum."""

from __future__ import annotations

from functools import reduce

from graph.block import Argument, Block, Category, Emit, Example, block
from graph.blocks._broadcasting import together
from graph.blocks._common import need_floats
from graph.blocks._numbers import STRICTER, need_numbers, written
from graph.params import param
from graph.saved import Saved
from graph.tensor import T, TensorType


@block(
    "divide",
    title="Divide",
    category=Category.MATH,
    glyph="÷",
    keywords=("quotient", "ratio", "normalise", "over"),
    stem="ratio",
)
class Divide(Block):
    """Divides the first tensor by the second, number by number; sizes of 1 are repeated.

    Use it for ratios and to normalise; whole numbers give floats.

    Shape: `(…), (…) -> (…)`.
    """

    port_help = {"a": "What is divided.", "b": "What it is divided by."}
    stricter = STRICTER
    examples = (
        Example({}, a=T("N", 8), b=T("N", 8)),
        Example({}, a=T("N", "T", 8), b=T("N", 1, 1)),
        Example({}, a=T("N", 8, dtype="uint8"), b=T("N", 8, dtype="int32")),
        Example({}, a=T("N", 8, dtype="int64"), b=T(dtype="float64")),
        Example({}, a=T("N", 8), b=T("N", 4), fails="shapes that are equal"),
        Example({}, a=T("N", 8), b=T("N", 8, dtype="bool"), fails="needs real numbers"),
    )

    def infer(self, a: TensorType, b: TensorType) -> TensorType:
        need_numbers(a, "a")
        need_numbers(b, "b")
        made = together(a, b, "b")
        return made if made.is_float else made.with_dtype("float32")

    def emit(self, a: TensorType, b: TensorType) -> Emit:
        return Emit("{y} = {a} / {b}")

    def saved(self, a: TensorType, b: TensorType) -> Saved:
        return Saved(("b",), crossed=("a", "b"))


@block(
    "power",
    title="Power",
    category=Category.MATH,
    glyph="^",
    keywords=("exponent", "pow", "root", "cube", "square"),
)
class Power(Block):
    """Raises each number to a power; roots of negative numbers give nan.

    Use it for cubes and roots, and to sharpen or soften weights.

    Shape: `(…) -> (…)`.
    """

    exponent: float = param(default=2.0, help="The power; 0.5 is a square root.")

    examples = (
        Example({}, x=T("N", 8)),
        Example({"exponent": 0.5}, x=T("N", "T", 8, dtype="float64")),
        Example({"exponent": -3.0}, x=T()),
        Example({}, x=T("N", 3, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        return x

    def emit(self, x: TensorType) -> Emit:
        return Emit(f"{{y}} = {{x}}**{written(self.exponent)}")

    def summary(self) -> str:
        return f"{self.exponent:g}"


@block(
    "scale_shift",
    title="Scale and shift",
    category=Category.MATH,
    glyph="ax",
    keywords=("linear", "affine", "times", "plus", "multiply by number", "add number", "rescale"),
    stem="scaled",
)
class ScaleShift(Block):
    """Multiplies each number by one number and adds another.

    Use it to bring numbers from one range to another, such as 0 … 1 to -1 … 1.

    Shape: `(…) -> (…)`, with `y = scale * x + shift`.
    """

    saves = ()

    scale: float = param(default=1.0, help="What each number is multiplied by.")
    shift: float = param(default=0.0, help="What is added to it then.")

    examples = (
        Example({"scale": 2.0, "shift": -1.0}, x=T("N", 1, 28, 28)),
        Example({"scale": 0.125}, x=T("N", "T", 8)),
        Example({"shift": 1e-6}, x=T()),
        Example({}, x=T("N", 3, dtype="float64")),
        Example({"scale": -1.0, "shift": 1.0}, x=T("N", 3)),
        Example({}, x=T("N", 3, dtype="uint8"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        return x

    def emit(self, x: TensorType) -> Emit:
        values: dict[str, Argument] = {}
        text = "{x}"
        if self.scale != 1.0:
            text = "-{x}" if self.scale == -1.0 else "{x} * {scale}"
            values |= {} if self.scale == -1.0 else {"scale": self.scale}
        if self.scale == -1.0 and self.shift:
            return Emit("{y} = {shift} - {x}", values={"shift": self.shift})
        if self.shift:
            text += " + {shift}" if self.shift > 0 else " - {shift}"
            values["shift"] = abs(self.shift)
        return Emit(f"{{y}} = {text}", values=values)

    def summary(self) -> str:
        shift = f" {'+' if self.shift > 0 else '-'} {abs(self.shift):g}" if self.shift else ""
        return f"{self.scale:g}·x{shift}"


class _Extreme(Block):
    """The largest or smallest of several, number by number."""

    stricter = STRICTER
    examples = (
        Example({}, xs=[T("N", 8), T("N", 8)]),
        Example({}, xs=[T("N", "T", 8), T("N", 1, 8), T(8)]),
        Example({}, xs=[T("N", 3, dtype="int64"), T("N", 3)]),
        Example({}, xs=[T("N", 3)]),
        Example({}, xs=[T("N", 8), T("N", 9)], fails="shapes that are equal"),
        Example({}, xs=[T("N", 8), T("N", 8, dtype="bool")], fails="needs real numbers"),
    )

    def infer(self, *xs: TensorType) -> TensorType:
        for x in xs:
            need_numbers(x, "xs")
        return reduce(lambda left, right: together(left, right, "xs"), xs)

    def saved(self, *xs: TensorType) -> Saved:
        if len(xs) == 1:
            return Saved()
        return Saved.of(("xs",), *[self.infer(*xs)] * (len(xs) - 2))

    def nested(self, function: str, count: int) -> Emit:
        text = "{xs[0]}"
        for number in range(1, count):
            text = f"{function}({text}, {{xs[{number}]}})"
        return Emit(f"{{y}} = {text}")


@block(
    "maximum",
    title="Maximum",
    category=Category.MATH,
    glyph="Mz",
    keywords=("max", "largest of several", "merge", "maxout"),
)
class Maximum(_Extreme):
    """Keeps the largest of several tensors, number by number; sizes of 1 are repeated.

    Use it to merge answers of which the strongest shall count; Max is for the largest of one.

    Shape: `(…), (…), … -> (…)`.
    """

    def emit(self, *xs: TensorType) -> Emit:
        return self.nested("torch.maximum", len(xs))


@block(
    "minimum",
    title="Minimum",
    category=Category.MATH,
    glyph="Mn",
    keywords=("min", "smallest of several", "merge", "clipped"),
)
class Minimum(_Extreme):
    """Keeps the smallest of several tensors, number by number; sizes of 1 are repeated.

    Use it for the more careful of two estimates; Min is for the smallest of one.

    Shape: `(…), (…), … -> (…)`.
    """

    def emit(self, *xs: TensorType) -> Emit:
        return self.nested("torch.minimum", len(xs))
