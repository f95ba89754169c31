"""Pools to a size that is wanted: adaptive ones, and global ones that leave a number a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from graph.block import Block, Category, Emit, Example, block
from graph.blocks._common import call_of, method_of, need_floats, plain, times, tuple_of
from graph.blocks._windows import need_spatial
from graph.params import Ints, Size2, Size3, param
from graph.problems import Refusal
from graph.saved import Saved
from graph.tensor import T, TensorType, show_shape


def _output_size(default: tuple[int, ...]) -> Any:  # Any: as `param`, whose answers these are
    return param(default=default, ge=1, unit="px", help="Size of the output.")


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

    def saved(self, x: TensorType) -> Saved:
        if "max" in self.function:
            return Saved.of(("x",), self.infer(x).with_dtype("int64"))
        is_mean = set(tuple_of(self.output_size, self.axes)) == {1}
        return Saved(() if is_mean else ("x",))

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

    output_size: Size2 = _output_size((1, 1))

    examples = (
        Example({}, x=T("N", 3, 9, 9)),
        Example({"output_size": (7, 7)}, x=T("N", 3, "H", "W")),
        Example({"output_size": (2, 5)}, x=T("N", 3, 4, 4)),
        Example({}, x=T("N", 9, 9), fails="needs an image"),
        Example({}, x=T("N", 1, 9, 9, dtype="int64"), fails="needs floating-point"),
    )


@block(
    "adaptive_avg_pool3d",
    title="Adaptive average pool 3D",
    category=Category.POOLING,
    glyph="a3",
    keywords=("avgpool", "mean", "resize", "volume", "video"),
)
class AdaptiveAvgPool3d(_AdaptivePool):
    """Takes means of as many windows as wanted, however large the volume is.

    Use it before dense layers, so that the model takes scans and videos of any size.

    Shape: `(N, C, D, H, W) -> (N, C, output_size…)`.
    """

    axes = 3
    function = "F.adaptive_avg_pool3d"

    output_size: Size3 = _output_size((1, 1, 1))

    examples = (
        Example({}, x=T("N", 3, 5, 6, 7)),
        Example({"output_size": (2, 4, 4)}, x=T("N", 3, "T", "H", "W")),
        Example({"output_size": (2, 2, 2)}, x=T("N", 1, 3, 3, 3)),
        Example({}, x=T("N", 5, 6, 7), fails="needs a volume"),
    )


@block(
    "adaptive_max_pool1d",
    title="Adaptive max pool 1D",
    category=Category.POOLING,
    glyph="m1",
    keywords=("maxpool", "resize", "sequence"),
)
class AdaptiveMaxPool1d(_AdaptivePool):
    """Keeps the largest number of as many windows as wanted, however long the sequence is.

    Use it before dense layers when lengths differ and the strongest answer counts.

    Shape: `(N, C, L) -> (N, C, output_size)`.
    """

    axes = 1
    function = "F.adaptive_max_pool1d"

    output_size: int = param(default=1, ge=1, unit="px", help="Length of the output.")

    examples = (
        Example({}, x=T("N", 3, 9)),
        Example({"output_size": 4}, x=T("N", 3, "T")),
        Example({"output_size": 12}, x=T("N", 3, 5)),
        Example({}, x=T("N", 9), fails="needs a sequence"),
    )


@block(
    "adaptive_max_pool2d",
    title="Adaptive max pool 2D",
    category=Category.POOLING,
    glyph="m2",
    keywords=("maxpool", "resize", "image"),
)
class AdaptiveMaxPool2d(_AdaptivePool):
    """Keeps the largest number of as many windows as wanted, however large the image is.

    Use it before dense layers when sizes differ and the strongest answer counts.

    Shape: `(N, C, H, W) -> (N, C, output_size…)`.
    """

    axes = 2
    function = "F.adaptive_max_pool2d"

    output_size: Size2 = _output_size((1, 1))

    examples = (
        Example({}, x=T("N", 3, 9, 9)),
        Example({"output_size": (7, 7)}, x=T("N", 3, "H", "W")),
        Example({"output_size": (2, 5)}, x=T("N", 3, 4, 4)),
        Example({}, x=T("N", 9, 9), fails="needs an image"),
        Example({}, x=T("N", 1, 9, 9, dtype="int64"), fails="needs floating-point"),
    )


@block(
    "adaptive_max_pool3d",
    title="Adaptive max pool 3D",
    category=Category.POOLING,
    glyph="m3",
    keywords=("maxpool", "resize", "volume", "video"),
)
class AdaptiveMaxPool3d(_AdaptivePool):
    """Keeps the largest number of as many windows as wanted, however large the volume is.

    Use it before dense layers when sizes differ and the strongest answer counts.

    Shape: `(N, C, D, H, W) -> (N, C, output_size…)`.
    """

    axes = 3
    function = "F.adaptive_max_pool3d"

    output_size: Size3 = _output_size((1, 1, 1))

    examples = (
        Example({}, x=T("N", 3, 5, 6, 7)),
        Example({"output_size": (2, 4, 4)}, x=T("N", 3, "T", "H", "W")),
        Example({"output_size": (2, 3, 5)}, x=T("N", 1, 3, 3, 3)),
        Example({}, x=T("N", 5, 6, 7), fails="needs a volume"),
    )


class _GlobalPool(Block):
    """One number for each channel, of all its places."""

    method: ClassVar[str]
    stricter = {
        "at least one axis behind the channels": "Torch would take all numbers together then.",
    }

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
        return method_of(self.method, plain(tuple(range(2, x.rank))))

    def summary(self) -> str:
        return ""


_GLOBAL = (
    Example({}, x=T("N", 8, 7, 7)),
    Example({}, x=T("N", 8, "T")),
    Example({}, x=T("N", 2, 3, 4, 5)),
    Example({}, x=T("N", 8), fails="at least one axis behind the channels"),
)


@block(
    "global_avg_pool",
    title="Global average pool",
    category=Category.POOLING,
    glyph="Ga",
    keywords=("gap", "mean", "avgpool", "head"),
)
class GlobalAvgPool(_GlobalPool):
    """Takes the mean of every channel over all its places.

    Use it as the last step of a convolutional network; it needs no weights and takes any size.

    Shape: `(N, C, …) -> (N, C)`.

    Source: Network In Network (2013), section 3.2.
    """

    saves = ()
    method = "mean"
    examples = _GLOBAL


@block(
    "global_max_pool",
    title="Global max pool",
    category=Category.POOLING,
    glyph="Gm",
    keywords=("gmp", "maximum", "maxpool", "head"),
)
class GlobalMaxPool(_GlobalPool):
    """Keeps the largest number of every channel over all its places.

    Use it as the last step of a network that asks whether something is there, wherever it is.

    Shape: `(N, C, …) -> (N, C)`.
    """

    saves = ("x", "y")
    method = "amax"
    examples = _GLOBAL
