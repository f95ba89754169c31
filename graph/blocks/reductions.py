"""More of many numbers along axes: Min, Product, Variance, Norm, Log-sum-exp, Any, All."""

from __future__ import annotations

from math import prod

from graph.block import Argument, Category, Emit, Example, block
from graph.blocks._common import axes_in, changed, method_of, need_floats
from graph.blocks._numbers import STRICTER, need_numbers, need_truth
from graph.blocks._reducing import OverAxes
from graph.params import param
from graph.problems import Refusal, SetParam
from graph.tensor import T, TensorType


@block(
    "min",
    title="Min",
    category=Category.REDUCTION,
    glyph="mn",
    keywords=("minimum", "smallest", "reduce"),
    stem="smallest",
)
class Min(OverAxes):
    """Keeps the smallest number along some axes.

    Use it for the nearest of several distances; Minimum is for the smallest of several tensors.

    Shape: `(…) -> (…)` without the axes, or with 1 in their place.
    """

    saves = ("x", "y")
    stricter = STRICTER
    examples = (
        Example({}, x=T("N", "T", 8)),
        Example({"axes": (1, 2), "keep_axes": True}, x=T("N", 3, 8, dtype="int64")),
        Example({"axes": ()}, x=T("N", 3)),
        Example({"axes": (5,)}, x=T("N", 3), fails="works on axis 5"),
        Example({}, x=T("N", 3, dtype="bool"), fails="needs real numbers"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_numbers(x)
        return self.reduced(x)

    def emit(self, x: TensorType) -> Emit:
        return self.made("amin")


@block(
    "product",
    title="Product",
    category=Category.REDUCTION,
    glyph="Π",
    keywords=("prod", "multiply", "reduce"),
    stem="multiplied",
)
class Product(OverAxes):
    """Multiplies the numbers along an axis, or all there are.

    Use it for chances of independent things; Multiply is for several tensors.

    Shape: `(…) -> (…)` without the axis, or with 1 in its place.
    """

    saves = ("x", "y")
    stricter = {**STRICTER, "one axis at a time": "Torch has no product along several axes."}
    examples = (
        Example({}, x=T("N", "T", 8)),
        Example({"axes": (-1,), "keep_axes": True}, x=T("N", 3, dtype="uint8")),
        Example({"axes": ()}, x=T("N", 3)),
        Example({"axes": (1, 2)}, x=T("N", 3, 4), fails="one axis at a time"),
        Example({"axes": (), "keep_axes": True}, x=T("N", 3), fails="one axis at a time"),
        Example({"axes": (2,)}, x=T("N", 3), fails="works on axis 2"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_numbers(x)
        if len(self.axes) > 1 or (self.keep_axes and not self.axes):
            name, value = ("axes", self.axes[:1]) if self.axes else ("keep_axes", False)
            raise Refusal(
                "multiplies along one axis at a time, or along all without keeping them",
                hints=(SetParam(name, value),),
            )
        made = self.reduced(x)
        return made.with_dtype("int64") if x.is_integer else made

    def emit(self, x: TensorType) -> Emit:
        return self.made("prod")


class _Spread(OverAxes):
    """How far numbers lie from their mean."""

    unbiased: bool = param(
        default=True, help="Divide by one less than their number, for samples of something larger."
    )

    stricter = {"needs at least two numbers": "Torch gives nan with a warning."}
    examples = (
        Example({}, x=T("N", "T", 8)),
        Example({"axes": (2, -1), "keep_axes": True}, x=T("N", 3, 8, 8)),
        Example({"unbiased": False}, x=T("N", 1)),
        Example({"axes": ()}, x=T("N", 3)),
        Example({}, x=T("N", 1), fails="at least two numbers"),
        Example({"axes": (2,)}, x=T("N", 3), fails="works on axis 2"),
        Example({}, x=T("N", 3, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        made = self.reduced(x)
        sizes = [x.shape[at] for at in axes_in(x, self.axes) if x.shape] if self.axes else x.shape
        known = [size for size in sizes if isinstance(size, int)]
        if self.unbiased and len(known) == len(sizes) and prod(known) < 2:
            raise Refusal(
                "needs at least two numbers to say how they spread, but receives 1 along its axes",
                port="x",
                short="1 < 2",
                hints=(SetParam("unbiased", False),),
            )
        return made

    def spread(self, method: str) -> Emit:
        axes: tuple[Argument, ...] = ()
        if self.axes:
            axes = (self.axes[0] if len(self.axes) == 1 else self.axes,)
        options = changed(keepdim=(self.keep_axes, False))
        if not self.unbiased:
            options = {"correction": 0, **options}
        return method_of(method, *axes, **options)


@block(
    "variance",
    title="Variance",
    category=Category.REDUCTION,
    glyph="σ²",
    keywords=("var", "spread", "second moment", "reduce"),
)
class Variance(_Spread):
    """Takes the mean squared distance from the mean, along some axes.

    Use it in a normalisation that you draw yourself, and to see whether answers have collapsed.

    Shape: `(…) -> (…)` without the axes, or with 1 in their place.
    """

    def emit(self, x: TensorType) -> Emit:
        return self.spread("var")


@block(
    "standard_deviation",
    title="Standard deviation",
    category=Category.REDUCTION,
    glyph="σ",
    keywords=("std", "spread", "deviation", "reduce", "minibatch discrimination"),
    stem="spread",
)
class StandardDeviation(_Spread):
    """Takes the square root of the variance, along some axes.

    Use it for spreads in the units of the numbers themselves.

    Shape: `(…) -> (…)` without the axes, or with 1 in their place.
    """

    saves = ("x", "y")

    def emit(self, x: TensorType) -> Emit:
        return self.spread("std")


_ORDERS = {"2": 2, "1": 1, "infinity": float("inf")}


@block(
    "norm",
    title="Norm",
    category=Category.REDUCTION,
    glyph="‖x",
    keywords=("length", "magnitude", "euclidean", "l2", "l1", "distance"),
    stem="length",
)
class Norm(OverAxes):
    """Takes the length of vectors along some axes.

    Use it for distances after a Subtract, and to divide vectors by their length.

    Shape: `(…) -> (…)` without the axes, or with 1 in their place.
    """

    saves = ("x", "y")

    order: str = param(
        default="2", choices=tuple(_ORDERS), title="p",
        help="2 is the usual length, 1 the sum of sizes, infinity the largest size.",
    )  # fmt: skip

    examples = (
        Example({"axes": (-1,)}, x=T("N", "T", 8)),
        Example({"axes": (1, 2), "keep_axes": True, "order": "1"}, x=T("N", 3, 8)),
        Example({"axes": (), "order": "infinity"}, x=T("N", 3)),
        Example({"axes": (2,)}, x=T("N", 3), fails="works on axis 2"),
        Example({}, x=T("N", 3, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        return self.reduced(x)

    def emit(self, x: TensorType) -> Emit:
        order = _ORDERS[self.order]
        axes = self.axes[0] if len(self.axes) == 1 else self.axes or None
        options = changed(dim=(axes, None), keepdim=(self.keep_axes, False))
        if self.keep_axes and not self.axes:
            options = {"dim": tuple(range(x.rank)), "keepdim": True}
        # Along several axes the norm that torch takes by itself is one of matrices.
        is_usual = order == 2 and (len(self.axes) == 1 or not options)
        return method_of("norm", *([] if is_usual else [order]), **options)

    def summary(self) -> str:
        name = "∞" if self.order == "infinity" else self.order
        return f"L{name}  {super().summary()}"


@block(
    "logsumexp",
    title="Log-sum-exp",
    category=Category.REDUCTION,
    glyph="LΣ",
    keywords=("softmax", "partition", "log", "smooth maximum", "reduce"),
    stem="log_total",
)
class LogSumExp(OverAxes):
    """Adds up numbers whose logarithms it is given, and gives the logarithm: a smooth Max.

    Use it to add chances that are kept as logarithms, without overflow.

    Shape: `(…) -> (…)` without the axes, or with 1 in their place.
    """

    saves = ("x", "y")
    examples = (
        Example({}, x=T("N", "T", 8)),
        Example({"axes": (-1, 1), "keep_axes": True}, x=T("N", 3, 8)),
        Example({"axes": ()}, x=T("N", 3)),
        Example({"axes": (2,)}, x=T("N", 3), fails="works on axis 2"),
        Example({}, x=T("N", 3, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        return self.reduced(x)

    def emit(self, x: TensorType) -> Emit:
        axes: Argument = self.axes or tuple(range(x.rank))
        axes = self.axes[0] if len(self.axes) == 1 else axes
        return method_of("logsumexp", axes, **changed(keepdim=(self.keep_axes, False)))


class _OfTruth(OverAxes):
    """One answer for all along some axes."""

    stricter = STRICTER
    examples = (
        Example({}, x=T("N", "T", dtype="bool")),
        Example({"axes": (1, 2), "keep_axes": True}, x=T("N", 3, 8, dtype="bool")),
        Example({"axes": ()}, x=T("N", 3, dtype="bool")),
        Example({"axes": (2,)}, x=T("N", 3, dtype="bool"), fails="works on axis 2"),
        Example({}, x=T("N", 3), fails="needs truth values"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_truth(x)
        return self.reduced(x)

    def over_axes(self, method: str, x: TensorType) -> Emit:
        """The code; unlike others, these functions take no axes for none at all."""
        if self.keep_axes and not self.axes:
            return method_of(method, tuple(range(x.rank)), keepdim=True)
        return self.made(method)


@block(
    "any",
    title="Any",
    category=Category.REDUCTION,
    glyph="∃",
    keywords=("or", "exists", "some", "mask", "reduce"),
    stem="is_there",
)
class Any(_OfTruth):
    """Says whether one or more are true along some axes.

    Use it to ask whether a row has anything that is not padding.

    Shape: `(…) -> (…)` without the axes, or with 1 in their place.
    """

    def emit(self, x: TensorType) -> Emit:
        return self.over_axes("any", x)


@block(
    "all",
    title="All",
    category=Category.REDUCTION,
    glyph="∀",
    keywords=("and", "every", "mask", "reduce"),
    stem="is_all",
)
class All(_OfTruth):
    """Says whether all are true along some axes.

    Use it to ask whether every token of a row is right.

    Shape: `(…) -> (…)` without the axes, or with 1 in their place.
    """

    def emit(self, x: TensorType) -> Emit:
        return self.over_axes("all", x)
