"""What a drawing costs: parameters, multiply-adds and activation memory, per block and in total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, MutableMapping
from dataclasses import dataclass, field, replace

from graph.infer import Typing, arguments
from graph.keeping import Keeping
from graph.model import Document, NodeId
from graph.patched import Patched
from graph.saved import Memory, at_sizes

__all__ = ["Cost", "Costs", "at_sizes", "costs"]


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one forward pass at the document's sizes.

    Attributes:
        parameters: numbers that are learned, those of frozen blocks included.
        multiply_adds: products that are added up; a FLOP count is about twice that.
        activation_bytes: memory that autograd keeps until the backward pass, in float32; a tensor
            that several blocks keep counts once, with the block that made it.
        frozen: those of the parameters that stay as they are.
    """

    parameters: int = 0
    multiply_adds: int = 0
    activation_bytes: int = 0
    frozen: int = 0

    @property
    def trainable(self) -> int:
        """Numbers that training changes."""
        return self.parameters - self.frozen

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.parameters + other.parameters,
            self.multiply_adds + other.multiply_adds,
            self.activation_bytes + other.activation_bytes,
            self.frozen + other.frozen,
        )

    def __sub__(self, other: Cost) -> Cost:
        return Cost(
            self.parameters - other.parameters,
            self.multiply_adds - other.multiply_adds,
            self.activation_bytes - other.activation_bytes,
            self.frozen - other.frozen,
        )


@dataclass(frozen=True)
class Costs:
    """The cost of every block that could be typed, and their sum, at these sizes.

    Attributes:
        keeping: what autograd keeps, at open sizes.
    """

    blocks: Mapping[NodeId, Cost]
    total: Cost
    sizes: Mapping[str, int]
    keeping: Keeping | None = field(default=None, compare=False)

    def activations(self) -> list[tuple[Memory, int]]:
        """What autograd keeps, equal amounts put together with how many they are."""
        pieces = self.keeping.pieces() if self.keeping else []
        amounts = {id(memory): memory for _, memory in pieces}
        counted = Counter(id(memory) for _, memory in pieces)
        return [(amounts[key], count) for key, count in counted.items()]


def costs(
    document: Document,
    typing: Typing,
    before: Costs | None = None,
    visited: Collection[NodeId] = (),
) -> Costs:
    """The costs of a typed drawing, symbolic sizes taken from `document.sizes`.

    Given what it cost before, only the nodes that inference visited since are counted again.
    """
    walked, reached = before.keeping if before else None, visited
    if before is None or before.sizes != document.sizes:
        before, visited = Costs({}, Cost(), document.sizes), typing.types.keys()
    gone = _gone(before, typing, visited)
    if not visited and not gone and walked is not None and walked.ends_as(typing):
        return before
    found: MutableMapping[NodeId, Cost] = Patched(before.blocks) if before.blocks else {}
    total = before.total
    for node in {*visited, *gone}:
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
            products = type(block).multiply_adds(block, *inputs)
            cost = counted[key] = Cost(
                type(block).parameters(block, *inputs),
                at_sizes(products, document.sizes),
                frozen=type(block).frozen_parameters(block, *inputs),
            )
        if typing.graph.nodes[node].shares:  # its weights are another's
            cost = replace(cost, parameters=0, frozen=0)
        elif typing.graph.nodes[node].frozen:
            cost = replace(cost, frozen=cost.parameters)
        found[node] = cost
        total = total + cost
    keeping = Keeping(typing, document.scope is not None, walked, reached)
    kept = _share_out(keeping, {*visited, *keeping.touched}, found, document.sizes)
    total = replace(total, activation_bytes=total.activation_bytes + kept)
    return Costs(found, total, document.sizes, keeping)


def _gone(before: Costs, typing: Typing, visited: Collection[NodeId]) -> Collection[NodeId]:
    """The blocks that cost something before, and can be typed no more."""
    old = before.keeping.typing.graph if before.keeping else None
    if old is not None and old.census is typing.graph.census:  # the blocks are the same
        return [id for id in visited if id not in typing.types]
    return before.blocks.keys() - typing.types.keys()


def _share_out(
    keeping: Keeping,
    nodes: Collection[NodeId],
    found: MutableMapping[NodeId, Cost],
    sizes: Mapping[str, int],
) -> int:
    """Adds to the costs of these blocks what autograd keeps of them; answers how much more it is.

    Nothing may differ at other blocks since their costs were found.
    """
    amounts: dict[int, int] = {}
    more = 0
    for node in nodes:
        cost = found.get(node)
        if cost is None:
            continue
        amount = 0
        for memory in keeping.pieces_of(node):
            known = amounts.get(id(memory))
            if known is None:
                known = amounts[id(memory)] = memory.at(sizes)
            amount += known
        if cost.activation_bytes != amount:
            more += amount - cost.activation_bytes
            found[node] = replace(cost, activation_bytes=amount)
    return more
