"""Max pool that remembers where its numbers stood, and the unpool that puts them back."""

from __future__ import annotations

from graph.block import Block, Category, Emit, Example, block, known
from graph.blocks import _pools as pools
from graph.blocks._common import changed, need_floats, plain, times, tuple_of
from graph.blocks._windows import need_spatial
from graph.params import Size2, param
from graph.problems import Refusal, SetParam, SetUpstream
from graph.tensor import Shape, T, TensorType, show_shape


@block(
    "max_pool2d_indices",
    title="Max pool 2D with indices",
    category=Category.POOLING,
    glyph="Mk",
    keywords=("maxpool", "argmax", "switches", "subsample", "segnet", "unpool"),
    stem="max_pool",
)
class MaxPool2dIndices(pools.MaxPool):
    """Keeps the largest number of every window of an image, and says where each stood.

    Use it in encoders whose decoder puts numbers back by Max unpool 2D.

    Shape: `(N, C, H, W) -> (N, C, H', W')` twice, the second of int64, with
    `H' = (H + 2·padding - dilation·(kernel_size - 1) - 1) // stride + 1`, and so `W'`.
    """

    axes = 2
    function = "F.max_pool2d"
    outputs = ("y", "indices")
    port_help = {"indices": "Where in its channel each number stood, counted row by row."}

    kernel_size: Size2 = pools.kernel((2, 2))
    stride: Size2 = pools.stride((0, 0))
    padding: Size2 = pools.padding((0, 0))
    dilation: Size2 = pools.dilation((1, 1))
    ceil: bool = pools.ceil()

    examples = (
        Example({}, x=T("N", 3, 9, 8)),
        Example({"ceil": True}, x=T("N", 3, 9, 9)),
        Example(
            {"kernel_size": (3, 3), "stride": (2, 2), "padding": (1, 1)}, x=T("N", 3, "H", "W")
        ),
        Example({"padding": (1, 2)}, x=T("N", 3, 9, 9), fails="more than half"),
        Example({"kernel_size": (2, 3)}, x=T("N", 64, 2, 2), fails="does not fit"),
        Example({}, x=T("N", 9, 9), fails="needs an image"),
    )

    def infer(self, x: TensorType) -> tuple[TensorType, TensorType]:  # type: ignore[override]  # where the others answer one type
        pooled = super().infer(x)
        return pooled, pooled.with_dtype("int64")

    def emit(self, x: TensorType) -> Emit:
        made = super().emit(x)
        call = made.forward.removeprefix("{y} = ").removesuffix(")")
        return Emit(f"{{y}}, {{indices}} = {call}, return_indices=True)", values=made.values)


@block(
    "max_unpool2d",
    title="Max unpool 2D",
    category=Category.POOLING,
    glyph="Mu",
    keywords=("unpooling", "upsample", "switches", "segnet", "decoder"),
)
class MaxUnpool2d(Block):
    """Puts the numbers of a max pool back where they stood, with zeros between them.

    Use it in decoders; join `indices` with those of the Max pool 2D with indices it undoes.

    Shape: `(N, C, H, W), (N, C, H, W) -> (N, C, H', W')` with
    `H' = (H - 1)·stride - 2·padding + kernel_size`, and so `W'`, or `output_size`.
    """

    stricter = {
        "needs an index": "The CPU refuses it and the meta device does not.",
        "needs indices of int64": "The same.",
    }
    port_help = {"indices": "Where in its channel each number goes, counted row by row."}

    kernel_size: Size2 = param(
        default=(2, 2), ge=1, unit="px", help="Size of the window of the pool that it undoes."
    )
    stride: Size2 = param(
        default=(0, 0), ge=0, unit="px", help="How far that window moved; 0 for its own size."
    )
    padding: Size2 = param(
        default=(0, 0), ge=0, unit="px", help="Places added there at both ends of each axis."
    )
    output_size: Size2 = param(
        default=(0, 0), ge=0, unit="px",
        help="Size before the pool, which may have left places out; 0 for the size without them.",
    )  # fmt: skip

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
            fails="both sizes where one is given",
        ),
        Example({}, x=T("N", 4, 4), indices=T("N", 4, 4, dtype="int64"), fails="needs an image"),
    )

    def steps(self) -> tuple[int, ...]:
        """How far the window moved along each axis."""
        return tuple(s or k for s, k in zip(self.stride, self.kernel_size, strict=True))

    def infer(self, x: TensorType, indices: TensorType) -> TensorType:
        need_floats(x)
        need_spatial(x, 2)
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
        if any(self.output_size):
            return x.with_shape(*x.shape[:2], *self.written(x))
        return x.with_shape(*x.shape[:2], *self.sizes(x.shape[2:]))

    def written(self, x: TensorType) -> tuple[int, ...]:
        """The sizes as code names them, which cannot be open."""
        sizes = self.sizes(x.shape[2:])
        return tuple(known(size, "both sizes where one is given", "x") for size in sizes)

    def sizes(self, given: Shape) -> Shape:
        rows = zip(given, self.steps(), self.padding, self.kernel_size, strict=True)
        least = tuple((size - 1) * step - 2 * p + k for size, step, p, k in rows)
        made = []
        for usual, step, wanted in zip(least, self.steps(), self.output_size, strict=True):
            low, high = usual - step + 1, usual + step - 1
            if wanted and (
                (isinstance(low, int) and wanted < low) or (isinstance(high, int) and wanted > high)
            ):
                raise Refusal(
                    f"makes {wanted} places of an axis, which such a pool cannot have seen; it had "
                    f"between {low} and {high}",
                    short=f"{wanted} ≠ {usual}",
                    hints=(SetParam("output_size", (0, 0)),),
                )
            made.append(wanted or usual)
        if any(isinstance(size, int) and size < 1 for size in made):
            raise Refusal(
                f"cuts {times(self.padding)} from both ends, which leaves nothing of "
                f"{times(given)}",
                port="x",
                short=f"size {times(tuple(made))}",
                hints=(SetParam("padding", (0, 0)),),
            )
        return tuple(made)

    def emit(self, x: TensorType, indices: TensorType) -> Emit:
        steps = self.steps()
        options = changed(
            stride=(plain(steps), plain(self.kernel_size)), padding=(plain(self.padding), 0)
        )
        if any(self.output_size):
            options["output_size"] = self.written(x)
        words = "".join(f", {name}={{{name}}}" for name in options)
        return Emit(
            f"{{y}} = F.max_unpool2d({{x}}, {{indices}}, {{kernel}}{words})",
            values={"kernel": plain(self.kernel_size)} | options,
        )

    def summary(self) -> str:
        size = tuple_of(self.output_size, 2)
        return times(self.kernel_size) + (f"  to {times(size)}" if any(size) else "")
