"""Numbers of another kind: Cast and One-hot; and Stack, which makes an axis of many."""

from __future__ import annotations

from functools import reduce

from graph.block import Block, Category, Emit, Example, block
from graph.blocks._common import axis_in
from graph.blocks._promotion import promote
from graph.params import param
from graph.problems import Refusal, SetParam, SetUpstream
from graph.tensor import DTYPES, T, TensorType, show_shape

# Every other dtype takes `.to(torch.…)`.
_METHOD_OF = {"float32": "float()", "int64": "long()", "bool": "bool()"}


@block(
    "cast",
    title="Cast",
    category=Category.TENSOR,
    glyph="Ca",
    keywords=("dtype", "convert", "type", "float", "long", "half", "to"),
)
class Cast(Block):
    """Turns numbers into another kind.

    Use it where a layer needs floats and the data holds whole numbers or truth values.

    Shape: `(…) -> (…)`.
    """

    saves = ()

    dtype: str = param(default="float32", choices=DTYPES, help="The kind of numbers it gives.")

    examples = (
        Example({}, x=T("N", 8, dtype="uint8")),
        Example({"dtype": "int64"}, x=T("N", "T")),
        Example({"dtype": "bool"}, x=T("N", dtype="int64")),
        Example({"dtype": "bfloat16"}, x=T("N", 4)),
        Example({"dtype": "complex64"}, x=T("N", 4)),
        Example({}, x=T("N", dtype="complex64"), fails="imaginary parts"),
    )
    stricter = {"imaginary parts": "Torch drops them with a warning."}

    def infer(self, x: TensorType) -> TensorType:
        if x.dtype == "complex64" != self.dtype:
            raise Refusal(
                f"would lose the imaginary parts of {x.dtype} as {self.dtype}",
                port="x",
                short=f"complex64 → {self.dtype}",
                hints=(SetParam("dtype", "complex64"), SetUpstream("x", "dtype", "float32")),
            )
        return x.with_dtype(self.dtype)

    def emit(self, x: TensorType) -> Emit:
        method = _METHOD_OF.get(self.dtype, f"to(torch.{self.dtype})")
        return Emit(f"{{y}} = {{x}}.{method}")

    def summary(self) -> str:
        return self.dtype


@block(
    "one_hot",
    title="One-hot",
    category=Category.TENSOR,
    glyph="Oh",
    keywords=("onehot", "class", "indicator", "dummy", "encode"),
)
class OneHot(Block):
    """Turns each class index into a row of zeros with a single one.

    Use it to give classes to dense layers; Embedding is cheaper where there are many.

    Shape: `(…) -> (…, classes)`.
    """

    classes: int = param(default=10, ge=1, le=1 << 24, help="Number of classes, 0 to one less.")
    as_floats: bool = param(default=True, help="Give float32, which layers take, not int64.")

    examples = (
        Example({}, x=T("N", dtype="int64")),
        Example({"classes": 4, "as_floats": False}, x=T("N", "T", dtype="int64")),
        Example({}, x=T(dtype="int64")),
        Example({}, x=T("N"), fails="needs class indices of int64"),
        Example({}, x=T("N", dtype="int32"), fails="needs class indices of int64"),
    )

    def infer(self, x: TensorType) -> TensorType:
        if x.dtype != "int64":
            raise Refusal(
                f"needs class indices of int64, but receives {x.dtype}",
                port="x",
                short=f"{x.dtype} ≠ int64",
                hints=(SetUpstream("x", "dtype", "int64"),),
            )
        made = x.with_shape(*x.shape, self.classes)
        return made.with_dtype("float32") if self.as_floats else made

    def emit(self, x: TensorType) -> Emit:
        floats = ".float()" if self.as_floats else ""
        values = {"classes": self.classes}
        return Emit(f"{{y}} = F.one_hot({{x}}, {{classes}}){floats}", values=values)

    def summary(self) -> str:
        return f"{self.classes} classes"


@block(
    "stack",
    title="Stack",
    category=Category.TENSOR,
    glyph="St",
    keywords=("join", "merge", "new axis", "concat", "pile"),
)
class Stack(Block):
    """Lays tensors of one shape beside each other along a new axis, in the order of the wires.

    Use it to make a sequence of several rows, or to compare several answers.

    Shape: `(…), (…), … -> (…, count, …)`.
    """

    saves = ()

    axis: int = param(
        default=1, help="Where the new axis stands in the result; 0 is first, -1 last."
    )

    examples = (
        Example({}, xs=[T("N", 8), T("N", 8), T("N", 8)]),
        Example({"axis": -1}, xs=[T("N", "T"), T("N", "T")]),
        Example({"axis": 0}, xs=[T(), T(dtype="int64")]),
        Example({}, xs=[T("N", 8), T("N", 9)], fails="one shape"),
        Example({"axis": 3}, xs=[T("N", 8), T("N", 8)], fails="works on axis 3"),
    )

    def infer(self, *xs: TensorType) -> TensorType:
        first = xs[0]
        axis = axis_in(first.with_shape(*first.shape, len(xs)), self.axis, port="xs")
        for x in xs:
            if x.shape != first.shape:
                raise Refusal(
                    f"needs tensors of one shape, but receives {show_shape(first.shape)} and "
                    f"{show_shape(x.shape)}",
                    port="xs",
                    short=f"{show_shape(first.shape)} ≠ {show_shape(x.shape)}",
                )
        made = (*first.shape[:axis], len(xs), *first.shape[axis:])
        return TensorType(made, reduce(promote, xs).dtype)

    def emit(self, *xs: TensorType) -> Emit:
        return Emit("{y} = torch.stack([{xs}], dim={axis})", values={"axis": self.axis})

    def summary(self) -> str:
        return f"axis {self.axis}"
