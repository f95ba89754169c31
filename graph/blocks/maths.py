"""Arithmetic: Add, Subtract, Multiply, MatMul, and Mean, Sum, Max over axes."""

from __future__ import annotations

from functools import reduce

from graph.block import Block, Category, Emit, Example, block
from graph.blocks._broadcasting import together
from graph.blocks._common import need_floats
from graph.blocks._reducing import OverAxes
from graph.problems import Refusal, SetUpstream
from graph.saved import Saved
from graph.tensor import Dim, T, TensorType, broadcast, product, show_shape


@block(
    "add",
    title="Add",
    category=Category.MATH,
    glyph="+",
    keywords=("plus", "sum", "residual", "skip connection", "merge"),
)
class Add(Block):
    """Adds tensors number by number; sizes of 1 are repeated.

    Use it for residual connections: it lets a layer learn only what to change.

    Shape: `(…), (…), … -> (…)`.
    """

    saves = ()
    examples = (
        Example({}, xs=[T("N", 8, 4, 4), T("N", 8, 4, 4)]),
        Example({}, xs=[T("N", "T", 8), T("N", 1, 8), T(8)]),
        Example({}, xs=[T("N", 3, dtype="int64"), T("N", 3)]),
        Example({}, xs=[T("N", 3, dtype="bool"), T("N", 3, dtype="bool")]),
        Example({}, xs=[T("N", 8), T("N", 9)], fails="shapes that are equal"),
    )

    def infer(self, *xs: TensorType) -> TensorType:
        return reduce(lambda left, right: together(left, right, "xs"), xs)

    def emit(self, *xs: TensorType) -> Emit:
        return Emit("{y} = " + " + ".join(f"{{xs[{at}]}}" for at in range(len(xs))))


@block(
    "subtract",
    title="Subtract",
    category=Category.MATH,
    glyph="-",
    keywords=("minus", "difference"),
)
class Subtract(Block):
    """Takes the second tensor from the first, number by number; sizes of 1 are repeated.

    Use it for differences, such as errors or changes.

    Shape: `(…), (…) -> (…)`.
    """

    saves = ()
    port_help = {"a": "What is taken from.", "b": "What is taken away."}
    examples = (
        Example({}, a=T("N", 8), b=T("N", 8)),
        Example({}, a=T("N", "T", 8), b=T("N", 1, 1)),
        Example({}, a=T("N", 8, dtype="uint8"), b=T("N", 8, dtype="int32")),
        Example({}, a=T("N", 8), b=T("N", 4), fails="shapes that are equal"),
        Example(
            {}, a=T("N", dtype="bool"), b=T("N", dtype="bool"), fails="cannot subtract"
        ),
    )  # fmt: skip

    def infer(self, a: TensorType, b: TensorType) -> TensorType:
        if "bool" in (a.dtype, b.dtype):
            port = "a" if a.dtype == "bool" else "b"
            raise Refusal(
                "cannot subtract truth values (bool); give numbers",
                port=port,
                short="bool",
                hints=(SetUpstream(port, "dtype", "float32"),),
            )
        return together(a, b, "b")

    def emit(self, a: TensorType, b: TensorType) -> Emit:
        return Emit("{y} = {a} - {b}")


@block(
    "multiply",
    title="Multiply",
    category=Category.MATH,
    glyph="×",
    keywords=("times", "product", "gate", "scale", "hadamard"),
)
class Multiply(Block):
    """Multiplies tensors number by number; sizes of 1 are repeated.

    Use it for gates: what a sigmoid answers decides how much of a value passes.

    Shape: `(…), (…), … -> (…)`.
    """

    examples = (
        Example({}, xs=[T("N", 8, 4, 4), T("N", 8, 1, 1)]),
        Example({}, xs=[T("N", "T", 8), T("N", "T", 8), T("N", "T", 1)]),
        Example({}, xs=[T("N", 3, dtype="bool"), T("N", 3)]),
        Example({}, xs=[T("N", 8, 4, 4), T("N", 8)], fails="shapes that are equal"),
    )

    def infer(self, *xs: TensorType) -> TensorType:
        return reduce(lambda left, right: together(left, right, "xs"), xs)

    def emit(self, *xs: TensorType) -> Emit:
        return Emit("{y} = " + " * ".join(f"{{xs[{at}]}}" for at in range(len(xs))))

    def saved(self, *xs: TensorType) -> Saved:
        return Saved.of((), *[self.infer(*xs)] * max(len(xs) - 2, 0), crossed=("xs",))


