"""Frozen blocks: their weights stay as they are while others learn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from graph import edits
from graph.block import Block, Role
from graph.infer import Typing, arguments
from graph.kinds import kinds_of
from graph.model import Document, Graph, Node, NodeId
from graph.problems import Fix, Problem, Severity, UserError

DETACH = "detach"
MOST_TOLD = 4


def can_freeze(document: Document, node: Node) -> bool:
    """Whether a block is of a kind that has weights; one that is not known here may have some."""
    block = kinds_of(document).of(node)
    return block is None or block.parameters is not Block.parameters


def set_frozen(document: Document, ids: Iterable[NodeId], frozen: bool) -> Document:
    """The document in which the weights of these blocks stay as they are, or learn again.

    Blocks without weights are passed over; those that use the same weights follow.

    Raises:
        UserError: none of the blocks has weights.
    """
    nodes = dict(document.graph.nodes)
    chosen = [id for id in ids if can_freeze(document, nodes[id])]
    if not chosen:
        raise UserError(
            "None of these blocks has weights, so there is nothing to freeze. Choose a layer such "
            "as Conv 2D or Dense, or a composite that holds one."
        )
    for id in edits.sharing(document, chosen):
        nodes[id] = replace(nodes[id], frozen=frozen)
    return document.with_graph(nodes)


def with_frozen(document: Document, flags: Mapping[NodeId, bool]) -> Document:
    """The whole drawing in which these blocks are frozen or not, also those in definitions."""
    whole = document.whole()
    definitions = {
        name: replace(each, graph=_flagged(each.graph, flags))
        for name, each in whole.definitions.items()
    }
    return replace(whole, graph=_flagged(whole.graph, flags), definitions=definitions)


def frozen_as(document: Document, other: Document) -> Document:
    """The whole drawing in which blocks are frozen as they are in another."""
    flags = {id: node.frozen for graph in other.graphs() for id, node in graph.nodes.items()}
    return with_frozen(document, flags)


def _flagged(graph: Graph, flags: Mapping[NodeId, bool]) -> Graph:
    changed = {
        id: replace(node, frozen=flags[id])
        for id, node in graph.nodes.items()
        if flags.get(id, node.frozen) != node.frozen
    }
    return replace(graph, nodes={**graph.nodes, **changed}) if changed else graph


def trains(typing: Typing, id: NodeId) -> bool:
    """Whether training changes weights of a block."""
    return not typing.graph.is_frozen(id) and _free(typing, id) > 0


def _free(typing: Typing, id: NodeId) -> int:
    """How many weights of a block learn as long as it is not frozen itself."""
    if id not in typing.types:
        return 0
    block = typing.blocks[id]
    given = arguments(type(block), typing.input_types(id))
    frozen = type(block).frozen_parameters(block, *given)
    return type(block).parameters(block, *given) - frozen


def reached(typing: Typing, ends: Iterable[NodeId]) -> set[NodeId]:
    """The blocks to which gradients flow back from these, as far as blocks are known."""
    found: set[NodeId] = set()
    stack = list(ends)
    while stack:
        id = stack.pop()
        block = typing.blocks.get(id)
        if id in found or block is None or block.kind.name == DETACH:
            continue
        found.add(id)
        stack += [edge.source for edge in typing.graph.inputs_of(id)]
    return found


def kept_from_learning(typing: Typing, ids: Iterable[NodeId]) -> list[NodeId]:
    """Those of these blocks that would learn if they were not frozen, by whose weights they use."""
    graph = typing.graph
    owners = {graph.owner_of(id) for id in ids if graph.is_frozen(id) and _free(typing, id)}
    return [id for id in graph.nodes if id in owners]


def frozen_behind_losses(typing: Typing) -> list[NodeId]:
    """The blocks with frozen weights, where the losses depend on no others; else none."""
    losses = typing.by_role.get(Role.LOSS, ())
    found = reached(typing, losses)
    if any(trains(typing, id) for id in found):
        return []
    return [id for id in typing.graph.nodes if id in found and _has_weights(typing, id)]


def _has_weights(typing: Typing, id: NodeId) -> bool:
    if id not in typing.types:
        return False
    block = typing.blocks[id]
    return type(block).parameters(block, *arguments(type(block), typing.input_types(id))) > 0


def why_nothing_learns(document: Document, frozen: Sequence[NodeId]) -> str:
    """That the losses depend on these blocks alone, which are frozen, as a sentence."""
    told = ", ".join(f"“{document.graph.nodes[id].name}”" for id in frozen[:MOST_TOLD])
    more = f" and {len(frozen) - MOST_TOLD} more" if len(frozen) > MOST_TOLD else ""
    return (
        "Nothing would learn: all weights that the loss depends on are frozen, which are those of "
        f"{told}{more}. Let some of them train again."
    )


def unfreezing(document: Document, ids: Sequence[NodeId]) -> Fix:
    """Lets blocks learn again."""
    name = document.graph.nodes[ids[0]].name
    label = f"Let “{name}” train" if len(ids) == 1 else f"Let these {len(ids)} blocks train"
    return Fix(label, partial(set_frozen, ids=tuple(ids), frozen=False))


def problems_of_freezing(document: Document, typing: Typing) -> Iterator[Problem]:
    """That training would change nothing, since all that could learn is frozen.

    Where there are Optimizers, each tells that of itself.
    """
    frozen = frozen_behind_losses(typing)
    if frozen and not typing.by_role.get(Role.OPTIMIZER):
        here = kept_from_learning(typing, frozen)
        fixes = (unfreezing(document, here),) if here else ()
        text = why_nothing_learns(document, frozen)
        yield Problem("all-frozen", text, Severity.WARNING, tuple(frozen), fixes=fixes)
