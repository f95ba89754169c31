"""Transposed convolutions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graph.block import Call, Category, Emit, Example, block
from graph.blocks import _filters as filters
from graph.blocks import _weight_norms as weight_norms
from graph.blocks._common import plain, times, tuple_of
from graph.blocks._windows import as_declared, show_window
from graph.params import Ints, Size2, Size3, param
from graph.problems import Refusal, SetParam
from graph.saved import Saved
from graph.tensor import Dim, Shape, T, TensorType, product


def _cropping(default: int | tuple[int, ...]) -> Any:  # Any: as `param`, whose answers these are
    return param(default=default, ge=0, unit="px", help="Places cut from both ends of the output.")


def _output_padding(default: int | tuple[int, ...]) -> Any:
    return param(
        default=default,
        ge=0,
        unit="px",
        help="Places added at one end of the output; less than the stride or the dilation.",
    )


class _TransposedConv(filters.Filters):
    """Every place spreads a filter; where they overlap they add up."""

    if TYPE_CHECKING:
        padding: int | Ints
        output_padding: int | Ints

    def margin(self) -> int | Ints:
        return self.padding

    def infer(self, x: TensorType) -> TensorType:
        self.check_channels(x)
        shape = self.window()
        added = tuple_of(self.output_padding, self.axes)
        most = tuple(max(s, d) - 1 for s, d in zip(shape.stride, shape.dilation, strict=True))
        if any(a > m for a, m in zip(added, most, strict=True)):
            right = tuple(min(a, m) for a, m in zip(added, most, strict=True))
            raise Refusal(
                f"has an output padding of {times(added)}, which must be less than the stride "
                f"or the dilation; at most {times(most)} would do",
                short=f"{times(added)} > {times(most)}",
                hints=(SetParam("output_padding", as_declared(right)),),
            )
        sizes = self.sizes(x.shape[2:])
        if any(isinstance(size, int) and size < 1 for size in sizes):
            raise Refusal(
                f"cuts {times(shape.padding)} from both ends of its output, which leaves nothing "
                f"of {times(x.shape[2:])}",
                port="x",
                short=f"size {times(sizes)}",
                hints=(SetParam("padding", as_declared((0,) * self.axes)),),
            )
        return x.with_shape(x.shape[0], self.out_channels, *sizes)

    def sizes(self, sizes: Shape) -> Shape:
        """The output's: `(size - 1)·stride - 2·padding + reach + output_padding`."""
        shape = self.window()
        rows = zip(
            sizes, shape.stride, shape.padding, shape.reach(),
            tuple_of(self.output_padding, self.axes), strict=True,
        )  # fmt: skip
        return tuple((size - 1) * s - 2 * p + reach + added for size, s, p, reach, added in rows)

    def emit(self, x: TensorType) -> Emit:
        return self.made(x, padding=plain(self.padding), output_padding=plain(self.output_padding))

    def multiply_adds(self, x: TensorType) -> Dim:
        places: Shape = (x.shape[0], *x.shape[2:])
        return product(places) * self.weights(x)

    def saved(self, x: TensorType) -> Saved:
        kept = weight_norms.kept(self.weight_norm, self.rows(), self.weights(x), axis=1)
        return Saved(("x",), numbers=kept)

    def summary(self) -> str:
        groups = f"g{self.groups}" if self.groups > 1 else ""
        norm = weight_norms.show_norm(self.weight_norm)
        return f"{self.out_channels}  " + show_window(self.window(), groups, norm)

    def rows(self) -> int:
        return self.out_channels // self.groups

    def normed(self, made: Call) -> Call:
        return weight_norms.normed(made, self.weight_norm, axis=1)


@block(
    "transposed_conv1d",
    title="Transposed conv 1D",
    category=Category.CONVOLUTION,
    glyph="T1",
    keywords=("deconvolution", "upsample", "decoder", "sequence"),
)
class TransposedConv1d(_TransposedConv):
    """Spreads every place of a sequence by learned filters, which makes it longer.

    Use it to go back from few places to many, as in decoders and generators.

    Shape: `(N, C, L) -> (N, out_channels, L')` with
    `L' = (L - 1)·stride - 2·padding + dilation·(kernel_size - 1) + output_padding + 1`.
    """

    axes = 1
    torch_name = "nn.ConvTranspose1d"

    out_channels: int = filters.out_channels()
    kernel_size: int = filters.kernel_size(2)
    stride: int = filters.stride(2)
    padding: int = _cropping(0)
    output_padding: int = _output_padding(0)
    dilation: int = filters.dilation(1)
    groups: int = filters.groups()
    bias: bool = filters.bias()
    weight_norm: str = weight_norms.weight_norm()

    examples = (
        Example({}, x=T("N", 3, 8)),
        Example({"weight_norm": "weight", "out_channels": 4, "groups": 2}, x=T("N", 2, 5)),
        Example({"kernel_size": 4, "padding": 1, "output_padding": 1}, x=T("N", 3, "T")),
        Example({"out_channels": 4, "groups": 2, "bias": False, "dilation": 2}, x=T("N", 2, 5)),
        Example({"output_padding": 2}, x=T("N", 3, 8), fails="less than the stride"),
        Example({"padding": 4}, x=T("N", 3, 4), fails="leaves nothing"),
        Example({}, x=T("N", 3, 8, 8), fails="needs a sequence"),
    )


