"""Composites taken apart: an instance becomes what is inside it, a repeat a row of blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from graph import names
from graph.composite import INPUT, OUTPUT
from graph.composites.substitute import put_in
from graph.composites.unrolling import unroll
from graph.composites.uses import instances
from graph.edits import label, place, put_edges
from graph.freezing import can_freeze
from graph.hiding import hiding
from graph.jsonparts import natural
from graph.kinds import kinds_of
from graph.leading import shifted
from graph.model import Definition, Document, Edge, Endpoint, Node, NodeId, Wires
from graph.params import Value
from graph.problems import UserError
from graph.remark_edits import moved, renumbered
from graph.remarks import Remarks


def why_not_unpack(document: Document, id: NodeId) -> str:
    """Why a block cannot be taken apart, as a sentence; empty where it can."""
    node = document.graph.nodes.get(id)
    if node is None or (not node.repeat and node.definition not in document.definitions):
        return "Choose a composite or a repeated block to take it apart."
    if node.bypassed or node.muted:
        return f"{label(document, id)} is switched off; let it work before it is taken apart."
    if node.shares:
        return f"{label(document, id)} uses the weights of another block; give it its own first."
    if any(other.shares == id for other in document.graph.nodes.values()):
        return f"Another block uses the weights of {label(document, id)}; give it its own first."
    return ""


def unpack(document: Document, id: NodeId) -> tuple[Document, tuple[NodeId, ...]]:
    """The document with a block taken apart by one layer, and the blocks that come out.

    A repeated block becomes as many blocks in a row. An instance becomes the blocks inside; those
    of the last instance keep their ids, and with them their weights, and the definition goes.

    Raises:
        UserError: there is nothing to take apart.
    """
    reason = why_not_unpack(document, id)
    if reason:
        raise UserError(reason)
    if document.graph.nodes[id].repeat:
        return unroll(document, id)
    return _Unpacking(document, document.graph.nodes[id]).done()


class _Unpacking:
    def __init__(self, document: Document, node: Node) -> None:
        self.document, self.node = document, node
        self.definition: Definition = document.definitions[node.definition]
        self.inner = self.definition.graph
        self.is_last = instances(document, node.definition) == 1
        self.blocks = {
            id: each for id, each in self.inner.nodes.items() if each.kind not in (INPUT, OUTPUT)
        }
        self.ids = self._new_ids()

    def done(self) -> tuple[Document, tuple[NodeId, ...]]:
        """The document with the blocks in place of the instance, and their ids."""
        others = {id: n for id, n in self.document.graph.nodes.items() if id != self.node.id}
        placed = self._placed()
        bottom = max((node.y for node in placed), default=self.node.y)
        below = bottom - self.node.y
        nodes = {id: self._moved(other, below) for id, other in others.items()}
        nodes |= {node.id: node for node in placed}
        definitions = dict(self.document.definitions)
        if self.is_last:
            del definitions[self.definition.name]
        remarks = self._remarks()
        spent = 0 if self.is_last else len(self.blocks) + len(remarks)
        document = replace(
            self.document.with_graph(
                _sorted(nodes), self._wires(), {**self.document.graph.remarks, **remarks}
            ),
            definitions=definitions,
            next_id=self.document.next_id + spent,
        )
        return document, tuple(self.ids.values())

    def _new_ids(self) -> dict[NodeId, NodeId]:
        if self.is_last:
            return {id: id for id in self.blocks}
        return {
            id: NodeId(f"n{number}") for number, id in enumerate(self.blocks, self.document.next_id)
        }

    def _moved(self, other: Node, by: float) -> Node:
        """A block below the instance makes room for what comes out."""
        return replace(other, y=other.y + by) if by > 0 and other.y > self.node.y else other

    def _placed(self) -> list[Node]:
        if not self.blocks:
            return []
        dx, dy = self._step()
        kinds = kinds_of(self.document)
        values = self._values()
        taken = (n.name for id, n in self.document.graph.nodes.items() if id != self.node.id)
        free = names.Free(taken)
        found = []
        for id, node in self.blocks.items():
            block = kinds.find(node.kind)
            made = put_in(node, values, block.params if block else {})
            x, y = place((node.x + dx, node.y + dy))
            shares = self.ids.get(node.shares) if node.shares else None
            name = free.take(node.name)
            made = replace(made, frozen=node.frozen or self._freezes(node))
            found.append(replace(made, id=self.ids[id], name=name, x=x, y=y, shares=shares))
        return found

    def _step(self) -> tuple[float, float]:
        """How far what is inside goes to where the instance is."""
        xs = [node.x for node in self.blocks.values()]
        dx = self.node.x - (min(xs) + max(xs)) / 2
        return (dx, self.node.y - min(node.y for node in self.blocks.values()))

    def _remarks(self) -> Remarks:
        """The frames and notes inside, where they are beside the blocks that come out."""
        if not self.blocks:
            return {}
        there = [moved(each, *self._step()) for each in self.inner.remarks.values()]
        if self.is_last:
            own = {each.id: each.id for each in there}
            return {each.id: hiding(each, self.ids, own) for each in there}
        return renumbered(there, self.document.next_id + len(self.blocks), self.ids)

    def _freezes(self, node: Node) -> bool:
        """Whether a block inside has weights that are frozen with the instance."""
        return self.node.frozen and can_freeze(self.document, node)

    def _values(self) -> Mapping[str, Value]:
        given = self.node.params
        return {
            key: given.get(key, param.default) for key, param in self.definition.parameters.items()
        }

    def _wires(self) -> Wires:
        graph = self.document.graph
        into = {id: edges for id, edges in graph.wires.into.items() if id != self.node.id}
        for id in self.blocks:
            edges = []
            for edge in self.inner.inputs_of(id):
                start = self._start((edge.source, edge.out))
                if start is not None:
                    made = Edge(*start, self.ids[id], edge.into, edge.slot)
                    is_inner = edge.source in self.ids
                    via = shifted(edge, self._step()).via if is_inner else ()
                    edges.append(replace(made, via=via))
            put_edges(into, self.ids[id], edges)
        outs = {node.name: id for id, node in self.inner.nodes.items() if node.kind == OUTPUT}
        fed = {edge.target for edge in graph.consumers_of(self.node.id)}
        for target in fed:
            moved = (self._outside(edge, outs) for edge in into.get(target, ()))
            put_edges(into, target, [edge for edge in moved if edge is not None])
        return Wires(into)

    def _outside(self, edge: Edge, outs: Mapping[str, NodeId]) -> Edge | None:
        """A wire of the drawing, begun inside where it began at the instance."""
        if edge.source != self.node.id:
            return edge
        end = outs.get(edge.out)
        inner = self.inner.inputs_of(end) if end else ()
        start = self._start((inner[0].source, inner[0].out)) if inner else None
        return replace(edge, source=start[0], out=start[1]) if start else None

    def _start(self, end: Endpoint) -> Endpoint | None:
        """Where a wire inside begins once the blocks are outside; None where nothing arrives."""
        id, out = end
        if id in self.ids:
            return (self.ids[id], out)
        port = self.inner.nodes.get(id)
        edges = self.document.graph.edges_into(self.node.id, port.name) if port else ()
        return (edges[0].source, edges[0].out) if edges else None


def _sorted(nodes: dict[NodeId, Node]) -> dict[NodeId, Node]:
    """In the order in which files write them."""
    return {id: nodes[id] for id in sorted(nodes, key=natural)}
