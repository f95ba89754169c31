"""Two operands of which each repeats sizes of 1, as torch broadcasts them."""

from __future__ import annotations

from graph.blocks._promotion import promote
from graph.problems import Hint, Refusal, SetUpstream
from graph.tensor import Shape, TensorType, broadcast, show_shape


def together(left: TensorType, right: TensorType, port: str) -> TensorType:
    """What two operands give, broadcast and promoted.

    Raises:
        Refusal: their shapes do not broadcast.
    """
    shape = broadcast(left.shape, right.shape)
    if shape is None:
        raise Refusal(
            f"needs shapes that are equal, or 1 where they differ, but receives "
            f"{show_shape(left.shape)} and {show_shape(right.shape)}",
            port=port,
            short=_difference(left.shape, right.shape),
            hints=_hints_to_match(left, right, port),
        )
    return TensorType(shape, promote(left, right).dtype)


def _difference(left: Shape, right: Shape) -> str:
    pairs = zip(reversed(left), reversed(right), strict=False)
    return next(f"{a} ≠ {b}" for a, b in pairs if a != b and 1 not in (a, b))


def _hints_to_match(left: TensorType, right: TensorType, port: str) -> tuple[Hint, ...]:
    """Where only the channels or only the features differ, the layer before may give as many."""
    if left.rank != right.rank or port != "b":
        return ()
    pairs = enumerate(zip(left.shape, right.shape, strict=True))
    differing = [(at, a) for at, (a, b) in pairs if a != b]
    at, wanted = differing[0]
    if len(differing) != 1 or not isinstance(wanted, int):
        return ()
    hints: list[Hint] = [SetUpstream(port, "out_channels", wanted)] if at == 1 else []
    if at == left.rank - 1:
        hints.append(SetUpstream(port, "features", wanted))
    return tuple(hints)
