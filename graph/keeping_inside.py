"""What autograd keeps of blocks that hold others: of a definition, and of a block that is repeated.

Whether gradients flow into them is not known here: they are taken to, at every input of floats.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from graph.block import Block
from graph.keeping import Keeping
from graph.model import Endpoint, NodeId
from graph.saved import Memory, Saved, memory_of, total
from graph.tensor import Dim, TensorType
from graph.twice import only_inputs
from graph.typed import Typing

Turn = tuple[Block, tuple[TensorType | None, ...], Dim]


def saved_inside(typing: Typing, inputs: Mapping[NodeId, str], ends: Mapping[NodeId, str]) -> Saved:
    """What is kept of a drawing whose Inputs and Outputs are the ports of a block."""
    keeping = Keeping(typing, inside=True)
    names: dict[Endpoint, str] = {}
    for node, name in ends.items():
        for edge in typing.graph.inputs_of(node):
            root = keeping.roots.get((edge.source, edge.out))
            if root is not None:
                names[root] = name
    for node, name in inputs.items():
        names |= {(node, out): name for out in typing.types.get(node, ())}
    ports = {names[end] for end in keeping.kept if end in names}
    within = total([memory_of(type_) for end, type_ in keeping.kept.items() if end not in names])
    further = total([within, *keeping.further.values()])
    return Saved.holding(tuple(sorted(ports)), further)


def saved_in_turns(
    turns: Sequence[Turn], carried: Sequence[tuple[str, str]], joins: bool, twice: bool = False
) -> Saved:
    """What is kept of a block that is carried out time and again.

    Args:
        turns: the block, what it receives, and how often in a row.
        carried: pairs of an input and the output that takes its place the next time.
        joins: whether an output is joined to what it was made of, which makes a tensor of its own.
        twice: whether each is computed again for its gradients, so that only inputs are kept.
    """
    found: list[Memory] = []
    ports: set[str] = set()
    places = [port.name for port in turns[0][0].inputs]
    handed_on = {out for _, out in carried}
    before: frozenset[str] = frozenset()
    for number, (block, given, times) in enumerate(turns):
        types = dict(zip(places, given, strict=True))
        saved = only_inputs(block, given) if twice else type(block).saved(block, *given)
        kept = frozenset(_names(saved))
        found.append(saved.further.times(times))
        outputs = block.output_types(*given)
        for into, out in carried:
            taken, made = into in kept, out in kept
            again = taken if joins else taken or made
            at_first = taken if joins else taken or out in before
            if number == 0:
                ports |= {into} if taken else set()
            elif at_first:
                found += _memory(types[into])
            found += _memory(types[into], times - 1) if again else []
            found += _memory(outputs[out], times) if joins and made else []
        ports |= kept & (set(places) - {into for into, _ in carried})
        for out in outputs.keys() & kept - handed_on:
            found += _memory(outputs[out], times)
        before = kept
    if not joins:
        ports |= before & handed_on
    further = total(found)
    return Saved.holding(tuple(sorted(ports)), further)


def _names(saved: Saved) -> Iterator[str]:
    """The ports that are kept where gradients flow into all inputs."""
    yield from saved.ports
    if len(saved.crossed) > 1:
        yield from saved.crossed


def _memory(type_: TensorType | None, times: Dim = 1) -> list[Memory]:
    return [memory_of(type_).times(times)] if type_ is not None else []
