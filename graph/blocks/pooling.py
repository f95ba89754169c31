"""Pools: one number for every window of a feature map."""

from __future__ import annotations

from graph.block import Category, Example, block
from graph.blocks import _pools as pools
from graph.blocks._windows import need_fit, window
from graph.params import Size2, Size3
from graph.tensor import T, TensorType


@block(
    "max_pool1d",
    title="Max pool 1D",
    category=Category.POOLING,
    glyph="M1",
    keywords=("maxpool", "subsample", "downsample", "sequence"),
)
class MaxPool1d(pools.MaxPool):
    """Keeps the largest number of every window of a sequence.

    Use it after convolutions to shorten a sequence and keep its strongest answers.

    Shape: `(N, C, L) -> (N, C, L')` with
    `L' = (L + 2·padding - dilation·(kernel_size - 1) - 1) // stride + 1`.
    """

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
        Example({"kernel_size": 3, "dilation": 2, "padding": 1}, x=T("N", 3, 9)),
        Example({"kernel_size": 3, "stride": 2, "ceil": True}, x=T("N", 3, 10)),
        Example({"ceil": True}, x=T("N", 3, "T"), fails="where it rounds up"),
        Example({"padding": 2}, x=T("N", 3, 9), fails="more than half"),
        Example({"kernel_size": 12}, x=T("N", 3, 9), fails="does not fit"),
    )


@block(
    "max_pool2d",
    title="Max pool 2D",
    category=Category.POOLING,
    glyph="M2",
    keywords=("maxpool", "subsample", "downsample", "image"),
)
class MaxPool2d(pools.MaxPool):
    """Keeps the largest number of every window of an image.

    Use it after convolutions to shrink an image and keep its strongest answers.

    Shape: `(N, C, H, W) -> (N, C, H', W')` with
    `H' = (H + 2·padding - dilation·(kernel_size - 1) - 1) // stride + 1`, and so `W'`.
    """

    axes = 2
    function = "F.max_pool2d"

    kernel_size: Size2 = pools.kernel((2, 2))
    stride: Size2 = pools.stride((0, 0))
    padding: Size2 = pools.padding((0, 0))
    dilation: Size2 = pools.dilation((1, 1))
    ceil: bool = pools.ceil()

    examples = (
        Example({}, x=T("N", 3, 9, 8)),
        Example(
            {"kernel_size": (3, 3), "stride": (2, 2), "padding": (1, 1)}, x=T("N", 3, "H", "W")
        ),
        Example({"kernel_size": (3, 2), "stride": (0, 1), "dilation": (2, 1)}, x=T("N", 3, 9, 8)),
        Example({"kernel_size": (3, 3), "stride": (2, 3), "ceil": True}, x=T("N", 3, 8, 2)),
        Example({"padding": (1, 0), "stride": (2, 4), "ceil": True}, x=T("N", 3, 5, 5)),
        Example({"padding": (1, 2)}, x=T("N", 3, 9, 9), fails="more than half"),
        Example({"kernel_size": (2, 3)}, x=T("N", 64, 2, 2), fails="does not fit"),
        Example({}, x=T("N", 9, 9), fails="needs an image"),
        Example({}, x=T("N", 1, 9, 9, dtype="bool"), fails="needs floating-point"),
    )


@block(
    "max_pool3d",
    title="Max pool 3D",
    category=Category.POOLING,
    glyph="M3",
    keywords=("maxpool", "subsample", "downsample", "volume", "video"),
)
class MaxPool3d(pools.MaxPool):
    """Keeps the largest number of every window of a volume.

    Use it after convolutions to shrink scans and videos and keep their strongest answers.

    Shape: `(N, C, D, H, W) -> (N, C, D', H', W')` with
    `D' = (D + 2·padding - dilation·(kernel_size - 1) - 1) // stride + 1`, and so `H'`, `W'`.
    """

    axes = 3
    function = "F.max_pool3d"

    kernel_size: Size3 = pools.kernel((2, 2, 2))
    stride: Size3 = pools.stride((0, 0, 0))
    padding: Size3 = pools.padding((0, 0, 0))
    dilation: Size3 = pools.dilation((1, 1, 1))
    ceil: bool = pools.ceil()

    examples = (
        Example({}, x=T("N", 2, 5, 6, 7)),
        Example(
            {"kernel_size": (1, 3, 3), "stride": (1, 2, 2), "padding": (0, 1, 1)},
            x=T("N", 2, "T", 8, 8),
        ),
        Example({"kernel_size": (3, 2, 2), "dilation": (2, 1, 1)}, x=T("N", 1, 6, 4, 4)),
        Example({"ceil": True}, x=T("N", 2, 5, 6, 7)),
        Example({"padding": (1, 1, 2)}, x=T("N", 2, 5, 6, 7), fails="more than half"),
        Example({}, x=T("N", 2, 1, 6, 7), fails="does not fit"),
        Example({}, x=T("N", 5, 6, 7), fails="needs a volume"),
    )


