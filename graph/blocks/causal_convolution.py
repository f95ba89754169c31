"""Causal convolutions: filters that see only what came before."""

from __future__ import annotations

from graph.block import Category, Emit, Example, block
from graph.blocks import _filters as filters
from graph.blocks import _weight_norms as weight_norms
from graph.blocks._windows import show_window
from graph.saved import Saved
from graph.tensor import Dim, T, TensorType


@block(
    "causal_conv1d",
    title="Causal conv 1D",
    category=Category.CONVOLUTION,
    glyph="Cc",
    keywords=("convolution", "dilated", "wavenet", "tcn", "autoregressive", "audio", "temporal"),
)
class CausalConv1d(filters.Filters):
    """Slides learned filters along a sequence, each place seeing only itself and earlier ones.

    Use it to predict what comes next in signals; dilations that double reach far back cheaply.

    Shape: `(N, C, L) -> (N, out_channels, L')` with `L' = (L - 1) // stride + 1`: zeros before the
    first place, `dilation·(kernel_size - 1)` of them, make up for what is not there.

    Source: WaveNet: A Generative Model for Raw Audio (2016), section 2.1.
    """

    axes = 1
    torch_name = "nn.Conv1d"

    out_channels: int = filters.out_channels()
    kernel_size: int = filters.kernel_size(2)
    stride: int = filters.stride(1)
    dilation: int = filters.dilation(1)
    groups: int = filters.groups()
    bias: bool = filters.bias()
    weight_norm: str = weight_norms.weight_norm()

    examples = (
        Example({}, x=T("N", 2, 20)),
        Example({"weight_norm": "weight", "dilation": 2}, x=T("N", 2, 20)),
        Example({"kernel_size": 3, "dilation": 4, "out_channels": 6}, x=T("N", 3, "T")),
        Example({"kernel_size": 9, "dilation": 2, "stride": 2}, x=T("N", 2, 4)),
        Example({"kernel_size": 1, "groups": 2, "bias": False}, x=T("N", 4, "T")),
        Example({"groups": 3}, x=T("N", 4, 9), fails="leaves a rest"),
        Example({}, x=T("N", 20), fails="needs a sequence"),
        Example({}, x=T("N", "T", 8), fails="the number of channels"),
        Example({}, x=T("N", 2, 20, dtype="int64"), fails="needs floating-point"),
    )

    def before(self) -> int:
        """How many zeros stand before the first place."""
        return self.window().reach()[0] - 1

    def infer(self, x: TensorType) -> TensorType:
        self.check_channels(x)
        return x.with_shape(x.shape[0], self.out_channels, (x.shape[2] - 1) // self.stride + 1)

    def emit(self, x: TensorType) -> Emit:
        made = self.made(x)
        if not self.before():
            return made
        return Emit(
            "{y} = {conv}(F.pad({x}, {zeros}))", made.modules, {"zeros": (self.before(), 0)}
        )

    def multiply_adds(self, x: TensorType) -> Dim:
        return x.shape[0] * CausalConv1d.infer(self, x).shape[2] * self.weights(x)

    def saved(self, x: TensorType) -> Saved:
        kept = super().saved(x)
        if not self.before():
            return kept
        padded = x.with_shape(*x.shape[:-1], x.shape[-1] + self.before())
        return Saved((), numbers=kept.numbers + padded.elements())

    def summary(self) -> str:
        groups = f"g{self.groups}" if self.groups > 1 else ""
        return f"{self.out_channels}  " + show_window(
            self.window(), groups, weight_norms.show_norm(self.weight_norm)
        )
