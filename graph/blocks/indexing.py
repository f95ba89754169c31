"""Numbers chosen by their places: Select, Index, Gather."""

from __future__ import annotations

from graph.block import Block, Category, Emit, Example, block
from graph.blocks._axes import leading, real_axis, replaced
from graph.blocks._common import axis_in
from graph.params import param
from graph.problems import Refusal, SetParam, SetUpstream
from graph.tensor import T, TensorType, show_shape

_STRICTER = {"needs places of int64": "Versions of torch differ in which other integers they take."}


def _need_places(index: TensorType) -> None:
    if index.dtype != "int64":
        raise Refusal(
            f"needs places of int64, but receives {index.dtype}",
            port="index",
            short=f"{index.dtype} ≠ int64",
            hints=(SetUpstream("index", "dtype", "int64"),),
        )


@block(
    "select",
    title="Select",
    category=Category.TENSOR,
    glyph="Sc",
    keywords=("index", "pick", "one", "last step", "class token"),
    stem="selected",
)
class Select(Block):
    """Keeps one place of an axis, which goes.

    Use it to read the class token or the last step of a sequence.

    Shape: `(…, size, …) -> (…, …)`; an open size is taken to be long enough.
    """

    is_view = True

    axis: int = param(default=1, help="The axis that goes; 0 is the batch, -1 the last.")
    index: int = param(default=0, help="Which place is kept; negative numbers count from the end.")

    examples = (
        Example({}, x=T("N", "T", 8)),
        Example({"index": -1}, x=T("N", 5, dtype="int64")),
        Example({"axis": -1, "index": 2}, x=T("N", 3, "H", 4)),
        Example({"axis": 0}, x=T("N")),
        Example({"index": 5}, x=T("N", 5), fails="takes place 5"),
        Example({"axis": 3}, x=T("N", 5), fails="works on axis 3"),
        Example({"axis": 0}, x=T(), fails="receives a scalar"),
    )

    def infer(self, x: TensorType) -> TensorType:
        axis = real_axis(x, self.axis, "take a place of")
        size = x.shape[axis]
        if isinstance(size, int) and not -size <= self.index < size:
            raise Refusal(
                f"takes place {self.index} of axis {self.axis}, but receives "
                f"{show_shape(x.shape)}, where places are 0 to {size - 1}",
                port="x",
                short=f"no place {self.index}",
                hints=(SetParam("index", size - 1 if self.index > 0 else -size),),
            )
        return x.with_shape(*replaced(x.shape, axis))

    def emit(self, x: TensorType) -> Emit:
        before, behind = leading(real_axis(x, self.axis, "take a place of"), x.rank)
        return Emit(f"{{y}} = {{x}}[{before}{{index}}{behind}]", values={"index": self.index})

    def summary(self) -> str:
        return f"place {self.index}  axis {self.axis}"


@block(
    "index",
    title="Index",
    category=Category.TENSOR,
    glyph="Ix",
    keywords=("index_select", "take", "lookup", "advanced indexing", "choose", "reorder"),
    stem="taken",
)
class Index(Block):
    """Takes the places of an axis that another input names, in its order.

    Use it to reorder, or to look up rows of a table.

    Shape: `(…, size, …), (…k) -> (…, …k, …)`.
    """

    saves = ("index",)

    axis: int = param(default=0, help="The axis from which it takes; 0 is the batch.")

    port_help = {"x": "What is taken from.", "index": "The places, counted from 0: int64."}
    examples = (
        Example({}, x=T(10, 8), index=T("N", dtype="int64")),
        Example({"axis": 1}, x=T("N", 6, 8), index=T(3, dtype="int64")),
        Example({"axis": -1}, x=T("N", 4, "T"), index=T(2, 3, dtype="int64")),
        Example({"axis": 2}, x=T("N", 8), index=T(3, dtype="int64"), fails="works on axis 2"),
        Example({}, x=T(10, 8), index=T("N"), fails="needs places of int64"),
        Example({}, x=T(), index=T("N", dtype="int64"), fails="receives a scalar"),
    )
    stricter = _STRICTER

    def infer(self, x: TensorType, index: TensorType) -> TensorType:
        axis = real_axis(x, self.axis, "take from")
        _need_places(index)
        return x.with_shape(*replaced(x.shape, axis, *index.shape))

    def emit(self, x: TensorType, index: TensorType) -> Emit:
        before, behind = leading(real_axis(x, self.axis, "take from"), x.rank)
        return Emit(f"{{y}} = {{x}}[{before}{{index}}{behind}]")

    def summary(self) -> str:
        return f"axis {self.axis}"


@block(
    "gather",
    title="Gather",
    category=Category.TENSOR,
    glyph="Gi",
    keywords=("pick", "choose", "action value", "index"),
    stem="gathered",
)
class Gather(Block):
    """Picks along an axis, for every place by itself, the number that another input names.

    Use it to read the score of each right class, or the value of each chosen action.

    Shape: `(…, size, …), (…, k, …) -> (…, k, …)`; both have as many axes.
    """

    axis: int = param(default=1, help="The axis along which it picks; 0 is the batch.")

    port_help = {"x": "What is picked from.", "index": "The places, counted from 0: int64."}
    examples = (
        Example({}, x=T("N", 10), index=T("N", 1, dtype="int64")),
        Example({"axis": -1}, x=T("N", "T", 5), index=T("N", "T", 2, dtype="int64")),
        Example({"axis": 0}, x=T(4, 3, dtype="int64"), index=T("N", 3, dtype="int64")),
        Example({}, x=T("N", 10), index=T("N", dtype="int64"), fails="as many axes"),
        Example({}, x=T("N", 10, 3), index=T("N", 1, 4, dtype="int64"), fails="4 > 3"),
        Example({"axis": 2}, x=T("N", 3), index=T("N", 1, dtype="int64"), fails="works on axis 2"),
        Example({}, x=T("N", 10), index=T("N", 1), fails="needs places of int64"),
    )
    stricter = {
        **_STRICTER,
        "as many axes": "Torch takes a scalar for an axis of one place.",
        "no more places": "The same.",
    }

    def infer(self, x: TensorType, index: TensorType) -> TensorType:
        axis = axis_in(x, self.axis)
        _need_places(index)
        if x.rank != index.rank:
            raise Refusal(
                f"needs places with as many axes as {show_shape(x.shape)}, but receives "
                f"{show_shape(index.shape)}",
                port="index",
                short=f"rank {index.rank} ≠ {x.rank}",
            )
        for at, (there, asked) in enumerate(zip(x.shape, index.shape, strict=True)):
            if at == axis or there == asked or asked == 1:
                continue
            if isinstance(there, int) and isinstance(asked, int) and asked < there:
                continue
            raise Refusal(
                f"needs no more places on axis {at} than there are, but receives "
                f"{show_shape(index.shape)} for {show_shape(x.shape)}: {asked} > {there}",
                port="index",
                short=f"{asked} > {there}",
            )
        return x.with_shape(*index.shape)

    def emit(self, x: TensorType, index: TensorType) -> Emit:
        return Emit("{y} = {x}.gather({axis}, {index})", values={"axis": self.axis})

    def summary(self) -> str:
        return f"axis {self.axis}"
