"""Depthwise-separable convolutions: first along the places, then across the channels."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from graph.block import Call, Category, Emit, Example, block
from graph.blocks import _filters as filters
from graph.blocks._common import changed, plain
from graph.params import Size2, param
from graph.saved import Saved
from graph.tensor import T, TensorType


@block(
    "separable_conv2d",
    title="Separable conv 2D",
    category=Category.CONVOLUTION,
    glyph="Cs",
    keywords=("depthwise", "pointwise", "convolution", "mobilenet", "xception", "efficient"),
)
class SeparableConv2d(filters.Conv):
    """Filters each channel of an image by itself, then mixes the channels of every place.

    Use it where a Conv 2D costs too much: it needs a fraction of the weights.

    Shape: `(N, C, H, W) -> (N, out_channels, H', W')` with
    `H' = (H + 2·padding - dilation·(kernel_size - 1) - 1) // stride + 1`, and so `W'`.

    Source: Xception: Deep Learning with Depthwise Separable Convolutions (2016), without anything
    between the two steps; only the second has a bias, which makes one of the first needless.
    """

    axes = 2
    torch_name = "nn.Conv2d"

    if TYPE_CHECKING:  # no parameter of this block, which mixes all channels
        groups: int = 1
    else:
        groups = 1

    out_channels: int = filters.out_channels()
    kernel_size: Size2 = filters.kernel_size((3, 3))
    stride: Size2 = filters.stride((1, 1))
    same: bool = filters.same()
    padding: Size2 = filters.padding((0, 0))
    dilation: Size2 = filters.dilation((1, 1))
    depth_multiplier: int = param(
        default=1, ge=1, help="Number of filters of each channel, before the channels are mixed."
    )
    bias: bool = filters.bias()

    examples = (
        Example({}, x=T("N", 3, 28, 28)),
        Example({"kernel_size": (5, 3), "stride": (2, 1), "padding": (2, 1)}, x=T("N", 1, 9, 8)),
        Example(
            {"same": True, "dilation": (2, 2), "depth_multiplier": 3, "bias": False},
            x=T("N", 2, "H", "W"),
        ),
        Example({"kernel_size": (9, 9)}, x=T("N", 1, 4, 4), fails="does not fit"),
        Example({"same": True, "stride": (2, 2)}, x=T("N", 1, 4, 4), fails="only with stride 1"),
        Example({}, x=T("N", 28, 28), fails="needs an image (N, C, H, W)"),
        Example({}, x=T("N", 3, 8, 8, dtype="uint8"), fails="needs floating-point"),
    )

    def middle(self, x: TensorType) -> int:
        """The number of channels between the two steps."""
        return self.in_channels(x) * self.depth_multiplier

    def weights(self, x: TensorType) -> int:
        return self.middle(x) * (prod(self.kernel_size) + self.out_channels)

    def emit(self, x: TensorType) -> Emit:
        channels, middle = self.in_channels(x), self.middle(x)
        options = changed(
            stride=(plain(self.stride), 1),
            padding=("same" if self.same else plain(self.padding), 0),
            dilation=(plain(self.dilation), 1),
            groups=(channels, 1),
        )
        kernel = plain(self.kernel_size)
        depthwise = Call("nn.Conv2d", channels, middle, kernel, **options, bias=False)
        mixed = changed(bias=(self.bias, True))
        pointwise = Call("nn.Conv2d", middle, self.out_channels, 1, **mixed)
        return Emit(
            "{y} = {pointwise}({depthwise}({x}))",
            {"depthwise": depthwise, "pointwise": pointwise},
        )

    def saved(self, x: TensorType) -> Saved:
        between = self.infer(x).shape
        return Saved.of(("x",), x.with_shape(between[0], self.middle(x), *between[2:]))
