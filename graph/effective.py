"""What of a graph is at work: bypassed blocks are passed through, muted ones are not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from graph.block import Block, Role
from graph.model import Edge, Endpoint, Graph, Node, NodeId, Wires
from graph.registry import Registry

PORTS = ("input", "output")
KEPT = "effective"


class Wait(NamedTuple):
    """Why a block is left out: the wire that brings it nothing, and whose output that would be."""

    edge: Edge
    off: NodeId
    out: str


@dataclass(frozen=True)
class Effective:
    """A graph as it runs.

    Attributes:
        graph: the blocks at work, and the wires between them.
        passed: for the output of a bypassed block, where its value comes from.
        waits: blocks that are left out since they need a value that is switched off; what waits
            for these in turn is left out too, and not told.
    """

    graph: Graph
    passed: Mapping[Endpoint, Endpoint] = field(default_factory=dict)
    waits: Mapping[NodeId, Wait] = field(default_factory=dict)


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
        switched = [n for n in graph.nodes.values() if n.muted or n.bypassed]
        self.off = {n.id for n in switched if n.muted and not (inside and n.kind in PORTS)}
        self.through: dict[NodeId, tuple[Edge, str]] = {}
        for node in switched:
            way = self._way_through(node) if node.bypassed and node.id not in self.off else None
            if way:
                self.through[node.id] = way
        self.left_out: set[NodeId] = set()
        self._ends: dict[Endpoint, tuple[Endpoint, bool]] = {}

    def done(self) -> Effective:
        """The graph without what is off."""
        self._leave_out()
        gone = self.off | self.through.keys()
        nodes = {id: node for id, node in self.graph.nodes.items() if id not in gone}
        nodes |= self._with_weights(gone)
        ends = {(id, out) for id, (_, out) in self.through.items()}
        found = {end: self._source(end) for end in ends}
        passed = {end: source for end, source in found.items() if source is not None}
        graph = Graph(nodes, self._wires(gone), self.graph.remarks)
        return Effective(graph, passed, self._waits())

    def _wires(self, gone: set[NodeId]) -> Wires:
        """The wires at work; the same ones as long as the same blocks of them are off."""
        wires, key = self.graph.wires, (frozenset(self.off), tuple(self.through.items()))
        known: tuple[object, Wires] | None = wires.__dict__.get(KEPT)
        if known is None or known[0] != key:
            into = {id: edges for id, edges in wires.into.items() if id not in gone}
            fed = {edge.target for id in gone for edge in self.graph.consumers_of(id)} - gone
            for id in fed & into.keys():
                into[id] = self._kept(into[id])
            into = {id: edges for id, edges in into.items() if edges}
            known = wires.__dict__[KEPT] = (key, wires.changed(into, fed | gone))
        return known[1]

    def _waits(self) -> dict[NodeId, Wait]:
        """What is left out for want of what is switched off, not of what is left out itself."""
        found: dict[NodeId, Wait] = {}
        for id in self.graph.nodes if self.left_out else ():
            for edge in self._missing(self.graph.nodes[id]) if id in self.left_out else ():
                (node, out), _ = self._end((edge.source, edge.out))
                if node not in self.left_out:
                    found.setdefault(id, Wait(edge, node, out))
        return found

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
        found, is_there = self._end(end)
        return found if is_there and found[0] not in self.off else None

    def _end(self, end: Endpoint) -> tuple[Endpoint, bool]:
        """Where a value comes from behind bypassed blocks, and whether they hand it on so far."""
        way: list[Endpoint] = []
        passed: set[NodeId] = set()
        here, is_there = end, True
        while here[0] in self.through:
            known = self._ends.get(here)
            if known is not None:
                here, is_there = known
                break
            edge, out = self.through[here[0]]
            if here[1] != out or here[0] in passed:
                is_there = False
                break
            way.append(here)
            passed.add(here[0])
            here = (edge.source, edge.out)
        self._ends.update(dict.fromkeys(way, (here, is_there)))
        return here, is_there

    def _leave_out(self) -> None:
        """Takes out blocks that need a value that is not there, and what needs theirs."""
        readers: dict[NodeId, list[NodeId]] = {}
        lacking: list[NodeId] = []
        for id in self.through:
            for edge in self.graph.consumers_of(id):
                (source, _), is_there = self._end((id, edge.out))
                (readers.setdefault(source, []) if is_there else lacking).append(edge.target)
        stack = [*lacking, *(target for id in self.off for target in self._readers(id, readers))]
        while stack:
            id = stack.pop()
            node = self.graph.nodes.get(id)
            if node is None or id in self.off or id in self.through or not self._missing(node):
                continue
            self.off.add(id)
            self.left_out.add(id)
            stack += self._readers(id, readers)

    def _readers(self, id: NodeId, behind: Mapping[NodeId, list[NodeId]]) -> list[NodeId]:
        """The blocks that read a block, at once or behind bypassed ones."""
        return [*(edge.target for edge in self.graph.consumers_of(id)), *behind.get(id, ())]

    def _missing(self, node: Node) -> list[Edge]:
        """The wires to inputs that a block needs, of which no value comes."""
        edges = self.graph.inputs_of(node.id)
        empty = [edge for edge in edges if self._source((edge.source, edge.out)) is None]
        if not empty:
            return []
        block = self.kinds.of(node)
        needed = {port.name for port in block.inputs if not port.optional} if block else set()
        fed = {edge.into for edge in edges if edge not in empty}
        return [edge for edge in empty if edge.into in needed - fed]

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

    def _with_weights(self, gone: set[NodeId]) -> dict[NodeId, Node]:
        """Blocks that use the weights of one that is off: the first of them owns them meanwhile."""
        changed: dict[NodeId, Node] = {}
        heirs: dict[NodeId, NodeId] = {}
        for id, node in self.graph.nodes.items():
            owner = node.shares
            if owner is None or owner not in gone or id in gone:
                continue
            heir = heirs.setdefault(owner, id)
            was = self.graph.nodes[owner]
            changed[id] = replace(
                node, shares=None if heir == id else heir, frozen=was.frozen, tuning=was.tuning
            )
        return changed
