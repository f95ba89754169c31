"""Unfold and Fold: the windows of an image as columns, and back."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from graph.block import Argument, Block, Category, Emit, Example, block
from graph.blocks._common import call_of, changed, need_floats, plain, times
from graph.blocks._windows import Window, need_fit, need_spatial, show_window, window
from graph.params import Size2, param
from graph.problems import Refusal
from graph.tensor import Dim, T, TensorType, product, show_shape


def _kernel() -> Any:  # Any: as `param`, whose answers these are
    return param(default=(3, 3), ge=1, unit="px", help="Size of a window along each axis.")


def _stride() -> Any:
    return param(default=(1, 1), ge=1, unit="px", help="How far apart the windows are.")


def _padding() -> Any:
    return param(default=(0, 0), ge=0, unit="px", help="Zeros around the image on each side.")


def _dilation() -> Any:
    return param(default=(1, 1), ge=1, unit="px", help="Distance between a window's own places.")


class _Windows(Block):
    """What cuts an image into windows, or puts it together from them."""

    if TYPE_CHECKING:  # Each subclass declares them, so that forms keep the order.
        kernel_size: Size2
        stride: Size2
        padding: Size2
        dilation: Size2

    def window(self) -> Window:
        return window(2, self.kernel_size, self.stride, self.padding, self.dilation)

    def options(self) -> dict[str, Argument]:
        return changed(
            dilation=(plain(self.dilation), 1),
            padding=(plain(self.padding), 0),
            stride=(plain(self.stride), 1),
        )

    def summary(self) -> str:
        return show_window(self.window())


@block(
    "unfold",
    title="Unfold",
    category=Category.CONVOLUTION,
    glyph="Uf",
    keywords=("im2col", "patches", "windows", "sliding"),
)
class Unfold(_Windows):
    """Cuts all windows out of an image and lays the numbers of each in a column.

    Use it to treat patches as a sequence, or to build a convolution of your own.

    Shape: `(N, C, H, W) -> (N, C·k, L)`, where k is the number of places in a window and L the
    number of windows: `(H + 2·padding - dilation·(kernel_size - 1) - 1) // stride + 1` down times
    as many across.
    """

    saves = ()

    kernel_size: Size2 = _kernel()
    stride: Size2 = _stride()
    padding: Size2 = _padding()
    dilation: Size2 = _dilation()

    examples = (
        Example({}, x=T("N", 3, 9, 8)),
        Example({"kernel_size": (4, 4), "stride": (4, 4)}, x=T("N", "C", 16, 16)),
        Example(
            {"kernel_size": (2, 3), "padding": (1, 0), "dilation": (2, 1)}, x=T("N", 2, "H", "W")
        ),
        Example({"kernel_size": (5, 5)}, x=T("N", 3, 4, 4), fails="does not fit"),
        Example({}, x=T("N", 9, 9), fails="needs an image"),
        Example({}, x=T("N", 3, 9, 9, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        need_spatial(x, 2)
        shape = self.window()
        need_fit(x.shape[2:], shape, "kernel")
        windows = product(shape.positions(x.shape[2:]))
        return x.with_shape(x.shape[0], x.shape[1] * prod(self.kernel_size), windows)

    def emit(self, x: TensorType) -> Emit:
        return call_of("F.unfold", plain(self.kernel_size), **self.options())


@block(
    "fold",
    title="Fold",
    category=Category.CONVOLUTION,
    glyph="Fd",
    keywords=("col2im", "patches", "windows", "overlap"),
)
class Fold(_Windows):
    """Puts an image together from the columns of its windows; where they overlap they add up.

    Use it to undo Unfold once its columns have been worked on.

    Shape: `(N, C·k, L) -> (N, C, output_size…)`, where k is the number of places in a window and L
    the number of windows that such an image has.
    """

    saves = ()
    stricter = {
        "needs the windows of": "Torch takes one sample without a batch axis; drawings always "
        "have one.",
    }

    output_size: Size2 = param(default=(28, 28), ge=1, unit="px", help="Size of the image.")
    kernel_size: Size2 = _kernel()
    stride: Size2 = _stride()
    padding: Size2 = _padding()
    dilation: Size2 = _dilation()

    examples = (
        Example({"output_size": (6, 5)}, x=T("N", 18, 12)),
        Example(
            {"output_size": (16, 16), "kernel_size": (4, 4), "stride": (4, 4)}, x=T("N", 48, 16)
        ),
        Example(
            {"output_size": (4, 6), "kernel_size": (2, 3), "padding": (1, 0), "dilation": (2, 1)},
            x=T("N", 12, 16),
        ),
        Example({"output_size": (6, 5)}, x=T("N", 20, 12), fails="a multiple of 9 channels"),
        Example({"output_size": (6, 5)}, x=T("N", 18, 13), fails="has 12 windows"),
        Example({"output_size": (6, 5)}, x=T("N", 18, "L"), fails="has 12 windows"),
        Example({"output_size": (2, 2)}, x=T("N", 18, 12), fails="does not fit"),
        Example({}, x=T("N", 1, 9, 9), fails="needs the windows of"),
        Example({}, x=T("N", 9, 676, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        if x.rank != 3:
            raise Refusal(
                f"needs the windows of an image (N, C·k, L), but receives {show_shape(x.shape)}",
                port="x",
                short=f"rank {x.rank} ≠ 3",
            )
        need_fit(self.output_size, self.window(), "kernel")
        channels = self.channels(x)
        windows = product(self.window().positions(self.output_size))
        if x.shape[2] != windows:
            raise Refusal(
                f"makes an image of {times(self.output_size)}, which has {windows} windows, but "
                f"receives {x.shape[2]}",
                port="x",
                short=f"{x.shape[2]} ≠ {windows}",
            )
        return x.with_shape(x.shape[0], channels, *self.output_size)

    def channels(self, x: TensorType) -> Dim:
        places = prod(self.kernel_size)
        channels = x.shape[1] // places
        if channels * places == x.shape[1]:
            return channels
        raise Refusal(
            f"needs a multiple of {places} channels, one for each place in a window, but receives "
            f"{x.shape[1]}",
            port="x",
            short=f"{x.shape[1]} % {places}",
        )

    def emit(self, x: TensorType) -> Emit:
        sizes = (plain(self.output_size), plain(self.kernel_size))
        return call_of("F.fold", *sizes, **self.options())

    def summary(self) -> str:
        return f"to {times(self.output_size)}  " + super().summary()
