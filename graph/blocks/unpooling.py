"""Max unpools: numbers of a max pool put back where they stood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from graph.block import Block, Category, Emit, Example, block, known
from graph.blocks._common import changed, need_floats, plain, times, tuple_of
from graph.blocks._windows import as_declared, need_spatial
from graph.params import Ints, Size2, Size3, param
from graph.problems import Refusal, SetParam, SetUpstream
from graph.tensor import Shape, T, TensorType, show_shape


def _kernel_size(default: int | tuple[int, ...]) -> Any:  # Any: as `param`, whose answers these are
    return param(
        default=default, ge=1, unit="px", help="Size of the window of the pool that it undoes."
    )


def _stride(default: int | tuple[int, ...]) -> Any:
    return param(
        default=default, ge=0, unit="px", help="How far that window moved; 0 for its own size."
    )


def _padding(default: int | tuple[int, ...]) -> Any:
    return param(
        default=default, ge=0, unit="px", help="Places added there at both ends of each axis."
    )


def _output_size(default: int | tuple[int, ...]) -> Any:
    return param(
        default=default, ge=0, unit="px",
        help="Size before the pool, which may have left places out; 0 for the size without them.",
    )  # fmt: skip


class _MaxUnpool(Block):
    """Numbers where indices say, and zeros elsewhere."""

    axes: ClassVar[int]
    stricter = {
        "needs an index": "The CPU refuses it and the meta device does not.",
        "needs indices of int64": "The same.",
    }
    port_help = {"indices": "Where in its channel each number goes, counted row by row."}

    if TYPE_CHECKING:  # Each subclass declares them: the types differ, and forms keep the order.
        kernel_size: int | Ints
        stride: int | Ints
        padding: int | Ints
        output_size: int | Ints

    def steps(self) -> tuple[int, ...]:
        """How far the window moved along each axis."""
        kernel = tuple_of(self.kernel_size, self.axes)
        return tuple(s or k for s, k in zip(tuple_of(self.stride, self.axes), kernel, strict=True))

    def wanted(self) -> tuple[int, ...]:
        """The size to come to along each axis; 0 for the usual one."""
        return tuple_of(self.output_size, self.axes)

    def infer(self, x: TensorType, indices: TensorType) -> TensorType:
        need_floats(x)
        need_spatial(x, self.axes)
        if indices.shape != x.shape:
            raise Refusal(
                f"needs an index for every number, {show_shape(x.shape)}, but receives "
                f"{show_shape(indices.shape)}",
                port="indices",
                short=f"{show_shape(indices.shape)} ≠ {show_shape(x.shape)}",
            )
        if indices.dtype != "int64":
            raise Refusal(
                f"needs indices of int64, but receives {indices.dtype}",
                port="indices",
                short=f"{indices.dtype} ≠ int64",
                hints=(SetUpstream("indices", "dtype", "int64"),),
            )
        if any(self.wanted()):
            return x.with_shape(*x.shape[:2], *self.written(x))
        return x.with_shape(*x.shape[:2], *self.sizes(x.shape[2:]))

    def written(self, x: TensorType) -> tuple[int, ...]:
        """The sizes as code names them, which cannot be open."""
        sizes = self.sizes(x.shape[2:])
        return tuple(known(size, "all sizes where one is given", "x") for size in sizes)

    def sizes(self, given: Shape) -> Shape:
        kernel, padding = (tuple_of(v, self.axes) for v in (self.kernel_size, self.padding))
        rows = zip(given, self.steps(), padding, kernel, strict=True)
        least = tuple((size - 1) * step - 2 * p + k for size, step, p, k in rows)
        made = []
        for usual, step, wanted in zip(least, self.steps(), self.wanted(), strict=True):
            low, high = usual - step + 1, usual + step - 1
            if wanted and (
                (isinstance(low, int) and wanted < low) or (isinstance(high, int) and wanted > high)
            ):
                raise Refusal(
                    f"makes {wanted} places of an axis, which such a pool cannot have seen; it had "
                    f"between {low} and {high}",
                    short=f"{wanted} ≠ {usual}",
                    hints=(SetParam("output_size", as_declared((0,) * self.axes)),),
                )
            made.append(wanted or usual)
        if any(isinstance(size, int) and size < 1 for size in made):
            raise Refusal(
                f"cuts {times(padding)} from both ends, which leaves nothing of {times(given)}",
                port="x",
                short=f"size {times(tuple(made))}",
                hints=(SetParam("padding", as_declared((0,) * self.axes)),),
            )
        return tuple(made)

    def emit(self, x: TensorType, indices: TensorType) -> Emit:
        steps, kernel = self.steps(), plain(self.kernel_size)
        options = changed(stride=(plain(steps), kernel), padding=(plain(self.padding), 0))
        if any(self.wanted()):
            options["output_size"] = self.written(x)
        words = "".join(f", {name}={{{name}}}" for name in options)
        return Emit(
            f"{{y}} = F.max_unpool{self.axes}d({{x}}, {{indices}}, {{kernel}}{words})",
            values={"kernel": kernel} | options,
        )

    def summary(self) -> str:
        size, kernel = self.wanted(), tuple_of(self.kernel_size, self.axes)
        return times(kernel) + (f"  to {times(size)}" if any(size) else "")


@block(
    "max_unpool2d",
    title="Max unpool 2D",
    category=Category.POOLING,
    glyph="Mu",
    keywords=("unpooling", "upsample", "switches", "segnet", "decoder"),
)
class MaxUnpool2d(_MaxUnpool):
    """Puts the numbers of a max pool back where they stood, with zeros between them.

    Use it in decoders; join `indices` with those of the Max pool 2D with indices it undoes.

    Shape: `(N, C, H, W), (N, C, H, W) -> (N, C, H', W')` with
    `H' = (H - 1)·stride - 2·padding + kernel_size`, and so `W'`, or `output_size`.
    """

    saves = ("indices",)
    axes = 2

    kernel_size: Size2 = _kernel_size((2, 2))
    stride: Size2 = _stride((0, 0))
    padding: Size2 = _padding((0, 0))
    output_size: Size2 = _output_size((0, 0))

    examples = (
        Example({}, x=T("N", 3, 4, 5), indices=T("N", 3, 4, 5, dtype="int64")),
        Example(
            {"kernel_size": (3, 3), "stride": (2, 2), "padding": (1, 1)},
            x=T("N", 3, "H", "W"),
            indices=T("N", 3, "H", "W", dtype="int64"),
        ),
        Example({"output_size": (9, 0)}, x=T("N", 3, 4, 4), indices=T("N", 3, 4, 4, dtype="int64")),
        Example(
            {"output_size": (11, 8)},
            x=T("N", 3, 4, 4),
            indices=T("N", 3, 4, 4, dtype="int64"),
            fails="between 7 and 9",
        ),
        Example(
            {}, x=T("N", 3, 4, 4), indices=T("N", 3, 4, 5, dtype="int64"), fails="needs an index"
        ),
        Example({}, x=T("N", 3, 4, 4), indices=T("N", 3, 4, 4), fails="needs indices of int64"),
        Example(
            {"padding": (4, 4)},
            x=T("N", 3, 4, 4),
            indices=T("N", 3, 4, 4, dtype="int64"),
            fails="leaves nothing",
        ),
        Example(
            {"output_size": (9, 0)},
            x=T("N", 3, 4, "W"),
            indices=T("N", 3, 4, "W", dtype="int64"),
            fails="all sizes where one is given",
        ),
        Example({}, x=T("N", 4, 4), indices=T("N", 4, 4, dtype="int64"), fails="needs an image"),
    )


@block(
    "max_unpool1d",
    title="Max unpool 1D",
    category=Category.POOLING,
    glyph="u1",
    keywords=("unpooling", "upsample", "switches", "decoder", "sequence"),
)
class MaxUnpool1d(_MaxUnpool):
    """Puts the numbers of a max pool back where they stood, with zeros between them.

    Use it in decoders; join `indices` with those of the Max pool 1D with indices it undoes.

    Shape: `(N, C, L), (N, C, L) -> (N, C, L')` with
    `L' = (L - 1)·stride - 2·padding + kernel_size`, or `output_size`.
    """

    saves = ("indices",)
    axes = 1

    kernel_size: int = _kernel_size(2)
    stride: int = _stride(0)
    padding: int = _padding(0)
    output_size: int = _output_size(0)

    examples = (
        Example({}, x=T("N", 3, 4), indices=T("N", 3, 4, dtype="int64")),
        Example(
            {"kernel_size": 3, "stride": 2, "padding": 1},
            x=T("N", 3, "T"),
            indices=T("N", 3, "T", dtype="int64"),
        ),
        Example({"output_size": 9}, x=T("N", 3, 4), indices=T("N", 3, 4, dtype="int64")),
        Example(
            {"output_size": 11},
            x=T("N", 3, 4),
            indices=T("N", 3, 4, dtype="int64"),
            fails="between 7 and 9",
        ),
        Example({}, x=T("N", 3, 4), indices=T("N", 3, 5, dtype="int64"), fails="needs an index"),
        Example({}, x=T("N", 4), indices=T("N", 4, dtype="int64"), fails="needs a sequence"),
    )


@block(
    "max_unpool3d",
    title="Max unpool 3D",
    category=Category.POOLING,
    glyph="u3",
    keywords=("unpooling", "upsample", "switches", "decoder", "volume", "video"),
)
class MaxUnpool3d(_MaxUnpool):
    """Puts the numbers of a max pool back where they stood, with zeros between them.

    Use it in decoders; join `indices` with those of the Max pool 3D with indices it undoes.

    Shape: `(N, C, D, H, W), (N, C, D, H, W) -> (N, C, D', H', W')` with
    `D' = (D - 1)·stride - 2·padding + kernel_size`, and so `H'`, `W'`, or `output_size`.
    """

    saves = ("indices",)
    axes = 3

    kernel_size: Size3 = _kernel_size((2, 2, 2))
    stride: Size3 = _stride((0, 0, 0))
    padding: Size3 = _padding((0, 0, 0))
    output_size: Size3 = _output_size((0, 0, 0))

    examples = (
        Example({}, x=T("N", 2, 2, 3, 4), indices=T("N", 2, 2, 3, 4, dtype="int64")),
        Example(
            {"kernel_size": (1, 3, 3), "stride": (1, 2, 2), "padding": (0, 1, 1)},
            x=T("N", 2, "T", 3, 3),
            indices=T("N", 2, "T", 3, 3, dtype="int64"),
        ),
        Example(
            {"output_size": (5, 0, 0)},
            x=T("N", 1, 2, 2, 2),
            indices=T("N", 1, 2, 2, 2, dtype="int64"),
        ),
        Example(
            {"padding": (2, 0, 0)},
            x=T("N", 1, 2, 2, 2),
            indices=T("N", 1, 2, 2, 2, dtype="int64"),
            fails="leaves nothing",
        ),
        Example(
            {}, x=T("N", 2, 3, 4), indices=T("N", 2, 3, 4, dtype="int64"), fails="needs a volume"
        ),
    )
