"""What autograd keeps of blocks that are computed again in the backward pass."""

from __future__ import annotations

from collections.abc import Sequence

from graph.block import Block
from graph.model import Node
from graph.saved import Memory, Saved
from graph.tensor import TensorType

RECOMPUTE = "recompute"


def is_twice(node: Node) -> bool:
    """Whether a person has a block computed twice."""
    return node.tuning.get(RECOMPUTE) is True


def saved_twice(block: Block, given: Sequence[TensorType | None]) -> Saved:
    """What is kept of such a block: what goes into it; of one that is repeated, each time."""
    in_turns = getattr(block, "saved_twice", None)
    if in_turns is not None:
        found: Saved = in_turns(*given)
        return found
    return only_inputs(block, given)


def only_inputs(block: Block, given: Sequence[TensorType | None]) -> Saved:
    """The inputs of a block as what is kept of it."""
    if any(port.many for port in block.inputs):
        return Saved(tuple(port.name for port in block.inputs))
    pairs = zip(block.inputs, given, strict=True)
    return Saved(tuple(port.name for port, type_ in pairs if type_ is not None))


def made_again(block: Block, given: Sequence[TensorType | None]) -> tuple[Memory, ...]:
    """What is there for a while when such a block is computed again; one for each kind of turn."""
    turns = getattr(block, "turns", None)
    if turns is None:
        return (type(block).saved(block, *given).further,)
    return tuple(type(each).saved(each, *received).further for each, received, _ in turns(given))
