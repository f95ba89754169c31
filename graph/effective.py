"""What of a graph is at work: bypassed blocks are passed through, muted ones are not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from graph.block import Block, Role
from graph.model import Edge, Endpoint, Graph, Node, NodeId, Wires
from graph.order import topological
from graph.registry import Registry

PORTS = ("input", "output")
KEPT = "effective"


@dataclass(frozen=True)
class Effective:
    """A graph as it runs.

    Attributes:
        graph: the blocks at work, and the wires between them.
        passed: for the output of a bypassed block, where its value comes from.
        waits: blocks that are left out since they need a value that is not there, with the wire
            that would bring it; what waits for these in turn is left out too, and not told.
    """

    graph: Graph
    passed: Mapping[Endpoint, Endpoint] = field(default_factory=dict)
    waits: Mapping[NodeId, Edge] = field(default_factory=dict)


def effective(graph: Graph, kinds: Registry, *, inside: bool) -> Effective:
    """What of a graph is at work; `inside` a definition, whose ports cannot be muted."""
    if not graph.is_switched:
        return Effective(graph)
    known: tuple[Registry, bool, Effective] | None = graph.__dict__.get(KEPT)
    if known is None or known[0] is not kinds or known[1] is not inside:
        known = graph.__dict__[KEPT] = (kinds, inside, _Reduction(graph, kinds, inside).done())
    return known[2]


def can_pass(block: type[Block] | None) -> bool:
    """Whether what a kind of block receives can go on in its place."""
    if block is None:
        return True  # it is not known here: its wires tell
    has_outputs = bool(block.outputs) or block.output_ports is not Block.output_ports
    return block.kind.role is Role.LAYER and bool(block.inputs) and has_outputs


class _Reduction:
    def __init__(self, graph: Graph, kinds: Registry, inside: bool) -> None:
        self.graph, self.kinds = graph, kinds
        nodes = graph.nodes.values()
        self.off = {n.id for n in nodes if n.muted and not (inside and n.kind in PORTS)}
        self.through: dict[NodeId, tuple[Edge, str]] = {}
        for node in nodes:
            way = self._way_through(node) if node.bypassed and node.id not in self.off else None
            if way:
                self.through[node.id] = way
        self.waits: dict[NodeId, Edge] = {}

    def done(self) -> Effective:
        """The graph without what is off."""
        self._leave_out()
        gone = self.off | self.through.keys()
        into: dict[NodeId, tuple[Edge, ...]] = {}
        for id, edges in self.graph.wires.into.items():
            if id not in gone:
                kept = self._kept(edges)
                if kept:
                    into[id] = kept
        nodes = {id: node for id, node in self.graph.nodes.items() if id not in gone}
        nodes |= self._with_weights(nodes, gone)
        ends = ((id, out) for id, (_, out) in self.through.items())
        found = {end: self._source(end) for end in ends}
        passed = {end: source for end, source in found.items() if source is not None}
        graph = Graph(nodes, Wires(into), self.graph.remarks)
        return Effective(graph, passed, self.waits)

    def _way_through(self, node: Node) -> tuple[Edge, str] | None:
        """The first wire into a block and its first output; None where it has none of them."""
        block = self.kinds.of(node)
        edges = self.graph.inputs_of(node.id)
        if not edges or not can_pass(block):
            return None
        if block is None:
            outs = [edge.out for edge in self.graph.consumers_of(node.id)]
            return (edges[0], min(outs)) if outs else None
        outs = list(block.outputs) or list(block().output_ports())
        for port in block.inputs:
            for edge in edges:
                if edge.into == port.name:
                    return edge, outs[0]
        return None

    def _source(self, end: Endpoint) -> Endpoint | None:
        """Where a value really comes from; None where there is none."""
        passed: set[NodeId] = set()
        while end[0] in self.through:
            edge, out = self.through[end[0]]
            if end[1] != out or end[0] in passed:
                return None
            passed.add(end[0])
            end = (edge.source, edge.out)
        return None if end[0] in self.off else end

    def _leave_out(self) -> None:
        """Takes out blocks that need a value that is not there, and what needs theirs."""
        for id in topological(self.graph).rank:
            if id in self.off or id in self.through:
                continue
            edge = self._missing(self.graph.nodes[id])
            if edge is not None:
                if self._is_cause(edge):
                    self.waits[id] = edge
                self.off.add(id)

    def _missing(self, node: Node) -> Edge | None:
        """A wire to an input that a block needs, of which no value comes."""
        edges = self.graph.inputs_of(node.id)
        empty = [edge for edge in edges if self._source((edge.source, edge.out)) is None]
        if not empty:
            return None
        block = self.kinds.of(node)
        needed = {port.name for port in block.inputs if not port.optional} if block else set()
        fed = {edge.into for edge in edges if edge not in empty}
        return next((edge for edge in empty if edge.into in needed - fed), None)

    def _is_cause(self, edge: Edge) -> bool:
        """Whether a wire leads from what is switched off, not from what waits for that."""
        id, seen = edge.source, {edge.target}
        while id in self.through and id not in seen:
            seen.add(id)
            first, out = self.through[id]
            if edge.out != out:
                return True
            edge, id = first, first.source
        node = self.graph.nodes.get(id)
        return node is not None and (node.muted or node.bypassed)

    def _kept(self, edges: tuple[Edge, ...]) -> tuple[Edge, ...]:
        """The wires that bring a value, from where it comes, in dense slots."""
        found = [(edge, self._source((edge.source, edge.out))) for edge in edges]
        if all(end == (edge.source, edge.out) for edge, end in found):
            return edges
        kept: list[Edge] = []
        for edge, end in found:
            if end is None:
                continue
            slot = kept[-1].slot + 1 if kept and kept[-1].into == edge.into else 0
            kept.append(replace(edge, source=end[0], out=end[1], slot=slot))
        return tuple(kept)

    def _with_weights(
        self, nodes: Mapping[NodeId, Node], gone: Iterable[NodeId]
    ) -> dict[NodeId, Node]:
        """Blocks that use the weights of one that is off: the first of them owns them meanwhile."""
        changed: dict[NodeId, Node] = {}
        heirs: dict[NodeId, NodeId] = {}
        off = set(gone)
        for id, node in nodes.items():
            owner = node.shares
            if owner is None or owner not in off:
                continue
            heir = heirs.setdefault(owner, id)
            frozen = self.graph.nodes[owner].frozen
            changed[id] = replace(node, shares=None if heir == id else heir, frozen=frozen)
        return changed
