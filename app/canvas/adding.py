"""Pure edits that add blocks where and as a person means them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.canvas.offers import is_end, why_not_take
from app.canvas.ports import PortRef
from graph import edits, surgery
from graph.block import Block
from graph.data import DataInfo
from graph.infer import Typing, infer
from graph.layout import ROW_PX
from graph.model import Document, Edge, NodeId
from graph.params import Value
from graph.registry import Registry
from graph.room import free_place, make_room, place_below, place_in
from graph.suiting import is_refused, suited
from graph.trying import is_meant

Point = tuple[float, float]
Edit = Callable[[Document], Document]


def add_at(document: Document, kind: str, at: Point) -> Document:
    """The document with a block at a place, or beside what stands there."""
    return edits.add(document, kind, free_place(document, at))


def add_below(document: Document, kind: str, id: NodeId) -> Document:
    """The document with a block below another, not wired to it."""
    return edits.add(document, kind, place_below(document, id))


def add_after(document: Document, kind: str, id: NodeId, registry: Registry) -> Document:
    """The document with a block below another and wired to its first output."""
    added = edits.next_node_id(document)
    outs = edits.ports_of(document, id, registry)[1]
    document = edits.add(document, kind, place_below(document, id))
    ins = edits.ports_of(document, added, registry)[0]
    return edits.connect(document, id, outs[0], added, ins[0].name, registry=registry)


def only_wire_from(document: Document, id: NodeId, registry: Registry) -> Edge | None:
    """The wire that alone leads on from a block's first output; None where there are more."""
    outs = edits.ports_of(document, id, registry)[1]
    leading = [edge for edge in document.graph.consumers_of(id) if edge.out == next(iter(outs), "")]
    return leading[0] if len(leading) == 1 else None


def add_before(document: Document, kind: str, id: NodeId, registry: Registry) -> Document:
    """The document with a block above another and wired to its first open input."""
    node = document.graph.nodes[id]
    added = edits.next_node_id(document)
    port = open_input(document, id, registry)
    document = edits.add(document, kind, free_place(document, (node.x, node.y - ROW_PX)))
    outs = edits.ports_of(document, added, registry)[1]
    return edits.connect(document, added, outs[0], id, port, registry=registry)


def can_add_before(
    block: type[Block], id: NodeId, document: Document, typing: Typing, registry: Registry,
    data: DataInfo | None = None,
) -> bool:  # fmt: skip
    """Whether a new block without inputs, such as a Target, feeds what another still needs.

    Where the drawing does not read the `data`, it may take any shape.
    """
    if block.inputs or not block.outputs or not open_input(document, id, registry):
        return False
    added = edits.next_node_id(document)
    edited = add_before(document, block.kind.name, id, registry)
    if data is None or not is_meant(document, typing, data, registry):
        edited = suited(edited, added, registry, typing)
    return not is_refused(infer(edited, typing, registry).problems.get(id))


def open_input(document: Document, id: NodeId, registry: Registry) -> str:
    """The first input of a block that needs a wire and has none; empty where there is none."""
    ports = edits.ports_of(document, id, registry)[0]
    wired = {edge.into for edge in document.graph.inputs_of(id)}
    return next((p.name for p in ports if not p.optional and p.name not in wired), "")


def can_add_after(
    block: type[Block],
    id: NodeId,
    document: Document,
    typing: Typing,
    registry: Registry,
    values: Mapping[str, Value] = edits.NO_PARAMS,
) -> bool:
    """Whether a new block of this kind, with these parameters, takes what another puts out."""
    outs = edits.ports_of(document, id, registry)[1]
    if not outs or not block.inputs:
        return False
    return not why_not_take(block, typing.type_of(id, outs[0]), document.variables, values)


def add_at_wire(
    document: Document, kind: str, at: Point, fixed: PortRef, registry: Registry
) -> Document:
    """The document with a block at a place, joined to a port from which a wire was drawn."""
    added = edits.next_node_id(document)
    document = edits.add(document, kind, free_place(document, at))
    ins, outs = edits.ports_of(document, added, registry)
    if fixed.is_input:
        return edits.connect(
            document, added, outs[0], fixed.node, fixed.name, slot=fixed.slot, registry=registry
        )
    return edits.connect(document, fixed.node, fixed.name, added, ins[0].name, registry=registry)


def insert_into(
    document: Document, edge: Edge, kind: str, registry: Registry, at: Point | None = None
) -> Document:
    """The document with a new block in an edge, in the column of `at`; what follows makes room."""
    if at is None:
        return surgery.insert(document, edge, kind, registry=registry)
    id = edits.next_node_id(document)
    return splice_in(edits.add(document, kind, at), edge, id, at, registry)


def splice_in(
    document: Document, edge: Edge, id: NodeId, at: Point, registry: Registry
) -> Document:
    """The document with a block put into an edge near a place; what follows makes room."""
    middle_x, y = place_in(edge, document)
    near = abs(at[0] - middle_x) < 96
    x = middle_x if near else at[0]
    spliced = surgery.splice(make_room(document, edge, y), edge, id, registry)
    return edits.move(spliced, {id: free_place(spliced, (x, y), [id])})


def can_splice(document: Document, id: NodeId, registry: Registry) -> bool:
    """Whether a block has no wires yet, and both an input and an output."""
    ins, outs = edits.ports_of(document, id, registry)
    is_loose = not document.graph.inputs_of(id) and not document.graph.consumers_of(id)
    block = registry.find(document.graph.nodes[id].kind)
    return bool(ins and outs and is_loose) and not (block and is_end(block))


def can_stand_in_wire(block: type[Block]) -> bool:
    """Whether a block passes on what it receives; a loss and a metric do not."""
    return bool(block.inputs and block.outputs) and not is_end(block)
