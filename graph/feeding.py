"""Inputs and Targets that fit the data: new ones read a column as it is, losses are given one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial

from graph import edits
from graph.block import Role
from graph.data import Column, DataInfo
from graph.kinds import kinds_of
from graph.layout.spacing import COLUMN_PX, ROW_PX
from graph.model import Document, NodeId
from graph.order import downstream
from graph.problems import Fix
from graph.registry import Registry
from graph.room import free_place, place_below

TARGET_PORT = "target"


def fitted(
    document: Document, id: NodeId, data: DataInfo | None, registry: Registry | None = None
) -> Document:
    """The document in which an Input or Target has the shape and dtype of the column it reads.

    Other blocks stay as they are, and so do these where nothing is known of the data.
    """
    known = kinds_of(document, registry)
    block = known.find(document.graph.nodes[id].kind)
    column = _column_of(document, id, data, known) if data else None
    if block is None or column is None:
        return document
    for name, value in (("shape", ", ".join(map(str, column.shape))), ("dtype", column.dtype)):
        if name in block.params:
            document = edits.set_param(document, [id], name, value, known)
    return document


def _column_of(document: Document, id: NodeId, data: DataInfo, registry: Registry) -> Column | None:
    """The column that an Input or Target reads: the one it names, or the next that none names."""
    role = _role(document, id, registry)
    if role not in (Role.INPUT, Role.TARGET):
        return None
    columns = data.inputs() if role is Role.INPUT else data.targets()
    alike = with_role(document, role, registry)
    named = {other: str(document.graph.nodes[other].params.get("column", "")) for other in alike}
    if named[id]:
        return data.column(named[id])
    free = [column for column in columns if column.name not in named.values()]
    place = [other for other in alike if not named[other]].index(id)
    return free[place] if place < len(free) else None


def _role(document: Document, id: NodeId, registry: Registry) -> Role | None:
    block = registry.find(document.graph.nodes[id].kind)
    return block.kind.role if block else None


def _kinds_with(document: Document, roles: Collection[Role], registry: Registry) -> set[str]:
    """The kinds of a role of which there are blocks."""
    known = ((kind, registry.find(kind)) for kind in document.graph.census.kinds)
    return {kind for kind, block in known if block is not None and block.kind.role in roles}


def with_role(document: Document, role: Role, registry: Registry) -> list[NodeId]:
    """The blocks of a role, in the order of the drawing."""
    kinds = _kinds_with(document, (role,), registry)
    found = list(document.graph.census.of_kinds(kinds))
    if len(kinds) < 2:
        return found
    wanted = set(found)
    return [id for id in document.graph.nodes if id in wanted]


def target_fix(
    document: Document, id: NodeId, data: DataInfo | None, registry: Registry
) -> Fix | None:
    """Gives a loss or a metric the right answers: from a Target that is there, or from a new one.

    A new one comes where a loss has each Target that is there and the data has one more answer.

    None where it is neither, or where it has no open port for them.
    """
    if _role(document, id, registry) not in (Role.LOSS, Role.METRIC):
        return None
    ports = {port.name for port in edits.ports_of(document, id, registry)[0]}
    if TARGET_PORT not in ports or document.graph.edges_into(id, TARGET_PORT):
        return None
    nodes = document.graph.nodes
    there = with_role(document, Role.TARGET, registry)
    if there and not (data and _has_more(document, there, id, data, registry)):
        label = f"Wire it to “{nodes[there[0]].name}”"
        return Fix(label, partial(_wired, source=there[0], id=id, registry=registry))
    return Fix("Add a Target", partial(_with_target, id=id, data=data, registry=registry))


def _has_more(
    document: Document, there: list[NodeId], id: NodeId, data: DataInfo, registry: Registry
) -> bool:
    """Whether a loss is for an answer of the data that no Target reads yet."""
    if _role(document, id, registry) is not Role.LOSS or len(there) >= len(data.targets()):
        return False
    graph = document.graph
    taken = [
        {_role(document, edge.target, registry) for edge in graph.consumers_of(t)} for t in there
    ]
    return all(Role.LOSS in roles for roles in taken)


def open_ends(document: Document, registry: Registry) -> list[NodeId]:
    """The Inputs and layers whose answer nothing takes yet."""
    loose = document.graph.loose
    if not loose:
        return []
    nodes = document.graph.nodes
    kinds = _kinds_with(document, (Role.INPUT, Role.LAYER), registry)
    return [id for id in loose if nodes[id].kind in kinds]


def input_fix(
    document: Document, id: NodeId, port: str, ends: Iterable[NodeId], registry: Registry
) -> Fix | None:
    """Wires an open input to the nearest of these blocks above it; None where there is none."""
    nodes = document.graph.nodes
    here = nodes[id]
    above = [nodes[end] for end in ends if nodes[end].y < here.y]
    above.sort(key=lambda node: abs(node.x - here.x) + here.y - node.y)
    after = downstream(document.graph, [id])
    source = next((node for node in above if node.id not in after), None)
    outs = edits.ports_of(document, source.id, registry)[1] if source else ()
    if source is None or not outs:
        return None
    from_, out = source.id, outs[0]
    return Fix(
        f"Wire it to “{source.name}”",
        lambda now: edits.connect(now, from_, out, id, port, registry=registry),
    )


def loss_fix(
    document: Document, ends: Iterable[NodeId], data: DataInfo | None, registry: Registry
) -> Fix | None:
    """Adds a loss that suits the answers of the data, wired to what the drawing answers.

    None where the drawing answers nothing yet.
    """
    nodes = document.graph.nodes
    outputs = with_role(document, Role.OUTPUT, registry)
    answers = [edge.source for id in outputs for edge in document.graph.inputs_of(id)]
    layers = [id for id in ends if _role(document, id, registry) is Role.LAYER]
    layers.sort(key=lambda id: nodes[id].y)
    able = (id for id in [*answers, *reversed(layers)] if _has_outputs(document, id, registry))
    source = next(able, None)
    if source is None:
        return None
    targets = data.targets() if data else ()
    kind = "mse" if targets and not targets[0].classes else "cross_entropy"
    return Fix(
        f"Add {edits.kind_title(kind, registry)}",
        partial(_with_loss, kind=kind, source=source, data=data, registry=registry),
    )


def _has_outputs(document: Document, id: NodeId, registry: Registry) -> bool:
    """Whether it is there, which a file may get wrong, and gives something."""
    return id in document.graph.nodes and bool(edits.ports_of(document, id, registry)[1])


def _with_loss(
    document: Document, kind: str, source: NodeId, data: DataInfo | None, registry: Registry
) -> Document:
    id = edits.next_node_id(document)
    out = edits.ports_of(document, source, registry)[1][0]
    document = edits.add(document, kind, place_below(document, source))
    document = edits.connect(document, source, out, id, "prediction", registry=registry)
    fix = target_fix(document, id, data, registry)
    return fix.edit(document) if fix else document


def _with_target(
    document: Document, id: NodeId, data: DataInfo | None, registry: Registry
) -> Document:
    node = document.graph.nodes[id]
    added = edits.next_node_id(document)
    at = free_place(document, (node.x + COLUMN_PX, node.y - ROW_PX))
    document = fitted(edits.add(document, "target", at), added, data, registry)
    return _wired(document, added, id, registry)


def _wired(document: Document, source: NodeId, id: NodeId, registry: Registry) -> Document:
    out = edits.ports_of(document, source, registry)[1][0]
    return edits.connect(document, source, out, id, TARGET_PORT, registry=registry)
