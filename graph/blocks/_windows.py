"""Kernels that slide over spatial axes: what convolutions and pools have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.blocks._common import times, tuple_of
from graph.problems import Hint, Insert, Refusal, SetParam
from graph.tensor import Dim, Shape, TensorType, show_shape

SPATIAL = {
    1: "a sequence (N, C, L)",
    2: "an image (N, C, H, W)",
    3: "a volume (N, C, D, H, W)",
}


@dataclass(frozen=True)
class Window:
    """A kernel that slides: everything for each spatial axis."""

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    dilation: tuple[int, ...]

    def reach(self) -> tuple[int, ...]:
        """How many places the kernel spans, gaps included."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True))

    def positions(self, sizes: Shape) -> Shape:
        """How often the kernel fits: `(size + 2·padding - reach) // stride + 1`."""
        return tuple(
            (size + 2 * p - reach) // s + 1
            for size, p, reach, s in zip(
                sizes, self.padding, self.reach(), self.stride, strict=True
            )
        )

    def positions_up(self, sizes: Sequence[int]) -> tuple[int, ...]:
        """How often the kernel fits where the last may reach over the edge.

        It must begin before what is padded behind it: a window of padding alone has no maximum.
        """
        found = []
        axes = zip(sizes, self.padding, self.reach(), self.stride, strict=True)
        for size, padding, reach, stride in axes:
            count = -(-(size + 2 * padding - reach) // stride) + 1
            is_outside = (count - 1) * stride >= size + padding
            found.append(count - is_outside)
        return tuple(found)


def window(
    axes: int,
    kernel: int | tuple[int, ...],
    stride: int | tuple[int, ...],
    padding: int | tuple[int, ...],
    dilation: int | tuple[int, ...],
) -> Window:
    """A window over that many axes; single numbers count for each."""
    return Window(*(tuple_of(value, axes) for value in (kernel, stride, padding, dilation)))


def need_spatial(x: TensorType, axes: int) -> None:
    """Refuses what has not a batch axis, a channel axis and that many spatial axes.

    Raises:
        Refusal: as above; where only the channel axis is missing, a Reshape adds it.
    """
    if x.rank != axes + 2:
        raise Refusal(
            f"needs {SPATIAL[axes]}, but receives {show_shape(x.shape)}",
            port="x",
            short=f"rank {x.rank} ≠ {axes + 2}",
            hints=_add_channel(x, axes),
        )


def _add_channel(x: TensorType, axes: int) -> tuple[Hint, ...]:
    sizes = [dim if isinstance(dim, int) else -1 for dim in x.shape[1:]]
    if len(sizes) != axes or sizes.count(-1) > 1:
        return ()
    return (Insert("reshape", "x", (("shape", ", ".join(map(str, [1, *sizes]))),)),)


def need_fit(sizes: Shape, shape: Window, what: str) -> None:
    """Refuses a window that reaches beyond the padded input.

    Raises:
        Refusal: as above, with a smaller kernel or more padding to choose from.
    """
    rows = list(zip(sizes, shape.padding, shape.reach(), strict=True))
    over = [
        (size, p, reach)
        for size, p, reach in rows
        if isinstance(size, int) and size + 2 * p < reach
    ]
    if not over:
        return
    size, padding, reach = over[0]
    kernels = []
    paddings = []
    for (length, p, span), k, d in zip(rows, shape.kernel, shape.dilation, strict=True):
        fits = not isinstance(length, int) or length + 2 * p >= span
        kernels.append(k if fits or not isinstance(length, int) else (length + 2 * p - 1) // d + 1)
        paddings.append(p if fits or not isinstance(length, int) else (span - length + 1) // 2)
    padded = f" padded by {times(shape.padding)}" if any(shape.padding) else ""
    spread = f" dilated by {times(shape.dilation)}" if set(shape.dilation) != {1} else ""
    hints: list[Hint] = []
    if min(kernels) >= 1:
        hints.append(SetParam("kernel_size", as_declared(tuple(kernels))))
    if what == "kernel":
        hints.append(SetParam("padding", as_declared(tuple(paddings))))
    raise Refusal(
        f"has a {what} of {times(shape.kernel)}{spread}, which does not fit {times(sizes)}{padded}",
        port="x",
        short=f"{reach} > {size + 2 * padding}",
        hints=tuple(hints),
    )


def as_declared(values: tuple[int, ...]) -> int | tuple[int, ...]:
    """Sizes as their parameter holds them: one axis has a plain number."""
    return values[0] if len(values) == 1 else values


def show_window(shape: Window, *words: str) -> str:
    """The summary of a window: `3×3  s2  p1`."""
    parts = [times(shape.kernel)]
    if set(shape.stride) != {1}:
        parts.append(f"s{_short(shape.stride)}")
    if any(shape.padding):
        parts.append(f"p{_short(shape.padding)}")
    if set(shape.dilation) != {1}:
        parts.append(f"d{_short(shape.dilation)}")
    return "  ".join([*parts, *(word for word in words if word)])


def _short(values: tuple[Dim, ...]) -> str:
    return str(values[0]) if len(set(values)) == 1 else times(values)
