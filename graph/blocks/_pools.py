"""Windows that pool: what pools of any kind share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from graph.block import Block, Emit, known
from graph.blocks._common import call_of, changed, need_floats, plain, times, tuple_of
from graph.blocks._windows import (
    Window,
    as_declared,
    need_fit,
    need_spatial,
    show_window,
    window,
)
from graph.params import Ints, param
from graph.problems import Refusal, SetParam
from graph.saved import Saved
from graph.tensor import Shape, TensorType


def kernel(default: int | tuple[int, ...]) -> Any:  # Any: as `param`, whose answers these are
    return param(default=default, ge=1, unit="px", help="Size of the window along each axis.")


def stride(default: int | tuple[int, ...]) -> Any:
    return param(
        default=default, ge=0, unit="px", help="How far the window moves; 0 for its own size."
    )


def padding(default: int | tuple[int, ...]) -> Any:
    return param(
        default=default,
        ge=0,
        unit="px",
        help="Places added at both ends of each axis; at most half of the window.",
    )


class Pool(Block):
    """What pools with a window share."""

    axes: ClassVar[int]
    function: ClassVar[str]

    if TYPE_CHECKING:  # Each subclass declares them: the types differ, and forms keep the order.
        kernel_size: int | Ints
        stride: int | Ints

    def window(self) -> Window:
        kernel = tuple_of(self.kernel_size, self.axes)
        given = tuple_of(self.stride, self.axes)
        stride = tuple(s or k for s, k in zip(given, kernel, strict=True))
        return window(self.axes, kernel, stride, self.margin(), self.gaps())

    def margin(self) -> int | Ints:
        return 0

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
        positions = self.positions(x.shape[2:], shape)
        return x.with_shape(*x.shape[:2], *positions)

    def positions(self, sizes: Shape, shape: Window) -> Shape:
        need_fit(sizes, shape, "window")
        return shape.positions(sizes)

    def emit(self, x: TensorType) -> Emit:
        shape = self.window()
        options = changed(
            stride=(plain(shape.stride), plain(shape.kernel)),
            padding=(plain(shape.padding), 0),
            dilation=(plain(shape.dilation), 1),
            ceil_mode=(self.rounds_up(), False),
            count_include_pad=(self.counts_padding(), True),
        )
        return call_of(self.function, plain(shape.kernel), **options)

    def counts_padding(self) -> bool:
        return True

    def rounds_up(self) -> bool:
        return False

    def summary(self) -> str:
        shape = self.window()
        if shape.stride == shape.kernel:
            shape = window(self.axes, shape.kernel, 1, shape.padding, shape.dilation)
        return show_window(shape)


class _PaddedPool(Pool):
    """A pool whose windows may reach beyond the edges."""

    if TYPE_CHECKING:
        padding: int | Ints

    def margin(self) -> int | Ints:
        return self.padding


class MaxPool(_PaddedPool):
    """The largest number in every window."""

    if TYPE_CHECKING:
        dilation: int | Ints
        ceil: bool

    def gaps(self) -> int | Ints:
        return self.dilation

    def rounds_up(self) -> bool:
        return self.ceil

    def positions(self, sizes: Shape, shape: Window) -> Shape:
        if not self.ceil:
            return super().positions(sizes, shape)
        lengths = [known(size, "each size, where it rounds up,", "x") for size in sizes]
        found = shape.positions_up(lengths)
        if any(n < 1 for n in found):
            need_fit(sizes, shape, "window")
        return found

    def saved(self, x: TensorType) -> Saved:
        return Saved.of(("x",), MaxPool.infer(self, x).with_dtype("int64"))


class AvgPool(_PaddedPool):
    """The mean of every window."""

    if TYPE_CHECKING:
        count_padding: bool

    def counts_padding(self) -> bool:
        return self.count_padding


def dilation(default: int | tuple[int, ...]) -> Any:
    return param(default=default, ge=1, unit="px", help="Distance between the places of a window.")


def ceil() -> Any:
    return param(
        default=False,
        title="Round up",
        help="Let a last window reach over the edge, rather than leave a rest out.",
    )


def count_padding() -> Any:
    return param(default=True, help="Count padded places as zeros of the mean.")
