"""Which Optimizer trains which blocks on which losses, and what can be wrong with that."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import partial

from graph import edits, surgery
from graph.block import Block, Role
from graph.fixes import problem_at, set_fix
from graph.freezing import kept_from_learning, reached, trains, unfreezing
from graph.infer import Typing
from graph.mentions import names_in
from graph.model import Document, Endpoint, Graph, NodeId
from graph.order import downstream
from graph.params import Plain
from graph.problems import Fix, Problem, Severity
from graph.registry import Registry

MOST_STRANGERS = 20  # a file may name thousands of blocks that are not there


@dataclass(frozen=True)
class Trainer:
    """An Optimizer block at work.

    Attributes:
        losses: what it makes small, added up.
        nodes: the blocks whose weights it trains, in the order of the drawing.
        values: the parameters of the block.
    """

    node: NodeId
    name: str
    losses: tuple[Endpoint, ...]
    nodes: tuple[NodeId, ...]
    values: Mapping[str, Plain]


def trainers(document: Document, typing: Typing) -> list[Trainer]:
    """The Optimizers of a drawing in the order in which they take turns.

    One without a loss, or without a block to train, is left out.
    """
    document = typing.at_work(document)
    graph = document.graph
    ids = set(typing.by_role.get(Role.OPTIMIZER, ()))
    if not ids:
        return []
    named = {id: _named(document, typing, id) for id in ids}
    taken = {node for nodes in named.values() for node in nodes}
    found = []
    for id in graph.nodes:
        if id not in ids or id not in typing.types:
            continue
        losses = tuple((edge.source, edge.out) for edge in graph.inputs_of(id))
        reached = _reached(document, typing, id)
        wanted = named[id] if _names(typing.blocks[id]) else reached - taken
        nodes = tuple(node for node in graph.nodes if node in reached & wanted)
        if losses and nodes:
            values = typing.blocks[id].values()
            found.append(Trainer(id, graph.nodes[id].name, losses, nodes, values))
    return found


def _named(document: Document, typing: Typing, id: NodeId) -> set[NodeId]:
    """The blocks that an Optimizer names, as far as they are there."""
    names, graph = _names(typing.blocks[id]), document.graph
    return {graph.owner_of(node.id) for node in graph.nodes.values() if node.name in names}


def _names(block: Block) -> tuple[str, ...]:
    return names_in(str(block.values().get("trains", "")))


def _reached(document: Document, typing: Typing, id: NodeId) -> set[NodeId]:
    """The blocks with weights that learn from the losses of an Optimizer."""
    graph = document.graph
    return {graph.owner_of(node) for node in _behind(graph, typing, id) if trains(typing, node)}


def _behind(graph: Graph, typing: Typing, id: NodeId) -> set[NodeId]:
    """The blocks to which gradients flow from the losses of an Optimizer."""
    return reached(typing, [edge.source for edge in graph.inputs_of(id)])


def trainer_problems(document: Document, typing: Typing, registry: Registry) -> Iterator[Problem]:
    """What is wrong with the Optimizers of a drawing, and with losses that none of them takes."""
    ids = typing.by_role.get(Role.OPTIMIZER, ())
    if not ids:
        return
    drawn, document = document, typing.at_work(document)
    yield from _no_losses(document, typing, ids)
    for id in ids:
        yield from _unknown_names(drawn, typing, id, registry)
    yield from _trained_twice(document, typing, registry)
    at_work = {trainer.node: trainer for trainer in trainers(document, typing)}
    for id in ids:
        if id in typing.types and not _strangers(drawn, typing, id):
            yield from _idle(document, typing, id, at_work.get(id))
    yield from _not_taken(document, typing, ids, registry)


def _strangers(document: Document, typing: Typing, id: NodeId) -> list[str]:
    """The names among those of an Optimizer that no block has."""
    there = {node.name for node in document.graph.nodes.values()}
    return [name for name in _names(typing.blocks[id]) if name not in there]


def _unknown_names(
    document: Document, typing: Typing, id: NodeId, registry: Registry
) -> Iterator[Problem]:
    names = _names(typing.blocks[id])
    layers = [n.name for n in typing.graph.nodes.values() if trains(typing, n.id)]
    for name in _strangers(document, typing, id)[:MOST_STRANGERS]:
        near = difflib.get_close_matches(name, [n for n in layers if n not in names], 1, 0.5)
        fixes = []
        for instead in (near, []):
            kept = [word for old in names for word in (instead if old == name else [old])]
            fixes.append(set_fix(document, id, "trains", ", ".join(kept), registry))
        known = ", ".join(f"“{layer}”" for layer in layers[:8]) or "none yet"
        text = f"trains “{name[:60]}”, but no block has that name; those with weights are {known}"
        yield problem_at(
            document, id, "trains-unknown", text,
            fixes=tuple(fix for fix in (fixes if near else fixes[1:]) if fix),
        )  # fmt: skip


def _no_losses(document: Document, typing: Typing, ids: list[NodeId]) -> Iterator[Problem]:
    """Wires from what is no loss: it has a value, but nothing says that it should be small."""
    goals = downstream(document.graph, typing.by_role.get(Role.LOSS, ()))
    for id in ids:
        for edge in document.graph.inputs_of(id):
            block = typing.blocks.get(edge.source)
            if block is None or (edge.source in goals and block.kind.role is not Role.METRIC):
                continue
            text = f"is to make {edits.label(document, edge.source)} small, which is no loss"
            fix = Fix("Insert Loss weight", partial(surgery.insert, edge=edge, kind="loss_weight"))
            yield problem_at(
                document, id, "trains-on-no-loss", text, port=edge.into,
                fixes=() if block.kind.role is Role.METRIC else (fix,),
            )  # fmt: skip


def _trained_twice(document: Document, typing: Typing, registry: Registry) -> Iterator[Problem]:
    takers: dict[NodeId, Trainer] = {}
    for trainer in trainers(document, typing):
        twice = [node for node in trainer.nodes if node in takers]
        takers |= {node: trainer for node in trainer.nodes if node not in takers}
        if not twice:
            continue
        first = takers[twice[0]]
        shared = ", ".join(f"“{document.graph.nodes[node].name}”" for node in twice[:4])
        text = f"trains {shared}, which “{first.name}” trains too; each block learns from one"
        rest = [document.graph.nodes[n].name for n in trainer.nodes if n not in twice]
        fix = set_fix(document, trainer.node, "trains", ", ".join(rest), registry) if rest else None
        yield problem_at(document, trainer.node, "trained-twice", text, fixes=(fix,) if fix else ())


def _idle(
    document: Document, typing: Typing, id: NodeId, trainer: Trainer | None
) -> Iterator[Problem]:
    if not document.graph.inputs_of(id):
        return
    named = _named(document, typing, id)
    if trainer is None:
        names = _names(typing.blocks[id])
        here = {node.name for node in document.graph.nodes.values()}
        if names and here.isdisjoint(names):
            text = "trains nothing: what it names is bypassed, muted or waits for what is"
            yield problem_at(document, id, "trains-nothing", text, port="losses")
            return
        frozen = kept_from_learning(typing, _behind(document.graph, typing, id))
        frozen = [node for node in frozen if node in named or not names]
        if frozen:
            told = ", ".join(f"“{document.graph.nodes[node].name}”" for node in frozen[:4])
            text = f"trains nothing: what it could train is frozen, which is {told}"
            fixes = (unfreezing(document, frozen),)
            yield problem_at(document, id, "trains-nothing", text, port="losses", fixes=fixes)
            return
        what = (
            " and ".join(f"“{name[:60]}”" for name in names[:4])
            if names
            else "a block with weights"
        )
        text = (
            f"trains nothing: none of its losses depends on {what}. "
            "Wire it to a loss of what it should train, without a Detach between"
        )
        yield problem_at(document, id, "trains-nothing", text, port="losses")
        return
    out_of_reach = named - set(trainer.nodes)
    for node in (node for node in document.graph.nodes if node in out_of_reach):
        if document.graph.is_frozen(node):
            text = f"trains “{document.graph.nodes[node].name}”, whose weights are frozen"
            fixes = (unfreezing(document, [node]),)
            yield problem_at(
                document, id, "trains-frozen", text, severity=Severity.WARNING, fixes=fixes
            )
            continue
        text = (
            f"trains “{document.graph.nodes[node].name}”, which has no weights "
            "that its losses depend on"
        )
        yield problem_at(document, id, "trains-nothing", text, severity=Severity.WARNING)


def _not_taken(
    document: Document, typing: Typing, ids: list[NodeId], registry: Registry
) -> Iterator[Problem]:
    """Losses that lead to no Optimizer: they are left out, since nothing learns from them."""
    for loss in _loose(document, typing, set(ids)):
        fixes = tuple(_taking(document, typing, loss, id, registry) for id in ids[:3])
        text = "trains nothing: no Optimizer takes it, so it is left out"
        yield problem_at(
            document, loss, "loss-not-taken", text, severity=Severity.WARNING, fixes=fixes
        )


def _loose(document: Document, typing: Typing, takers: Set[NodeId]) -> Iterator[NodeId]:
    """Losses that lead to none of the takers; of several in a row the last one."""
    losses = set(typing.by_role.get(Role.LOSS, ()))
    for loss in (id for id in document.graph.nodes if id in losses and id in typing.types):
        after = downstream(document.graph, [loss]) - {loss}
        if not after & takers and not after & losses:
            yield loss


def losses_fix(document: Document, typing: Typing, id: NodeId, registry: Registry) -> Fix | None:
    """Wires a loss to an Optimizer without one: one that no other takes, if there is such."""
    others = set(typing.by_role.get(Role.OPTIMIZER, ())) - {id}
    loose = [*_loose(document, typing, others), *_loose(document, typing, frozenset())]
    if not loose:
        return None
    fix = _taking(document, typing, loose[0], id, registry)
    return replace(fix, label=f"Wire “{document.graph.nodes[loose[0]].name}” to it")


def _taking(
    document: Document, typing: Typing, loss: NodeId, id: NodeId, registry: Registry
) -> Fix:
    out = next(iter(typing.types[loss]))
    return Fix(
        f"Wire it to “{document.graph.nodes[id].name}”",
        lambda now: edits.connect(now, loss, out, id, "losses", registry=registry),
    )
