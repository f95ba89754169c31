"""Pools: one number for every window of a feature map, or for all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from graph.block import Block, Category, Emit, Example, block
from graph.blocks._common import call_of, changed, method_of, need_floats, plain, times, tuple_of
from graph.blocks._windows import (
    Window,
    as_declared,
    need_fit,
    need_spatial,
    show_window,
    window,
)
from graph.params import Ints, Size2, param
from graph.problems import Refusal, SetParam
from graph.tensor import T, TensorType, show_shape


def _kernel(default: int | tuple[int, ...]) -> Any:  # Any: as `param`, whose answers these are
    return param(default=default, ge=1, unit="px", help="Size of the window along each axis.")


def _stride(default: int | tuple[int, ...]) -> Any:
    return param(
        default=default, ge=0, unit="px", help="How far the window moves; 0 for its own size."
    )


def _padding(default: int | tuple[int, ...]) -> Any:
    return param(
        default=default,
        ge=0,
        unit="px",
        help="Places added at both ends of each axis; at most half of the window.",
    )


class _Pool(Block):
    """What pools with a window share."""

    axes: ClassVar[int]
    function: ClassVar[str]

    if TYPE_CHECKING:  # Each subclass declares them: the types differ, and forms keep the order.
        kernel_size: int | Ints
        stride: int | Ints
        padding: int | Ints

    def window(self) -> Window:
        kernel = tuple_of(self.kernel_size, self.axes)
        given = tuple_of(self.stride, self.axes)
        stride = tuple(s or k for s, k in zip(given, kernel, strict=True))
        return window(self.axes, kernel, stride, self.padding, self.gaps())

    def gaps(self) -> int | Ints:
        return 1

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        need_spatial(x, self.axes)
        shape = self.window()
        half = tuple(k // 2 for k in shape.kernel)
        if any(p > h for p, h in zip(shape.padding, half, strict=True)):
            right = tuple(min(p, h) for p, h in zip(shape.padding, half, strict=True))
            raise Refusal(
                f"pads by {times(shape.padding)}, more than half of its window of "
                f"{times(shape.kernel)}; at most {times(half)} would do",
                short=f"p{times(shape.padding)} > {times(half)}",
                hints=(SetParam("padding", as_declared(right)),),
            )
        need_fit(x.shape[2:], shape, "window")
        return x.with_shape(*x.shape[:2], *shape.positions(x.shape[2:]))

    def emit(self, x: TensorType) -> Emit:
        shape = self.window()
        options = changed(
            stride=(plain(shape.stride), plain(shape.kernel)),
            padding=(plain(shape.padding), 0),
            dilation=(plain(shape.dilation), 1),
            count_include_pad=(self.counts_padding(), True),
        )
        return call_of(self.function, plain(shape.kernel), **options)

    def counts_padding(self) -> bool:
        return True

    def summary(self) -> str:
        shape = self.window()
        if shape.stride == shape.kernel:
            shape = window(self.axes, shape.kernel, 1, shape.padding, shape.dilation)
        return show_window(shape)


class _MaxPool(_Pool):
    """The largest number in every window."""

    if TYPE_CHECKING:
        dilation: int | Ints

    def gaps(self) -> int | Ints:
        return self.dilation


class _AvgPool(_Pool):
    """The mean of every window."""

    if TYPE_CHECKING:
        count_padding: bool

    def counts_padding(self) -> bool:
        return self.count_padding


def _dilation(default: int | tuple[int, ...]) -> Any:
    return param(default=default, ge=1, unit="px", help="Distance between the places of a window.")


def _count_padding() -> Any:
    return param(default=True, help="Count padded places as zeros of the mean.")


@block(
    "max_pool1d",
    title="Max pool 1D",
    category=Category.POOLING,
    glyph="M1",
    keywords=("maxpool", "subsample", "downsample", "sequence"),
)
class MaxPool1d(_MaxPool):
    """Keeps the largest number of every window of a sequence.

    Use it after convolutions to shorten a sequence and keep its strongest answers.

    Shape: `(N, C, L) -> (N, C, L')` with
    `L' = (L + 2·padding - dilation·(kernel_size - 1) - 1) // stride + 1`.
    """

    axes = 1
    function = "F.max_pool1d"

    kernel_size: int = _kernel(2)
    stride: int = _stride(0)
    padding: int = _padding(0)
    dilation: int = _dilation(1)

    examples = (
        Example({}, x=T("N", 3, 9)),
        Example({"kernel_size": 3, "stride": 2, "padding": 1}, x=T("N", "C", "T")),
        Example({"kernel_size": 3, "dilation": 2, "padding": 1}, x=T("N", 3, 9)),
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
class MaxPool2d(_MaxPool):
    """Keeps the largest number of every window of an image.

    Use it after convolutions to shrink an image and keep its strongest answers.

    Shape: `(N, C, H, W) -> (N, C, H', W')` with
    `H' = (H + 2·padding - dilation·(kernel_size - 1) - 1) // stride + 1`, and so `W'`.
    """

    axes = 2
    function = "F.max_pool2d"

    kernel_size: Size2 = _kernel((2, 2))
    stride: Size2 = _stride((0, 0))
    padding: Size2 = _padding((0, 0))
    dilation: Size2 = _dilation((1, 1))

    examples = (
        Example({}, x=T("N", 3, 9, 8)),
        Example(
            {"kernel_size": (3, 3), "stride": (2, 2), "padding": (1, 1)}, x=T("N", 3, "H", "W")
        ),
        Example({"kernel_size": (3, 2), "stride": (0, 1), "dilation": (2, 1)}, x=T("N", 3, 9, 8)),
        Example({"padding": (1, 2)}, x=T("N", 3, 9, 9), fails="more than half"),
        Example({"kernel_size": (2, 3)}, x=T("N", 64, 2, 2), fails="does not fit"),
        Example({}, x=T("N", 9, 9), fails="needs an image"),
        Example({}, x=T("N", 1, 9, 9, dtype="bool"), fails="needs floating-point"),
    )


@block(
    "avg_pool1d",
    title="Average pool 1D",
    category=Category.POOLING,
    glyph="A1",
    keywords=("avgpool", "mean", "subsample", "downsample", "sequence"),
)
class AvgPool1d(_AvgPool):
    """Takes the mean of every window of a sequence.

    Use it to shorten a sequence smoothly.

    Shape: `(N, C, L) -> (N, C, L')` with `L' = (L + 2·padding - kernel_size) // stride + 1`.
    """

    axes = 1
    function = "F.avg_pool1d"

    kernel_size: int = _kernel(2)
    stride: int = _stride(0)
    padding: int = _padding(0)
    count_padding: bool = _count_padding()

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
class AvgPool2d(_AvgPool):
    """Takes the mean of every window of an image.

    Use it to shrink an image smoothly.

    Shape: `(N, C, H, W) -> (N, C, H', W')` with
    `H' = (H + 2·padding - kernel_size) // stride + 1`, and so `W'`.
    """

    axes = 2
    function = "F.avg_pool2d"

    kernel_size: Size2 = _kernel((2, 2))
    stride: Size2 = _stride((0, 0))
    padding: Size2 = _padding((0, 0))
    count_padding: bool = _count_padding()

    examples = (
        Example({}, x=T("N", 3, 9, 8)),
        Example(
            {"kernel_size": (3, 3), "padding": (1, 1), "count_padding": False}, x=T("N", 3, "H", 8)
        ),
        Example({"kernel_size": (3, 2), "stride": (1, 2)}, x=T("N", 1, 4, 4)),
        Example({"padding": (2, 0)}, x=T("N", 1, 4, 4), fails="more than half"),
        Example({"kernel_size": (5, 5)}, x=T("N", 1, 4, 4), fails="does not fit"),
    )


class _AdaptivePool(Block):
    """Pools that choose their windows by the size that is wanted."""

    axes: ClassVar[int]
    function: ClassVar[str]

    if TYPE_CHECKING:
        output_size: int | Ints

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        need_spatial(x, self.axes)
        return x.with_shape(*x.shape[:2], *tuple_of(self.output_size, self.axes))

    def emit(self, x: TensorType) -> Emit:
        return call_of(self.function, plain(self.output_size))

    def summary(self) -> str:
        return "to " + times(tuple_of(self.output_size, self.axes))


@block(
    "adaptive_avg_pool1d",
    title="Adaptive average pool 1D",
    category=Category.POOLING,
    glyph="a1",
    keywords=("avgpool", "mean", "resize", "sequence"),
)
class AdaptiveAvgPool1d(_AdaptivePool):
    """Takes means of as many windows as wanted, however long the sequence is.

    Use it before dense layers when lengths differ.

    Shape: `(N, C, L) -> (N, C, output_size)`.
    """

    axes = 1
    function = "F.adaptive_avg_pool1d"

    output_size: int = param(default=1, ge=1, unit="px", help="Length of the output.")

    examples = (
        Example({}, x=T("N", 3, 9)),
        Example({"output_size": 4}, x=T("N", 3, "T")),
        Example({"output_size": 12}, x=T("N", 3, 5)),
        Example({}, x=T("N", 9), fails="needs a sequence"),
    )


@block(
    "adaptive_avg_pool2d",
    title="Adaptive average pool 2D",
    category=Category.POOLING,
    glyph="a2",
    keywords=("avgpool", "mean", "resize", "image"),
)
class AdaptiveAvgPool2d(_AdaptivePool):
    """Takes means of as many windows as wanted, however large the image is.

    Use it before dense layers, so that the model takes images of any size.

    Shape: `(N, C, H, W) -> (N, C, output_size…)`.
    """

    axes = 2
    function = "F.adaptive_avg_pool2d"

    output_size: Size2 = param(default=(1, 1), ge=1, unit="px", help="Size of the output.")

    examples = (
        Example({}, x=T("N", 3, 9, 9)),
        Example({"output_size": (7, 7)}, x=T("N", 3, "H", "W")),
        Example({"output_size": (2, 5)}, x=T("N", 3, 4, 4)),
        Example({}, x=T("N", 9, 9), fails="needs an image"),
        Example({}, x=T("N", 1, 9, 9, dtype="int64"), fails="needs floating-point"),
    )


@block(
    "global_avg_pool",
    title="Global average pool",
    category=Category.POOLING,
    glyph="Ga",
    keywords=("gap", "mean", "avgpool", "head"),
)
class GlobalAvgPool(Block):
    """Takes the mean of every channel over all its places.

    Use it as the last step of a convolutional network; it needs no weights and takes any size.

    Shape: `(N, C, …) -> (N, C)`.

    Source: Network In Network (2013), section 3.2.
    """

    stricter = {
        "at least one axis behind the channels": "Torch would take the mean of all numbers then.",
    }
    examples = (
        Example({}, x=T("N", 8, 7, 7)),
        Example({}, x=T("N", 8, "T")),
        Example({}, x=T("N", 2, 3, 4, 5)),
        Example({}, x=T("N", 8), fails="at least one axis behind the channels"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        if x.rank < 3:
            raise Refusal(
                "needs at least one axis behind the channels (N, C, …), but receives "
                f"{show_shape(x.shape)}",
                port="x",
                short=f"rank {x.rank} < 3",
            )
        return x.with_shape(*x.shape[:2])

    def emit(self, x: TensorType) -> Emit:
        return method_of("mean", plain(tuple(range(2, x.rank))))

    def summary(self) -> str:
        return ""
