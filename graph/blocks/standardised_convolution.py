"""Convolutions whose filters are standardised before they are used."""

from __future__ import annotations

from dataclasses import replace

from graph.block import Category, Emit, Example, Snippet, block
from graph.blocks import _filters as filters
from graph.params import Size2
from graph.problems import Refusal
from graph.saved import Saved
from graph.tensor import T, TensorType

_STANDARDISED = Snippet(
    "WeightStandardisedConv2d",
    '''\
class WeightStandardisedConv2d(nn.Conv2d):
    """A convolution that first brings its filters to mean 0 and spread 1."""

    def forward(self, x: Tensor) -> Tensor:
        mean = self.weight.mean((1, 2, 3), keepdim=True)
        var = self.weight.var((1, 2, 3), keepdim=True, correction=0)
        weight = (self.weight - mean) * torch.rsqrt(var + 1e-5)
        return F.conv2d(
            x, weight, self.bias, self.stride, self.padding, self.dilation, self.groups
        )
''',
)


@block(
    "weight_standardised_conv2d",
    title="Weight-standardised conv 2D",
    category=Category.CONVOLUTION,
    glyph="Cw",
    keywords=("weight standardization", "convolution", "wsconv", "micro-batch", "group norm"),
    stem="conv",
)
class WeightStandardisedConv2d(filters.Conv):
    """A Conv 2D that brings each of its filters to mean 0 and spread 1 before it uses them.

    Use it with Group norm when batches are too small for Batch norm.

    Shape: `(N, C, H, W) -> (N, out_channels, H', W')` with
    `H' = (H + 2·padding - dilation·(kernel_size - 1) - 1) // stride + 1`, and so `W'`.

    Source: Micro-Batch Training with Batch-Channel Normalization and Weight Standardization
    (2019).
    """

    axes = 2
    torch_name = "WeightStandardisedConv2d"
    stricter = {
        "filters of a single number": "Torch turns such filters to 0, whatever they learn.",
    }

    out_channels: int = filters.out_channels()
    kernel_size: Size2 = filters.kernel_size((3, 3))
    stride: Size2 = filters.stride((1, 1))
    same: bool = filters.same()
    padding: Size2 = filters.padding((0, 0))
    dilation: Size2 = filters.dilation((1, 1))
    groups: int = filters.groups()
    bias: bool = filters.bias()

    examples = (
        Example({}, x=T("N", 3, 28, 28)),
        Example({"kernel_size": (5, 3), "stride": (2, 1), "padding": (2, 1)}, x=T("N", 1, 9, 8)),
        Example({"same": True, "dilation": (2, 2), "bias": False}, x=T("N", 2, "H", "W")),
        Example({"out_channels": 6, "groups": 3}, x=T("N", 3, 5, 5)),
        Example({"kernel_size": (1, 1)}, x=T("N", 1, 5, 5), fails="filters of a single number"),
        Example({"kernel_size": (9, 9)}, x=T("N", 1, 4, 4), fails="does not fit"),
        Example({"groups": 2}, x=T("N", 3, 5, 5), fails="leaves a rest"),
        Example({}, x=T("N", 28, 28), fails="needs an image (N, C, H, W)"),
    )

    def infer(self, x: TensorType) -> TensorType:
        answer = super().infer(x)
        if self.weights(x) == self.out_channels:
            raise Refusal(
                "has filters of a single number, which have no spread; give it a larger kernel or "
                "more channels in a group",
                short="1 number",
            )
        return answer

    def emit(self, x: TensorType) -> Emit:
        return replace(super().emit(x), snippets=(_STANDARDISED,))

    def saved(self, x: TensorType) -> Saved:
        return Saved(("x",), numbers=2 * self.weights(x) + self.out_channels)
