"""A repeated block as that many blocks in a row."""

from __future__ import annotations

from dataclasses import replace

from graph import names
from graph.composites.substitute import without_index
from graph.edits import label, ports_of, put_edges
from graph.infer import infer
from graph.kinds import kinds_of
from graph.layout.spacing import COLUMN_PX, ROW_PX
from graph.model import Document, Edge, Endpoint, Node, NodeId, Repeat
from graph.problems import Refusal, UserError
from graph.repeat import COUNT, Repeated
from graph.scan import SCAN
from graph.typed import arguments

MOST = 64


def unroll(document: Document, id: NodeId) -> tuple[Document, tuple[NodeId, ...]]:
    """The document with a repeated block drawn as many times, and all that were made of it.

    Raises:
        UserError: the repeat cannot be worked out, or is too long.
    """
    node = document.graph.nodes[id]
    repeat = node.repeat
    assert repeat is not None
    if repeat.mode == SCAN:
        raise UserError(
            f"{label(document, id)} goes along a sequence, however long that is, so it cannot be "
            "drawn out."
        )
    count = COUNT.resolve(repeat.count, document.variables)
    assert isinstance(count, int)
    if count > MOST:
        raise UserError(
            f"{label(document, id)} is repeated {count:,} times; it can be drawn out up to {MOST}."
        )
    return _Unrolling(document, node, repeat, count).done()


def _carried(document: Document, id: NodeId) -> dict[str, str]:
    """The output that takes the place of each input the next time."""
    typing = infer(document)
    block = typing.blocks.get(id)
    if isinstance(block, Repeated):
        try:
            return dict(block.carried(tuple(arguments(type(block), typing.input_types(id)))))
        except Refusal:
            pass  # it is unfinished: only the first output is sure to go on
    ins, outs = ports_of(document, id)
    return dict(zip([port.name for port in ins if not port.many][:1], outs, strict=False))


class _Unrolling:
    def __init__(self, document: Document, node: Node, repeat: Repeat, count: int) -> None:
        self.document, self.node, self.repeat, self.count = document, node, repeat, count
        self.outs = ports_of(document, node.id)[1]
        self.carried = _carried(document, node.id)
        self.next = document.next_id
        self.free = names.Free(other.name for other in document.graph.nodes.values())
        self.nodes: dict[NodeId, Node] = {}
        self.into = dict(document.graph.wires.into)

    def done(self) -> tuple[Document, tuple[NodeId, ...]]:
        """The document with the copies, and the new blocks with the first."""
        copies = self._copies()
        ends = self._chained(copies)
        graph = self.document.graph
        for target in {edge.target for edge in graph.consumers_of(self.node.id)}:
            edges = [
                replace(edge, source=ends[edge.out][0], out=ends[edge.out][1])
                if edge.source == self.node.id and edge.out in ends
                else edge
                for edge in graph.inputs_of(target)
            ]
            put_edges(self.into, target, edges)
        deep = max(node.y for node in self.nodes.values()) - self.node.y
        nodes = {
            id: replace(other, y=other.y + deep) if other.y > self.node.y else other
            for id, other in graph.nodes.items()
        }
        touched = {*self.into, *graph.wires.into}
        document = replace(
            self.document.with_graph(
                {**nodes, **self.nodes}, graph.wires.changed(self.into, touched)
            ),
            next_id=self.next,
        )
        return document, tuple(self.nodes)

    def _copies(self) -> list[NodeId]:
        block = kinds_of(self.document).find(self.node.kind)
        params = block.params if block else {}
        found: list[NodeId] = []
        step = ROW_PX * (2 if self.repeat.mode == "concat" else 1)
        for index in range(self.count):
            made = without_index(self.node, index, params)
            id, name = self.node.id, self.node.name
            if index:
                id, name = self._fresh(), self.free.take(name)
            shares = found[0] if found and self.repeat.mode == "shared" else None
            self.nodes[id] = replace(
                made, id=id, name=name, y=self.node.y + index * step, shares=shares
            )
            found.append(id)
        return found

    def _fresh(self) -> NodeId:
        self.next += 1
        return NodeId(f"n{self.next - 1}")

    def _chained(self, copies: list[NodeId]) -> dict[str, Endpoint]:
        """Wires the copies; answers where each output of the whole row comes from."""
        first = self.document.graph.inputs_of(self.node.id)
        before = {e.into: (e.source, e.out) for e in first if e.into in self.carried}
        kept = [edge for edge in first if edge.into not in self.carried]
        for id in copies:
            edges = [replace(edge, target=id) for edge in kept]
            edges += [Edge(*end, id, port) for port, end in before.items()]
            put_edges(self.into, id, edges)
            for port, out in self.carried.items():
                made = (id, out)
                if self.repeat.mode == "concat" and port in before:
                    made = self._joined("concat", [before[port], made], id)
                before[port] = made
        ends: dict[str, Endpoint] = {out: (copies[-1], out) for out in self.outs}
        for port, out in self.carried.items():
            ends[out] = before[port]
        if self.repeat.mode == "sum" and self.count > 1:
            for out in self.outs[1:]:
                ends[out] = self._joined("add", [(id, out) for id in copies], copies[-1], 1)
        return ends

    def _joined(self, kind: str, ends: list[Endpoint], below: NodeId, columns: int = 0) -> Endpoint:
        """A block that joins what these ports give, below another one."""
        at = self.nodes[below]
        id = self._fresh()
        name = self.free.take(f"{self.node.name}_{kind}")
        self.nodes[id] = Node(
            id, kind, name, {}, at.x + columns * COLUMN_PX, at.y + (0 if columns else ROW_PX)
        )
        self.into[id] = tuple(
            Edge(source, out, id, "xs", slot) for slot, (source, out) in enumerate(ends)
        )
        return (id, "y")
