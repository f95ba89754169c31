"""Edits that keep wires: a block put into a wire, a block turned into another kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from graph import names
from graph.block import Block
from graph.composites.uses import refuse_circle
from graph.edits import NO_PARAMS, add, connect, label, next_node_id, ports_of, put_edges
from graph.kinds import kinds_of
from graph.model import Document, Edge, NodeId
from graph.params import Expr, Value
from graph.problems import Insert, UserError
from graph.registry import Registry
from graph.room import free_place, make_room, place_in


def splice(
    document: Document, edge: Edge, id: NodeId, registry: Registry | None = None
) -> Document:
    """The document with a block that is already there put into an edge.

    Raises:
        UserError: the block has no free input or no output, or a circle would close.
    """
    ins, outs = ports_of(document, id, registry)
    if not ins or not outs:
        raise UserError(
            f"{label(document, id)} cannot stand in a wire: it lacks an input or output."
        )
    if id in (edge.source, edge.target):
        raise UserError(f"{label(document, id)} is an end of that wire.")
    open_ports = [p for p in ins if p.many or not document.graph.edges_into(id, p.name)]
    if not open_ports:
        raise UserError(f"All inputs of {label(document, id)} are taken.")
    cut = connect(document, edge.source, edge.out, id, open_ports[0].name, registry=registry)
    return connect(cut, id, outs[0], edge.target, edge.into, slot=edge.slot, registry=registry)


def insert(
    document: Document,
    edge: Edge,
    kind: str,
    *,
    params: Mapping[str, Value] = NO_PARAMS,
    registry: Registry | None = None,
) -> Document:
    """The document with a new block put into an edge; what comes after it makes room."""
    id = next_node_id(document)
    at = place_in(edge, document)
    roomy = make_room(document, edge, at[1])
    added = add(roomy, kind, free_place(roomy, at), params=params)
    return splice(added, edge, id, registry)


def insert_hinted(document: Document, target: NodeId, hint: Insert) -> Document:
    """The document with what a hint wants inserted before a port."""
    edge = document.graph.edges_into(target, hint.port)[0]
    return insert(document, edge, hint.kind, params=dict(hint.params))


def replace_kind(
    document: Document, id: NodeId, kind: str, registry: Registry | None = None
) -> Document:
    """The document with a block turned into another kind.

    Parameters of the same name keep their values where the new kind accepts them. Wires stay on
    ports of the same name; others move to the first free port, and those that find none go.
    """
    known = kinds_of(document, registry)
    new = known.find(kind)
    if new is None:
        raise UserError(f"There is no block called “{kind}”.")
    refuse_circle(document, kind)
    node = document.graph.nodes[id]
    params = {
        name: value
        for name, value in node.params.items()
        if name in new.params and _accepts(new, name, value)
    }
    old = known.find(node.kind)
    name = node.name
    if old is None or re.sub(r"_?\d*$", "", name) == names.usable(old.kind.stem):
        taken = {n.name for n in document.graph.nodes.values() if n.id != id}
        name = names.unique(names.usable(new.kind.stem), taken)
    replaced = replace(
        node,
        kind=new.kind.name,
        params=params,
        name=name,
        shares=None,
        frozen=False,
        bypassed=False,
        muted=False,
    )
    nodes = {
        other: replace(each, shares=None) if each.shares == id else each
        for other, each in document.graph.nodes.items()
    }
    nodes[id] = replaced
    into = dict(document.graph.wires.into)
    put_edges(into, id, refit_inputs(document, id, new))
    fed = {edge.target for edge in document.graph.consumers_of(id)}
    for target in fed:
        put_edges(into, target, refit_outputs(into.get(target, ()), id, new))
    return document.with_graph(nodes, document.graph.wires.changed(into, fed | {id}))


def lost_wires(before: Document, after: Document, id: NodeId) -> list[str]:
    """The wires at a block that are gone since, as `relu.y → conv.x`."""
    nodes = before.graph.nodes
    old, now = before.graph, after.graph
    kept = [(e.source, e.target) for e in (*now.inputs_of(id), *now.consumers_of(id))]
    lost = []
    for edge in (*old.inputs_of(id), *old.consumers_of(id)):
        ends = (edge.source, edge.target)
        if ends in kept:
            kept.remove(ends)
        else:
            lost.append(
                f"{nodes[edge.source].name}.{edge.out} → {nodes[edge.target].name}.{edge.into}"
            )
    return lost


def _accepts(block: type[Block], name: str, value: Value) -> bool:
    try:
        if not isinstance(value, Expr):
            block.params[name].check(value)
    except UserError:
        return False
    return True


def refit_inputs(document: Document, id: NodeId, new: type[Block]) -> list[Edge]:
    """The wires into a block, at the inputs of a new kind; those that find none go."""
    ports = {port.name: port for port in new.inputs}
    fitted: list[Edge] = []
    free = dict(ports)
    for edge in document.graph.inputs_of(id):
        if edge.into in free and (free[edge.into].many or edge.slot == 0):
            fitted.append(edge)
            if not ports[edge.into].many:
                del free[edge.into]
    for edge in document.graph.inputs_of(id):
        if edge not in fitted and free:
            name, port = next(iter(free.items()))
            slot = sum(e.into == name for e in fitted)
            fitted.append(replace(edge, into=name, slot=slot))
            if not port.many:
                del free[name]
    return fitted


def refit_outputs(edges: tuple[Edge, ...], id: NodeId, new: type[Block]) -> list[Edge]:
    """Wires of which some come from a block, at the outputs of its new kind."""
    if not new.outputs:
        return [edge for edge in edges if edge.source != id]
    return [
        edge if edge.source != id or edge.out in new.outputs else replace(edge, out=new.outputs[0])
        for edge in edges
    ]
