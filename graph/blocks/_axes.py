"""Axes that must be there, which a scalar has none of."""

from __future__ import annotations

from graph.blocks._common import axis_in
from graph.problems import Refusal
from graph.tensor import Dim, Shape, TensorType


def real_axis(x: TensorType, axis: int, purpose: str, port: str = "x") -> int:
    """The axis counted from 0; unlike `axis_in` it refuses scalars.

    Args:
        x: the type received.
        axis: its number, negative from the end.
        purpose: what the axis is for, such as "split".
        port: where the type arrives.

    Raises:
        Refusal: there is no such axis.
    """
    if not x.shape:
        raise Refusal(f"needs an axis to {purpose}, but receives a scalar", port=port)
    return axis_in(x, axis, port=port)


def replaced(shape: Shape, axis: int, *sizes: Dim) -> Shape:
    """The shape with other sizes in place of one axis, counted from 0."""
    return (*shape[:axis], *sizes, *shape[axis + 1 :])


def leading(axis: int, rank: int) -> tuple[str, str]:
    """What stands before and behind the index of an axis: `:, :, ` or `..., `."""
    if axis <= rank // 2 + 1:
        return ":, " * axis, ""
    return "..., ", ", :" * (rank - 1 - axis)
