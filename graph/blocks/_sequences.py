"""Sequences (N, T, features): the refusals of recurrent layers and attention."""

from __future__ import annotations

from graph.block import known
from graph.blocks._common import need_float32
from graph.problems import Hint, Insert, Refusal
from graph.tensor import TensorType, show_shape


def need_sequence(x: TensorType, port: str = "x", row: str = "-1, 1") -> int:
    """The number of features of a sequence of float32.

    Args:
        x: the type received.
        port: where it arrives.
        row: the shape that would make a sequence of one flat row, for Reshape.

    Raises:
        Refusal: it is no sequence, or its features are open.
    """
    need_float32(x, port)
    if x.rank != 3:
        raise Refusal(
            f"needs a sequence (N, T, features), but receives {show_shape(x.shape)}",
            port=port,
            short=f"rank {x.rank} ≠ 3",
            hints=_hints_to_sequence(x, port, row),
        )
    return known(x.shape[2], "the number of features (axis 2)", port)


def _hints_to_sequence(x: TensorType, port: str, row: str) -> tuple[Hint, ...]:
    """A flat row becomes a sequence as `row` says; of an image, each row becomes a place."""
    if x.rank == 2:
        return (Insert("reshape", port, (("shape", row),)),)
    if x.rank > 3 and isinstance(x.shape[-1], int):
        return (Insert("reshape", port, (("shape", f"-1, {x.shape[-1]}"),)),)
    return ()