@block(
    "avg_pool1d",
    title="Average pool 1D",
    category=Category.POOLING,
    glyph="A1",
    keywords=("avgpool", "mean", "subsample", "downsample", "sequence"),
)
class AvgPool1d(pools.AvgPool):
    """Takes the mean of every window of a sequence.

    Use it to shorten a sequence smoothly.

    Shape: `(N, C, L) -> (N, C, L')` with `L' = (L + 2·padding - kernel_size) // stride + 1`.
    """

    axes = 1
    function = "F.avg_pool1d"

    kernel_size: int = pools.kernel(2)
    stride: int = pools.stride(0)
    padding: int = pools.padding(0)
    count_padding: bool = pools.count_padding()

    examples = (
        Example({}, x=T("N", 3, 9)),
        Example({"kernel_size": 3, "padding": 1, "count_padding": False}, x=T("N", "C", "T")),
        Example({"kernel_size": 4, "stride": 1}, x=T("N", 1, 4)),
        Example({"kernel_size": 3, "padding": 2}, x=T("N", 3, 9), fails="more than half"),
        Example({"kernel_size": 5}, x=T("N", 1, 4), fails="does not fit"),
    )


@block(
    "avg_pool2d",
    title="Average pool 2D",
    category=Category.POOLING,
    glyph="A2",
    keywords=("avgpool", "mean", "subsample", "downsample", "image"),
)
class AvgPool2d(pools.AvgPool):
    """Takes the mean of every window of an image.

    Use it to shrink an image smoothly.

    Shape: `(N, C, H, W) -> (N, C, H', W')` with
    `H' = (H + 2·padding - kernel_size) // stride + 1`, and so `W'`.
    """

    axes = 2
    function = "F.avg_pool2d"

    kernel_size: Size2 = pools.kernel((2, 2))
    stride: Size2 = pools.stride((0, 0))
    padding: Size2 = pools.padding((0, 0))
    count_padding: bool = pools.count_padding()

    examples = (
        Example({}, x=T("N", 3, 9, 8)),
        Example(
            {"kernel_size": (3, 3), "padding": (1, 1), "count_padding": False}, x=T("N", 3, "H", 8)
        ),
        Example({"kernel_size": (3, 2), "stride": (1, 2)}, x=T("N", 1, 4, 4)),
        Example({"padding": (2, 0)}, x=T("N", 1, 4, 4), fails="more than half"),
        Example({"kernel_size": (5, 5)}, x=T("N", 1, 4, 4), fails="does not fit"),
    )


@block(
    "avg_pool3d",
    title="Average pool 3D",
    category=Category.POOLING,
    glyph="A3",
    keywords=("avgpool", "mean", "subsample", "downsample", "volume", "video"),
)
class AvgPool3d(pools.AvgPool):
    """Takes the mean of every window of a volume.

    Use it to shrink scans and videos smoothly. The window must fit without padding too.

    Shape: `(N, C, D, H, W) -> (N, C, D', H', W')` with
    `D' = (D + 2·padding - kernel_size) // stride + 1`, and so `H'`, `W'`.
    """

    axes = 3
    function = "F.avg_pool3d"

    kernel_size: Size3 = pools.kernel((2, 2, 2))
    stride: Size3 = pools.stride((0, 0, 0))
    padding: Size3 = pools.padding((0, 0, 0))
    count_padding: bool = pools.count_padding()

    examples = (
        Example({}, x=T("N", 2, 5, 6, 7)),
        Example(
            {"kernel_size": (3, 3, 3), "padding": (1, 1, 1), "count_padding": False},
            x=T("N", 1, "T", 4, 4),
        ),
        Example({"kernel_size": (1, 2, 2), "stride": (1, 1, 2)}, x=T("N", 1, 4, 4, 4)),
        Example({"padding": (2, 0, 0)}, x=T("N", 1, 4, 4, 4), fails="more than half"),
        Example(
            {"kernel_size": (5, 5, 5), "padding": (1, 1, 1)},
            x=T("N", 1, 4, 4, 4),
            fails="does not fit",
        ),
    )

    def infer(self, x: TensorType) -> TensorType:
        pooled = super().infer(x)
        # torch compares the window with the volume before it pads
        need_fit(x.shape[2:], window(3, self.kernel_size, 1, 0, 1), "window")
        return pooled
