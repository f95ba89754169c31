"""Convolutions."""

from __future__ import annotations

from graph.block import Category, Example, block
from graph.blocks import _filters as filters
from graph.blocks import _weight_norms as weight_norms
from graph.params import Size2, Size3
from graph.tensor import T


@block(
    "conv1d",
    title="Conv 1D",
    category=Category.CONVOLUTION,
    glyph="C1",
    keywords=("convolution", "filter", "kernel", "sequence", "signal", "audio", "temporal"),
)
class Conv1d(filters.Conv):
    """Slides learned filters along a sequence and answers how strongly each place matches.

    Use it on signals and time series, whose channels come before their length.

    Shape: `(N, C, L) -> (N, out_channels, L')` with
    `L' = (L + 2·padding - dilation·(kernel_size - 1) - 1) // stride + 1`.
    """

    axes = 1
    torch_name = "nn.Conv1d"

    out_channels: int = filters.out_channels()
    kernel_size: int = filters.kernel_size(3)
    stride: int = filters.stride(1)
    same: bool = filters.same()
    padding: int = filters.padding(0)
    dilation: int = filters.dilation(1)
    groups: int = filters.groups()
    bias: bool = filters.bias()
    weight_norm: str = weight_norms.weight_norm()

    examples = (
        Example({}, x=T("N", 2, 20)),
        Example({"weight_norm": "weight"}, x=T("N", 3, 9)),
        Example({"kernel_size": 5, "stride": 2, "padding": 2, "dilation": 2}, x=T("N", 3, "T")),
        Example({"same": True, "groups": 4, "bias": False}, x=T("N", 4, 7)),
        Example({"kernel_size": 9, "dilation": 2}, x=T("N", 2, 16), fails="does not fit"),
        Example({}, x=T("N", 20), fails="needs a sequence"),
        Example({}, x=T("N", "T", 8), fails="the number of channels"),
    )


@block(
    "conv2d",
    title="Conv 2D",
    category=Category.CONVOLUTION,
    glyph="C2",
    keywords=("convolution", "filter", "kernel", "image", "cnn", "depthwise"),
)
class Conv2d(filters.Conv):
    """Slides learned filters over an image and answers how strongly each place matches.

    Use it to find edges, textures and parts, wherever in the image they are.

    Shape: `(N, C, H, W) -> (N, out_channels, H', W')` with
    `H' = (H + 2·padding - dilation·(kernel_size - 1) - 1) // stride + 1`, and so `W'`.
    """

    axes = 2
    torch_name = "nn.Conv2d"

    out_channels: int = filters.out_channels()
    kernel_size: Size2 = filters.kernel_size((3, 3))
    stride: Size2 = filters.stride((1, 1))
    same: bool = filters.same()
    padding: Size2 = filters.padding((0, 0))
    dilation: Size2 = filters.dilation((1, 1))
    groups: int = filters.groups()
    bias: bool = filters.bias()
    weight_norm: str = weight_norms.weight_norm()

    examples = (
        Example({}, x=T("N", 3, 28, 28)),
        Example({"weight_norm": "spectral"}, x=T("N", 3, 6, 6)),
        Example({"weight_norm": "weight", "groups": 2, "bias": False}, x=T("N", 4, "H", "W")),
        Example({"kernel_size": (5, 3), "stride": (2, 1), "padding": (2, 1)}, x=T("N", 1, 9, 8)),
        Example({"same": True, "dilation": (2, 2), "bias": False}, x=T("N", 2, "H", "W")),
        Example({"out_channels": 6, "groups": 3}, x=T("N", 3, 5, 5)),
        Example({"kernel_size": (9, 9)}, x=T("N", 1, 4, 4), fails="does not fit"),
        Example({"same": True, "stride": (2, 2)}, x=T("N", 1, 4, 4), fails="only with stride 1"),
        Example({"groups": 2}, x=T("N", 3, 5, 5), fails="leaves a rest"),
        Example({"groups": 3}, x=T("N", 3, 5, 5), fails="leaves a rest"),
        Example({}, x=T("N", 28, 28), fails="needs an image (N, C, H, W)"),
        Example({}, x=T("N", 3, 8, 8, dtype="uint8"), fails="needs floating-point"),
    )


@block(
    "conv3d",
    title="Conv 3D",
    category=Category.CONVOLUTION,
    glyph="C3",
    keywords=("convolution", "filter", "kernel", "volume", "video", "voxel"),
)
class Conv3d(filters.Conv):
    """Slides learned filters through a volume and answers how strongly each place matches.

    Use it on scans and videos, whose third spatial axis is depth or time.

    Shape: `(N, C, D, H, W) -> (N, out_channels, D', H', W')` with
    `D' = (D + 2·padding - dilation·(kernel_size - 1) - 1) // stride + 1`, and so `H'`, `W'`.
    """

    axes = 3
    torch_name = "nn.Conv3d"

    out_channels: int = filters.out_channels()
    kernel_size: Size3 = filters.kernel_size((3, 3, 3))
    stride: Size3 = filters.stride((1, 1, 1))
    same: bool = filters.same()
    padding: Size3 = filters.padding((0, 0, 0))
    dilation: Size3 = filters.dilation((1, 1, 1))
    groups: int = filters.groups()
    bias: bool = filters.bias()
    weight_norm: str = weight_norms.weight_norm()

    examples = (
        Example({"out_channels": 4}, x=T("N", 2, 5, 6, 7)),
        Example(
            {"out_channels": 2, "padding": (1, 0, 1), "stride": (1, 2, 1)}, x=T("N", 1, "T", 5, 5)
        ),
        Example({"out_channels": 2, "same": True}, x=T("N", 1, 3, 3, 3)),
        Example({}, x=T("N", 1, 2, 5, 5), fails="does not fit"),
        Example({}, x=T("N", 1, 5, 5), fails="needs a volume"),
    )
