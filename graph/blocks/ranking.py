"""Places and order along an axis: Argmax, Top-k values, Sort, Cumulative sum."""

from __future__ import annotations

from graph.block import Argument, Block, Category, Emit, Example, block
from graph.blocks._axes import real_axis, replaced
from graph.blocks._common import axis_in, changed, method_of
from graph.blocks._numbers import STRICTER, need_numbers
from graph.params import param
from graph.problems import Refusal, SetParam
from graph.tensor import T, TensorType, show_shape


@block(
    "argmax",
    title="Argmax",
    category=Category.REDUCTION,
    glyph="Am",
    keywords=("argmin", "class", "prediction", "largest", "greedy", "index"),
    stem="best",
)
class Argmax(Block):
    """Says at which place along an axis the largest number stands.

    Use it to read the class off its logits; no gradient passes.

    Shape: `(…, size, …) -> (…, …)` of int64, or with 1 in place of the axis.
    """

    axis: int = param(default=-1, help="The axis along which it looks; 0 is the batch.")
    smallest: bool = param(default=False, help="Look for the smallest instead: argmin.")
    keep_axis: bool = param(default=False, help="Keep the axis, with a size of 1.")

    stricter = STRICTER
    examples = (
        Example({}, x=T("N", 10)),
        Example({"axis": 1, "keep_axis": True}, x=T("N", 3, "H", "W")),
        Example({"smallest": True}, x=T("N", "T", 4, dtype="int64")),
        Example({"axis": 2}, x=T("N", 10), fails="works on axis 2"),
        Example({}, x=T("N", 10, dtype="bool"), fails="needs real numbers"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_numbers(x)
        axis = axis_in(x, self.axis)
        kept = (1,) if self.keep_axis and x.shape else ()
        return TensorType(replaced(x.shape, axis, *kept), "int64")

    def emit(self, x: TensorType) -> Emit:
        name = "argmin" if self.smallest else "argmax"
        return method_of(name, self.axis, **changed(keepdim=(self.keep_axis, False)))

    def summary(self) -> str:
        return f"{'smallest  ' if self.smallest else ''}axis {self.axis}"


@block(
    "top_k",
    title="Top-k values",
    category=Category.REDUCTION,
    glyph="kx",
    keywords=("topk", "largest", "k best", "beam", "sparse", "routing"),
    stem="top",
)
class TopK(Block):
    """Keeps the k largest numbers along an axis, in order, and says where they stood.

    Use it to keep the best candidates, or to route to a few experts.

    Shape: `(…, size, …) -> (…, k, …), (…, k, …)`; an open size is taken to be long enough.
    """

    saves = ("indices",)
    outputs = ("values", "indices")

    k: int = param(default=5, ge=1, help="How many are kept.")
    axis: int = param(default=-1, help="The axis along which it looks; 0 is the batch.")
    smallest: bool = param(default=False, help="Keep the smallest instead.")

    port_help = {"values": "The numbers kept.", "indices": "Where they stood, as int64."}
    stricter = STRICTER
    examples = (
        Example({}, x=T("N", 10)),
        Example({"k": 2, "axis": 1, "smallest": True}, x=T("N", 3, "T")),
        Example({"k": 3}, x=T("N", "T", dtype="int64")),
        Example({}, x=T("N", 4), fails="keeps 5 of 4"),
        Example({"axis": 2}, x=T("N", 10), fails="works on axis 2"),
        Example({}, x=T("N", 10, dtype="bool"), fails="needs real numbers"),
        Example({"k": 1}, x=T(), fails="receives a scalar"),
    )

    def infer(self, x: TensorType) -> tuple[TensorType, TensorType]:
        need_numbers(x)
        axis = real_axis(x, self.axis, "keep the largest of")
        size = x.shape[axis]
        if isinstance(size, int) and self.k > size:
            raise Refusal(
                f"keeps {self.k} of {size} along axis {self.axis} of {show_shape(x.shape)}",
                port="x",
                short=f"{self.k} > {size}",
                hints=(SetParam("k", size),),
            )
        made = x.with_shape(*replaced(x.shape, axis, self.k))
        return made, made.with_dtype("int64")

    def emit(self, x: TensorType) -> Emit:
        real_axis(x, self.axis, "keep the largest of")
        options = changed(dim=(self.axis, -1), largest=(not self.smallest, True))
        made = method_of("topk", self.k, **options)
        return Emit(made.forward.replace("{y}", "{values}, {indices}"), values=made.values)

    def summary(self) -> str:
        return f"k {self.k}  axis {self.axis}"


@block(
    "sort",
    title="Sort",
    category=Category.REDUCTION,
    glyph="So",
    keywords=("order", "rank", "argsort", "ascending", "descending"),
    stem="sorted_by_size",
)
class Sort(Block):
    """Puts the numbers along an axis in order of size, and says where they stood.

    Use it for ranks and quantiles; gradients go to where the numbers came from.

    Shape: `(…) -> (…), (…)`.
    """

    saves = ("indices",)
    outputs = ("values", "indices")

    axis: int = param(default=-1, help="The axis that is put in order; 0 is the batch.")
    descending: bool = param(default=False, help="The largest first.")

    port_help = {"values": "The numbers in order.", "indices": "Where they stood, as int64."}
    stricter = STRICTER
    examples = (
        Example({}, x=T("N", 10)),
        Example({"axis": 1, "descending": True}, x=T("N", "T", 3)),
        Example({}, x=T("N", 4, dtype="uint8")),
        Example({"axis": 2}, x=T("N", 10), fails="works on axis 2"),
        Example({}, x=T("N", 10, dtype="bool"), fails="needs real numbers"),
    )

    def infer(self, x: TensorType) -> tuple[TensorType, TensorType]:
        need_numbers(x)
        axis_in(x, self.axis)
        return x, x.with_dtype("int64")

    def emit(self, x: TensorType) -> Emit:
        options: dict[str, Argument] = changed(
            dim=(self.axis, -1), descending=(self.descending, False)
        )
        made = method_of("sort", **options)
        return Emit(made.forward.replace("{y}", "{values}, {indices}"), values=made.values)

    def summary(self) -> str:
        return f"{'largest first  ' if self.descending else ''}axis {self.axis}"


@block(
    "cumulative_sum",
    title="Cumulative sum",
    category=Category.REDUCTION,
    glyph="Σ>",
    keywords=("cumsum", "running total", "prefix", "integrate", "scan"),
    stem="running_total",
)
class CumulativeSum(Block):
    """Adds up along an axis and keeps every total on the way.

    Use it to integrate, or to number the tokens that a mask lets pass.

    Shape: `(…) -> (…)`; whole numbers give int64.
    """

    saves = ()

    axis: int = param(default=1, help="The axis along which it adds; 0 is the batch.")

    stricter = {"needs numbers": "Complex totals are of no use to the blocks behind."}
    examples = (
        Example({}, x=T("N", "T", 8)),
        Example({"axis": -1}, x=T("N", 4, dtype="bool")),
        Example({"axis": 0}, x=T("N", dtype="int32")),
        Example({"axis": 2}, x=T("N", 4), fails="works on axis 2"),
        Example({}, x=T("N", 4, dtype="complex64"), fails="needs numbers"),
    )

    def infer(self, x: TensorType) -> TensorType:
        if x.dtype == "complex64":
            raise Refusal("needs numbers that are not complex", port="x", short=x.dtype)
        axis_in(x, self.axis)
        return x if x.is_float else x.with_dtype("int64")

    def emit(self, x: TensorType) -> Emit:
        return method_of("cumsum", self.axis)

    def summary(self) -> str:
        return f"axis {self.axis}"