@block(
    "transposed_conv2d",
    title="Transposed conv 2D",
    category=Category.CONVOLUTION,
    glyph="T2",
    keywords=("deconvolution", "upsample", "decoder", "generator", "image"),
)
class TransposedConv2d(_TransposedConv):
    """Spreads every place of an image by learned filters, which makes it larger.

    Use it to go back from few places to many, as in decoders and generators.

    Shape: `(N, C, H, W) -> (N, out_channels, H', W')` with
    `H' = (H - 1)·stride - 2·padding + dilation·(kernel_size - 1) + output_padding + 1`, and so
    `W'`.
    """

    axes = 2
    torch_name = "nn.ConvTranspose2d"

    out_channels: int = filters.out_channels()
    kernel_size: Size2 = filters.kernel_size((2, 2))
    stride: Size2 = filters.stride((2, 2))
    padding: Size2 = _cropping((0, 0))
    output_padding: Size2 = _output_padding((0, 0))
    dilation: Size2 = filters.dilation((1, 1))
    groups: int = filters.groups()
    bias: bool = filters.bias()
    weight_norm: str = weight_norms.weight_norm()

    examples = (
        Example({}, x=T("N", 3, 8, 8)),
        Example({"weight_norm": "weight"}, x=T("N", 3, 4, 4)),
        Example({"weight_norm": "spectral", "groups": 2, "out_channels": 6}, x=T("N", 4, 4, 4)),
        Example(
            {"kernel_size": (4, 3), "padding": (1, 1), "output_padding": (0, 1)}, x=T("N", 3, 4, 5)
        ),
        Example({"out_channels": 4, "groups": 2, "bias": False}, x=T("N", 2, "H", "W")),
        Example({"output_padding": (2, 0)}, x=T("N", 3, 8, 8), fails="less than the stride"),
        Example({"padding": (4, 4)}, x=T("N", 3, 3, 3), fails="leaves nothing"),
        Example({"groups": 2}, x=T("N", 3, 3, 3), fails="leaves a rest"),
    )


@block(
    "transposed_conv3d",
    title="Transposed conv 3D",
    category=Category.CONVOLUTION,
    glyph="T3",
    keywords=("deconvolution", "upsample", "decoder", "volume", "video", "voxel"),
)
class TransposedConv3d(_TransposedConv):
    """Spreads every place of a volume by learned filters, which makes it larger.

    Use it to go back from few places to many, as in decoders for scans and videos.

    Shape: `(N, C, D, H, W) -> (N, out_channels, D', H', W')` with
    `D' = (D - 1)·stride - 2·padding + dilation·(kernel_size - 1) + output_padding + 1`, and so
    `H'`, `W'`.
    """

    axes = 3
    torch_name = "nn.ConvTranspose3d"

    out_channels: int = filters.out_channels()
    kernel_size: Size3 = filters.kernel_size((2, 2, 2))
    stride: Size3 = filters.stride((2, 2, 2))
    padding: Size3 = _cropping((0, 0, 0))
    output_padding: Size3 = _output_padding((0, 0, 0))
    dilation: Size3 = filters.dilation((1, 1, 1))
    groups: int = filters.groups()
    bias: bool = filters.bias()
    weight_norm: str = weight_norms.weight_norm()

    examples = (
        Example({"out_channels": 4}, x=T("N", 2, 3, 4, 5)),
        Example(
            {
                "out_channels": 2,
                "kernel_size": (1, 4, 4),
                "stride": (1, 2, 2),
                "padding": (0, 1, 1),
                "output_padding": (0, 1, 0),
            },
            x=T("N", 1, "T", 4, 4),
        ),
        Example({"out_channels": 4, "groups": 2, "bias": False}, x=T("N", 2, 3, 3, 3)),
        Example({"output_padding": (2, 0, 0)}, x=T("N", 1, 3, 3, 3), fails="less than the stride"),
        Example({"padding": (3, 3, 3)}, x=T("N", 1, 2, 2, 2), fails="leaves nothing"),
        Example({}, x=T("N", 3, 8, 8), fails="needs a volume"),
    )
