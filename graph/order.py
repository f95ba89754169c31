"""Orders over the graph: topological order, cycles, what lies up- and downstream."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph.model import Graph, NodeId


@dataclass(frozen=True)
class Order:
    """Nodes so that each comes after those that feed it; those on or behind cycles apart."""

    rank: dict[NodeId, int]
    cyclic: frozenset[NodeId]

    def nodes(self) -> list[NodeId]:
        """The nodes in order, without the cyclic ones."""
        return list(self.rank)


def topological(graph: Graph) -> Order:
    """The order of a graph's nodes; among equals the one that was added first."""
    wires, nodes = graph.wires, graph.nodes
    known = set(nodes)
    waiting = {
        node: sum(edge.source in known for edge in wires.into.get(node, ())) for node in nodes
    }
    ready = [node for node in nodes if not waiting[node]]
    rank: dict[NodeId, int] = {}
    for node in ready:
        rank[node] = len(rank)
        for edge in wires.consumers.get(node, ()):
            if edge.target in waiting:
                waiting[edge.target] -= 1
                if not waiting[edge.target]:
                    ready.append(edge.target)
    return Order(rank, frozenset(known - rank.keys()))


def downstream(graph: Graph, start: Iterable[NodeId]) -> set[NodeId]:
    """The nodes that anything of `start` flows into, `start` included."""
    found = set(start)
    stack = list(found)
    while stack:
        for edge in graph.consumers_of(stack.pop()):
            if edge.target not in found:
                found.add(edge.target)
                stack.append(edge.target)
    return found


def upstream(graph: Graph, start: Iterable[NodeId]) -> set[NodeId]:
    """The nodes that flow into anything of `start`, `start` included."""
    found = set(start)
    stack = list(found)
    while stack:
        for edge in graph.inputs_of(stack.pop()):
            if edge.source not in found:
                found.add(edge.source)
                stack.append(edge.source)
    return found


def would_cycle(graph: Graph, source: NodeId, target: NodeId) -> bool:
    """Whether an edge from source to target would close a cycle."""
    return source in downstream(graph, [target])
