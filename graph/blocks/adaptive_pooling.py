"""Pools to a size that is wanted: adaptive ones, and global ones that leave a number a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from graph.block import Block, Category, Emit, Example, block
from graph.blocks._common import call_of, method_of, need_floats, plain, times, tuple_of
from graph.blocks._windows import need_spatial
from graph.params import Ints, Size2, param
from graph.problems import Refusal
from graph.tensor import T, TensorType, show_shape


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