@block(
    "matmul",
    title="MatMul",
    category=Category.MATH,
    glyph="Mm",
    keywords=("matrix multiplication", "dot product", "bmm", "similarity"),
)
class MatMul(Block):
    """Multiplies matrices: rows of the first with columns of the second.

    Use it for scores between two sets of vectors, or to apply a matrix that was computed.

    Shape: `(…, n, m), (…, m, p) -> (…, n, p)`; the axes before are repeated where they are 1.
    """

    port_help = {"a": "The rows.", "b": "The columns."}
    examples = (
        Example({}, a=T("N", 4, 5), b=T("N", 5, 6)),
        Example({}, a=T("N", 2, "T", 8), b=T("N", 2, 8, "T")),
        Example({}, a=T("N", 8), b=T(8, 3)),
        Example({}, a=T("N", 4, 5), b=T(5)),
        Example({}, a=T(4), b=T("N", 4, 5)),
        Example({}, a=T("N", 4, 5), b=T("N", 4, 5), fails="5 ≠ 4"),
        Example({}, a=T(2, 4, 5), b=T(3, 5, 4), fails="axes before"),
        Example({}, a=T("N", 4), b=T(4, dtype="float64"), fails="one dtype"),
        Example({}, a=T(), b=T(4), fails="at least one axis"),
        Example({}, a=T("N", 4, dtype="int64"), b=T(4, 4), fails="needs floating-point"),
    )

    def infer(self, a: TensorType, b: TensorType) -> TensorType:
        for port, type_ in (("a", a), ("b", b)):
            need_floats(type_, port)
            if not type_.shape:
                raise Refusal("needs at least one axis, but receives a scalar", port=port)
        if a.dtype != b.dtype:
            raise Refusal(
                f"needs both in one dtype, but receives {a.dtype} and {b.dtype}",
                port="b",
                short=f"{a.dtype} ≠ {b.dtype}",
                hints=(SetUpstream("b", "dtype", a.dtype), SetUpstream("a", "dtype", b.dtype)),
            )
        inner_a, inner_b = a.shape[-1], b.shape[-2] if b.rank > 1 else b.shape[0]
        if inner_a != inner_b:
            raise Refusal(
                f"needs rows as long as columns, but receives {show_shape(a.shape)} and "
                f"{show_shape(b.shape)}: {inner_a} ≠ {inner_b}",
                port="b",
                short=f"{inner_a} ≠ {inner_b}",
            )
        batch = broadcast(a.shape[:-2], b.shape[:-2])
        if batch is None:
            raise Refusal(
                "needs the axes before the matrices to be equal, or 1 where they differ, but "
                f"receives {show_shape(a.shape)} and {show_shape(b.shape)}",
                port="b",
                short=f"{show_shape(a.shape[:-2])} ≠ {show_shape(b.shape[:-2])}",
            )
        rows = a.shape[-2:-1]
        columns = b.shape[-1:] if b.rank > 1 else ()
        return a.with_shape(*batch, *rows, *columns)

    def emit(self, a: TensorType, b: TensorType) -> Emit:
        return Emit("{y} = {a} @ {b}")

    def multiply_adds(self, a: TensorType, b: TensorType) -> Dim:
        return product(self.infer(a, b).shape) * a.shape[-1]

    def saved(self, a: TensorType, b: TensorType) -> Saved:
        if a.rank == 1 and b.rank > 2:
            return Saved.of(("a",), b)
        return Saved(crossed=("a", "b"))


@block(
    "mean",
    title="Mean",
    category=Category.REDUCTION,
    glyph="Me",
    keywords=("average", "reduce", "pool"),
)
class Mean(OverAxes):
    """Takes the mean over some axes.

    Use it to make one vector of a sequence, or one number of many.

    Shape: `(…) -> (…)` without the axes, or with 1 in their place.
    """

    saves = ()
    examples = (
        Example({}, x=T("N", "T", 8)),
        Example({"axes": (2, -1), "keep_axes": True}, x=T("N", 3, 8, 8)),
        Example({"axes": ()}, x=T("N", 3)),
        Example({"axes": (2,)}, x=T("N", 3), fails="works on axis 2"),
        Example({"axes": (1, -1)}, x=T("N", 3), fails="names an axis twice"),
        Example({}, x=T("N", 3, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        return self.reduced(x)

    def emit(self, x: TensorType) -> Emit:
        return self.made("mean")


@block(
    "sum",
    title="Sum",
    category=Category.REDUCTION,
    glyph="Σ",
    keywords=("total", "reduce", "add"),
    stem="total",
)
class Sum(OverAxes):
    """Adds up the numbers along some axes.

    Use it for weighted sums after a Multiply, and to count truth values.

    Shape: `(…) -> (…)` without the axes, or with 1 in their place.
    """

    saves = ()
    examples = (
        Example({}, x=T("N", "T", 8)),
        Example({"axes": (1, 2)}, x=T("N", 3, 8, dtype="uint8")),
        Example({"axes": (), "keep_axes": True}, x=T("N", 3, dtype="bool")),
        Example({"axes": (-3,)}, x=T("N", 3), fails="works on axis -3"),
    )

    def infer(self, x: TensorType) -> TensorType:
        made = self.reduced(x)
        return made.with_dtype("int64") if x.is_integer or x.dtype == "bool" else made

    def emit(self, x: TensorType) -> Emit:
        return self.made("sum")


@block(
    "max",
    title="Max",
    category=Category.REDUCTION,
    glyph="Mx",
    keywords=("maximum", "largest", "reduce", "pool"),
    stem="largest",
)
class Max(OverAxes):
    """Keeps the largest number along some axes.

    Use it to ask whether something is anywhere in a sequence, not where.

    Shape: `(…) -> (…)` without the axes, or with 1 in their place.
    """

    saves = ("x", "y")
    examples = (
        Example({}, x=T("N", "T", 8)),
        Example({"axes": (1, 2), "keep_axes": True}, x=T("N", 3, 8, dtype="int64")),
        Example({"axes": ()}, x=T("N", 3)),
        Example({"axes": (5,)}, x=T("N", 3), fails="works on axis 5"),
        Example({}, x=T("N", 3, dtype="complex64"), fails="complex numbers"),
    )

    def infer(self, x: TensorType) -> TensorType:
        if x.dtype == "complex64":
            raise Refusal("cannot order complex numbers; none of them is the largest", port="x")
        return self.reduced(x)

    def emit(self, x: TensorType) -> Emit:
        return self.made("amax")
