"""Max pools that say where their numbers stood, for the unpools that put them back."""

from __future__ import annotations

from graph.block import Category, Emit, Example, block
from graph.blocks import _pools as pools
from graph.params import Size2, Size3
from graph.tensor import T, TensorType


class _MaxPoolIndices(pools.MaxPool):
    """The largest number of every window, and where it stood."""

    outputs = ("y", "indices")
    port_help = {"indices": "Where in its channel each number stood, counted row by row."}

    def infer(self, x: TensorType) -> tuple[TensorType, TensorType]:  # type: ignore[override]  # where the others answer one type
        pooled = super().infer(x)
        return pooled, pooled.with_dtype("int64")

    def emit(self, x: TensorType) -> Emit:
        made = super().emit(x)
        call = made.forward.removeprefix("{y} = ").removesuffix(")")
        return Emit(f"{{y}}, {{indices}} = {call}, return_indices=True)", values=made.values)


@block(
    "max_pool2d_indices",
    title="Max pool 2D with indices",
    category=Category.POOLING,
    glyph="Mk",
    keywords=("maxpool", "argmax", "switches", "subsample", "segnet", "unpool"),
    stem="max_pool",
)
class MaxPool2dIndices(_MaxPoolIndices):
    """Keeps the largest number of every window of an image, and says where each stood.

    Use it in encoders whose decoder puts numbers back by Max unpool 2D.

    Shape: `(N, C, H, W) -> (N, C, H', W')` twice, the second of int64, with
    `H' = (H + 2·padding - dilation·(kernel_size - 1) - 1) // stride + 1`, and so `W'`.
    """

    saves = ("x", "indices")
    axes = 2
    function = "F.max_pool2d"

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


@block(
    "max_pool1d_indices",
    title="Max pool 1D with indices",
    category=Category.POOLING,
    glyph="K1",
    keywords=("maxpool", "argmax", "switches", "subsample", "unpool", "sequence"),
    stem="max_pool",
)
class MaxPool1dIndices(_MaxPoolIndices):
    """Keeps the largest number of every window of a sequence, and says where each stood.

    Use it in encoders whose decoder puts numbers back by Max unpool 1D.

    Shape: `(N, C, L) -> (N, C, L')` twice, the second of int64, with
    `L' = (L + 2·padding - dilation·(kernel_size - 1) - 1) // stride + 1`.
    """

    saves = ("x", "indices")
    axes = 1
    function = "F.max_pool1d"

    kernel_size: int = pools.kernel(2)
    stride: int = pools.stride(0)
    padding: int = pools.padding(0)
    dilation: int = pools.dilation(1)
    ceil: bool = pools.ceil()

    examples = (
        Example({}, x=T("N", 3, 9)),
        Example({"kernel_size": 3, "stride": 2, "padding": 1}, x=T("N", "C", "T")),
        Example({"padding": 2}, x=T("N", 3, 9), fails="more than half"),
        Example({"kernel_size": 12}, x=T("N", 3, 9), fails="does not fit"),
        Example({}, x=T("N", 9), fails="needs a sequence"),
    )


@block(
    "max_pool3d_indices",
    title="Max pool 3D with indices",
    category=Category.POOLING,
    glyph="K3",
    keywords=("maxpool", "argmax", "switches", "subsample", "unpool", "volume", "video"),
    stem="max_pool",
)
class MaxPool3dIndices(_MaxPoolIndices):
    """Keeps the largest number of every window of a volume, and says where each stood.

    Use it in encoders whose decoder puts numbers back by Max unpool 3D.

    Shape: `(N, C, D, H, W) -> (N, C, D', H', W')` twice, the second of int64, with
    `D' = (D + 2·padding - dilation·(kernel_size - 1) - 1) // stride + 1`, and so `H'`, `W'`.
    """

    saves = ("x", "indices")
    axes = 3
    function = "F.max_pool3d"

    kernel_size: Size3 = pools.kernel((2, 2, 2))
    stride: Size3 = pools.stride((0, 0, 0))
    padding: Size3 = pools.padding((0, 0, 0))
    dilation: Size3 = pools.dilation((1, 1, 1))
    ceil: bool = pools.ceil()

    examples = (
        Example({}, x=T("N", 2, 5, 6, 7)),
        Example({"kernel_size": (1, 2, 2), "ceil": True}, x=T("N", 2, 3, 5, 5)),
        Example({"padding": (2, 0, 0)}, x=T("N", 2, 5, 5, 5), fails="more than half"),
        Example({}, x=T("N", 2, 1, 6, 7), fails="does not fit"),
        Example({}, x=T("N", 5, 6, 7), fails="needs a volume"),
    )
