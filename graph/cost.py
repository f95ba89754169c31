"""What a drawing costs: parameters, multiply-adds and activation memory, per block and in total."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import prod

from graph.block import Block, Outputs
from graph.infer import Arguments, Typing, arguments
from graph.model import Document, NodeId
from graph.tensor import BYTES_OF, Dim, evaluate, symbols_in

UNNAMED_SIZE = 16


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one forward pass at the document's sizes.

    Attributes:
        parameters: trainable numbers.
        multiply_adds: products that are added up; a FLOP count is about twice that.
        activation_bytes: memory of the outputs that training keeps, views not counted.
    """

    parameters: int = 0
    multiply_adds: int = 0
    activation_bytes: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.parameters + other.parameters,
            self.multiply_adds + other.multiply_adds,
            self.activation_bytes + other.activation_bytes,
        )

    def __sub__(self, other: Cost) -> Cost:
        return Cost(
            self.parameters - other.parameters,
            self.multiply_adds - other.multiply_adds,
            self.activation_bytes - other.activation_bytes,
        )


@dataclass(frozen=True)
class Costs:
    """The cost of every block that could be typed, and their sum, at these sizes."""

    blocks: Mapping[NodeId, Cost]
    total: Cost
    sizes: Mapping[str, int]


def costs(
    document: Document,
    typing: Typing,
    before: Costs | None = None,
    visited: Collection[NodeId] = (),
) -> Costs:
    """The costs of a typed drawing, symbolic sizes taken from `document.sizes`.

    Given what it cost before, only the nodes that inference visited since are counted again.
    """
    if before is None or before.sizes != document.sizes:
        before, visited = Costs({}, Cost(), document.sizes), typing.types.keys()
    found, total = dict(before.blocks), before.total
    for node in {*visited, *(found.keys() - typing.types.keys())}:
        total = total - found.pop(node, Cost())
    counted: dict[tuple[int, ...], Cost] = {}
    for node in visited:
        if node not in typing.types:
            continue
        block = typing.blocks[node]
        inputs = arguments(type(block), typing.input_types(node))
        # Inference makes equal blocks and types the same, so identity finds what repeats.
        key = (id(block), *map(id, inputs))
        cost = counted.get(key)
        if cost is None:
            outputs = typing.types[node]
            cost = counted[key] = _cost(block, inputs, outputs, document.sizes)
        found[node] = cost
        total = total + cost
    return Costs(found, total, document.sizes)


def _cost(block: Block, inputs: Arguments, outputs: Outputs, sizes: Mapping[str, int]) -> Cost:
    kept = 0
    if not block.is_view:
        for type_ in outputs.values():
            elements = prod(at_sizes(dim, sizes) for dim in type_.shape)
            kept += elements * BYTES_OF[type_.dtype]
    return Cost(
        type(block).parameters(block, *inputs),
        at_sizes(type(block).multiply_adds(block, *inputs), sizes),
        kept,
    )


def at_sizes(dim: Dim, sizes: Mapping[str, int]) -> int:
    """A size as a number; symbols that `sizes` does not name count as 16.

    What would be less than nothing, such as what a wide kernel leaves of a short row, is 0.
    """
    if isinstance(dim, int):
        return max(dim, 0)
    known = evaluate(dim, sizes)
    if not isinstance(known, int):
        known = evaluate(known, dict.fromkeys(symbols_in(known), UNNAMED_SIZE))
    return max(known, 0) if isinstance(known, int) else UNNAMED_SIZE
