"""Learned filters over channels: what convolutions and transposed convolutions share."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, ClassVar

from graph.block import Argument, Block, Call, Emit, known
from graph.blocks import _weight_norms as weight_norms
from graph.blocks._common import changed, need_float32, plain, times
from graph.blocks._windows import (
    Window,
    as_declared,
    need_fit,
    need_spatial,
    show_window,
    window,
)
from graph.params import Ints, param
from graph.problems import Hint, Refusal, SetParam, SetUpstream
from graph.saved import Saved
from graph.tensor import Dim, Shape, TensorType, product


def out_channels() -> Any:  # Any: as `param`, whose answers these are
    return param(default=32, ge=1, help="Number of filters, each giving one output channel.")


def kernel_size(default: int | tuple[int, ...]) -> Any:
    return param(default=default, ge=1, unit="px", help="Size of a filter along each axis.")


def stride(default: int | tuple[int, ...]) -> Any:
    return param(default=default, ge=1, unit="px", help="How far the filter moves each time.")


def dilation(default: int | tuple[int, ...]) -> Any:
    return param(default=default, ge=1, unit="px", help="Distance between a filter's own places.")


def groups() -> Any:
    return param(
        default=1,
        ge=1,
        help="Channels are split into so many groups that do not mix; all of them is depthwise.",
    )


def bias() -> Any:
    return param(default=True, help="Add a learned bias to every output channel.")


def same() -> Any:  # Any: as `param`, whose answers these are
    return param(
        default=False,
        title="Same size",
        help="Pad with zeros so that the output is as large as the input; needs stride 1.",
    )


def padding(default: int | tuple[int, ...]) -> Any:
    return param(
        default=default,
        ge=0,
        unit="px",
        show_if=lambda conv: not conv.same,
        help="Zeros added at both ends of each axis.",
    )


class Filters(Block):
    """What all convolutions share: learned filters over channels."""

    axes: ClassVar[int]
    torch_name: ClassVar[str]
    weight_norm = weight_norms.NONE

    if TYPE_CHECKING:  # Each subclass declares them: the types differ, and forms keep the order.
        out_channels: int
        kernel_size: int | Ints
        stride: int | Ints
        dilation: int | Ints
        groups: int
        bias: bool

    def window(self) -> Window:
        return window(self.axes, self.kernel_size, self.stride, self.margin(), self.dilation)

    def margin(self) -> int | Ints:
        return 0

    def in_channels(self, x: TensorType) -> int:
        return known(x.shape[1], "the number of channels", "x")

    def check_channels(self, x: TensorType) -> None:
        need_float32(x)
        need_spatial(x, self.axes)
        channels, groups = self.in_channels(x), self.groups
        if channels % groups == 0 and self.out_channels % groups == 0:
            return
        hints: list[Hint] = [SetParam("groups", _divisor(groups, channels, self.out_channels))]
        if channels % groups:
            text = f"splits channels into {groups} groups, but its input has {channels} channels"
            short = f"{channels} % {groups}"
            hints.append(SetUpstream("x", "out_channels", _multiple(channels, groups)))
        else:
            text = f"splits {self.out_channels} filters into {groups} groups of equal size"
            short = f"{self.out_channels} % {groups}"
            hints.append(SetParam("out_channels", _multiple(self.out_channels, groups)))
        raise Refusal(f"{text}, which leaves a rest", port="x", short=short, hints=tuple(hints))

    def weights(self, x: TensorType) -> int:
        return self.in_channels(x) * self.out_channels // self.groups * prod(self.window().kernel)

    def parameters(self, x: TensorType) -> int:
        lengths = weight_norms.lengths(self.weight_norm, self.rows())
        return self.weights(x) + self.bias * self.out_channels + lengths

    def saved(self, x: TensorType) -> Saved:
        return Saved(
            ("x",), numbers=weight_norms.kept(self.weight_norm, self.rows(), self.weights(x))
        )

    def rows(self) -> int:
        """How many lengths the weight has along the axis of its outputs."""
        return self.out_channels

    def made(self, x: TensorType, **options: Argument) -> Emit:
        shared = changed(
            stride=(plain(self.stride), 1),
            **{name: (value, 0) for name, value in options.items()},
            dilation=(plain(self.dilation), 1),
            groups=(self.groups, 1),
            bias=(self.bias, True),
        )
        arguments = (self.in_channels(x), self.out_channels, plain(self.kernel_size))
        made = Call(self.torch_name, *arguments, **shared)
        return Emit("{y} = {conv}({x})", {"conv": self.normed(made)})

    def normed(self, made: Call) -> Call:
        return weight_norms.normed(made, self.weight_norm)


class Conv(Filters):
    """A filter's answer at every place it fits."""

    if TYPE_CHECKING:
        same: bool
        padding: int | Ints

    def margin(self) -> int | Ints:
        return self.padding

    def infer(self, x: TensorType) -> TensorType:
        self.check_channels(x)
        shape = self.window()
        sizes = x.shape[2:]
        if not self.same:
            need_fit(sizes, shape, "kernel")
            sizes = shape.positions(sizes)
        elif set(shape.stride) != {1}:
            raise Refusal(
                f"keeps the size of its input only with stride 1, but has {times(shape.stride)}",
                short=f"s{times(shape.stride)}",
                hints=(
                    SetParam("stride", as_declared((1,) * self.axes)),
                    SetParam("same", False),
                ),
            )
        return x.with_shape(x.shape[0], self.out_channels, *sizes)

    def emit(self, x: TensorType) -> Emit:
        return self.made(x, padding="same" if self.same else plain(self.padding))

    def multiply_adds(self, x: TensorType) -> Dim:
        places: Shape = (x.shape[0], *Conv.infer(self, x).shape[2:])
        return product(places) * self.weights(x)

    def summary(self) -> str:
        shape = self.window()
        if self.same:
            shape = window(self.axes, shape.kernel, shape.stride, 0, shape.dilation)
        groups = f"g{self.groups}" if self.groups > 1 else ""
        same = "same" if self.same else ""
        norm = weight_norms.show_norm(self.weight_norm)
        return f"{self.out_channels}  " + show_window(shape, same, groups, norm)


def _divisor(wanted: int, *numbers: int) -> int:
    """The largest number up to the wanted one that divides all."""
    return next(n for n in range(wanted, 0, -1) if all(number % n == 0 for number in numbers))


def _multiple(number: int, of: int) -> int:
    return -(-number // of) * of
