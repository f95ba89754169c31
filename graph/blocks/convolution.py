"""Convolutions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graph.block import Category, Emit, Example, block
from graph.blocks import _filters as filters
from graph.blocks._common import plain, times
from graph.blocks._windows import as_declared, need_fit, show_window, window
from graph.params import Size2, Size3, param
from graph.problems import Refusal, SetParam
from graph.tensor import Dim, Shape, T, TensorType, product


def _same() -> Any:  # Any: as `param`, whose answers these are
    return param(
        default=False,
        title="Same size",
        help="Pad with zeros so that the output is as large as the input; needs stride 1.",
    )


def _padding(default: int | tuple[int, ...]) -> Any:
    return param(
        default=default,
        ge=0,
        unit="px",
        show_if=lambda conv: not conv.same,
        help="Zeros added at both ends of each axis.",
    )


class _Conv(filters.Filters):
    """A filter's answer at every place it fits."""

    if TYPE_CHECKING:
        same: bool

    def infer(self, x: TensorType) -> TensorType:
        self.check_channels(x)
        shape = self.window()
        sizes = x.shape[2:]
        if not self.same:
            need_fit(sizes, shape, "kernel")
            sizes = shape.positions(sizes)
        elif set(shape.stride) != {1}:
            raise Refusal(
                f"keeps the size of its input only with stride 1, but has {times(shape.stride)}",
                short=f"s{times(shape.stride)}",
                hints=(
                    SetParam("stride", as_declared((1,) * self.axes)),
                    SetParam("same", False),
                ),
            )
        return x.with_shape(x.shape[0], self.out_channels, *sizes)

    def emit(self, x: TensorType) -> Emit:
        return self.made(x, padding="same" if self.same else plain(self.padding))

    def multiply_adds(self, x: TensorType) -> Dim:
        places: Shape = (x.shape[0], *_Conv.infer(self, x).shape[2:])
        return product(places) * self.weights(x)

    def summary(self) -> str:
        shape = self.window()
        if self.same:
            shape = window(self.axes, shape.kernel, shape.stride, 0, shape.dilation)
        groups = f"g{self.groups}" if self.groups > 1 else ""
        return f"{self.out_channels}  " + show_window(shape, "same" if self.same else "", groups)


@block(
    "conv1d",
    title="Conv 1D",
    category=Category.CONVOLUTION,
    glyph="C1",
    keywords=("convolution", "filter", "kernel", "sequence", "signal", "audio", "temporal"),
)
class Conv1d(_Conv):
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
    same: bool = _same()
    padding: int = _padding(0)
    dilation: int = filters.dilation(1)
    groups: int = filters.groups()
    bias: bool = filters.bias()

    examples = (
        Example({}, x=T("N", 2, 20)),
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
class Conv2d(_Conv):
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
    same: bool = _same()
    padding: Size2 = _padding((0, 0))
    dilation: Size2 = filters.dilation((1, 1))
    groups: int = filters.groups()
    bias: bool = filters.bias()

    examples = (
        Example({}, x=T("N", 3, 28, 28)),
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
class Conv3d(_Conv):
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
    same: bool = _same()
    padding: Size3 = _padding((0, 0, 0))
    dilation: Size3 = filters.dilation((1, 1, 1))
    groups: int = filters.groups()
    bias: bool = filters.bias()

    examples = (
        Example({"out_channels": 4}, x=T("N", 2, 5, 6, 7)),
        Example(
            {"out_channels": 2, "padding": (1, 0, 1), "stride": (1, 2, 1)}, x=T("N", 1, "T", 5, 5)
        ),
        Example({"out_channels": 2, "same": True}, x=T("N", 1, 3, 3, 3)),
        Example({}, x=T("N", 1, 2, 5, 5), fails="does not fit"),
        Example({}, x=T("N", 1, 5, 5), fails="needs a volume"),
    )
