"""LP pools: the norm of every window, between the sum and the largest number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graph.block import Category, Emit, Example, block
from graph.blocks import _pools as pools
from graph.blocks._common import call_of, changed, plain
from graph.params import Size2, Size3, param
from graph.saved import Saved
from graph.tensor import T, TensorType


def _norm_type() -> Any:  # Any: as `param`, whose answers these are
    return param(
        default=2,
        ge=1,
        le=64,
        title="Power",
        help="1 adds up the sizes in a window, 2 gives its length as a vector, large ones nearly "
        "its largest size.",
    )


class _LpPool(pools.Pool):
    """The root of the sum of powers of every window."""

    if TYPE_CHECKING:
        norm_type: int

    def emit(self, x: TensorType) -> Emit:
        shape = self.window()
        options = changed(stride=(plain(shape.stride), plain(shape.kernel)))
        made = call_of(self.function, self.norm_type, plain(shape.kernel), **options)
        if self.norm_type % 2 == 0:
            return made
        return Emit(made.forward.replace("{x}", "{x}.abs()"), values=made.values)

    def saved(self, x: TensorType) -> Saved:
        sizes = [x] * (2 if self.norm_type % 2 else 1)
        return Saved.of(("x",), *sizes, *[self.infer(x)] * 4)

    def summary(self) -> str:
        return f"power {self.norm_type}  " + super().summary()


@block(
    "lp_pool1d",
    title="LP pool 1D",
    category=Category.POOLING,
    glyph="P1",
    keywords=("power", "norm", "l2 pool", "subsample", "downsample", "sequence"),
)
class LpPool1d(_LpPool):
    """Takes the root of the sum of powers of every window of a sequence.

    Use it where neither the mean nor the largest number says enough. Numbers below 0 count by
    their size, so that the answer is a norm; torch alone fails on them where the power is odd.

    Shape: `(N, C, L) -> (N, C, L')` with `L' = (L - kernel_size) // stride + 1`.
    """

    axes = 1
    function = "F.lp_pool1d"

    norm_type: int = _norm_type()
    kernel_size: int = pools.kernel(2)
    stride: int = pools.stride(0)

    examples = (
        Example({}, x=T("N", 3, 9)),
        Example({"norm_type": 3, "kernel_size": 4, "stride": 2}, x=T("N", "C", "T")),
        Example({"kernel_size": 12}, x=T("N", 3, 9), fails="does not fit"),
        Example({}, x=T("N", 9), fails="needs a sequence"),
    )


@block(
    "lp_pool2d",
    title="LP pool 2D",
    category=Category.POOLING,
    glyph="P2",
    keywords=("power", "norm", "l2 pool", "subsample", "downsample", "image"),
)
class LpPool2d(_LpPool):
    """Takes the root of the sum of powers of every window of an image.

    Use it where neither the mean nor the largest number says enough. Numbers below 0 count by
    their size, so that the answer is a norm; torch alone fails on them where the power is odd.

    Shape: `(N, C, H, W) -> (N, C, H', W')` with `H' = (H - kernel_size) // stride + 1`, and so
    `W'`.
    """

    axes = 2
    function = "F.lp_pool2d"

    norm_type: int = _norm_type()
    kernel_size: Size2 = pools.kernel((2, 2))
    stride: Size2 = pools.stride((0, 0))

    examples = (
        Example({}, x=T("N", 3, 9, 8)),
        Example({"norm_type": 1, "kernel_size": (3, 2), "stride": (1, 0)}, x=T("N", 3, "H", 8)),
        Example({"kernel_size": (5, 5)}, x=T("N", 1, 4, 4), fails="does not fit"),
        Example({}, x=T("N", 1, 9, 9, dtype="int64"), fails="needs floating-point"),
    )


@block(
    "lp_pool3d",
    title="LP pool 3D",
    category=Category.POOLING,
    glyph="P3",
    keywords=("power", "norm", "l2 pool", "subsample", "downsample", "volume", "video"),
)
class LpPool3d(_LpPool):
    """Takes the root of the sum of powers of every window of a volume.

    Use it where neither the mean nor the largest number says enough. Numbers below 0 count by
    their size, so that the answer is a norm; torch alone fails on them where the power is odd.

    Shape: `(N, C, D, H, W) -> (N, C, D', H', W')` with `D' = (D - kernel_size) // stride + 1`, and
    so `H'`, `W'`.
    """

    axes = 3
    function = "F.lp_pool3d"

    norm_type: int = _norm_type()
    kernel_size: Size3 = pools.kernel((2, 2, 2))
    stride: Size3 = pools.stride((0, 0, 0))

    examples = (
        Example({}, x=T("N", 2, 5, 6, 7)),
        Example(
            {"norm_type": 3, "kernel_size": (1, 3, 2), "stride": (1, 2, 0)},
            x=T("N", 2, "T", 8, 8),
        ),
        Example({"kernel_size": (5, 5, 5)}, x=T("N", 1, 4, 4, 4), fails="does not fit"),
        Example({}, x=T("N", 9, 9, 9), fails="needs a volume"),
    )
