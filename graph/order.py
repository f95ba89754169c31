"""Orders over the graph: topological order, cycles, what lies up- and downstream."""

from __future__ import annotations

from collections.abc import Iterable, Set
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
    nodes, consumers = graph.nodes, graph.wires.consumers
    waiting = dict.fromkeys(nodes, 0)
    for node in nodes:
        for edge in consumers.get(node, ()):
            if edge.target in waiting:
                waiting[edge.target] += 1
    ready = [node for node in nodes if not waiting[node]]
    rank: dict[NodeId, int] = {}
    for node in ready:
        rank[node] = len(rank)
        for edge in consumers.get(node, ()):
            if edge.target in waiting:
                waiting[edge.target] -= 1
                if not waiting[edge.target]:
                    ready.append(edge.target)
    return Order(rank, frozenset(nodes.keys() - rank.keys()))


def reordered(
    order: Order, old: Graph, new: Graph, gone: Set[NodeId], rewired: Set[NodeId]
) -> Order:
    """The order of a changed graph: the old one as far as it still holds.

    Args:
        gone: the nodes that are no longer there.
        rewired: the nodes whose wires differ.
    """
    more = len(new.nodes) - (len(old.nodes) - len(gone))
    if old.wires is new.wires and not more and not gone:
        return order
    if order.cyclic or more > 1 or (more and gone):
        return topological(new)
    added = new.nodes.keys() - old.nodes.keys() if more else ()
    nodes = [id for id in order.rank if id not in gone] if gone else list(order.rank)
    for id in added:
        places = [order.rank.get(edge.target, len(nodes)) for edge in new.consumers_of(id)]
        nodes.insert(min(places, default=len(nodes)), id)
    rank = {id: place for place, id in enumerate(nodes)}
    for id in rewired:
        for edge in new.inputs_of(id):
            if rank.get(edge.source, -1) >= rank.get(id, -1) >= 0:
                return topological(new)
    return Order(rank, frozenset())


def downstream(graph: Graph, start: Iterable[NodeId]) -> set[NodeId]:
    """The nodes that anything of `start` flows into, `start` included.

    Wires may lead to blocks that a file forgot; those are left out.
    """
    found, consumers, nodes = set(start), graph.wires.consumers, graph.nodes
    stack = list(found)
    while stack:
        for edge in consumers.get(stack.pop(), ()):
            if edge.target not in found and edge.target in nodes:
                found.add(edge.target)
                stack.append(edge.target)
    return found


def upstream(graph: Graph, start: Iterable[NodeId]) -> set[NodeId]:
    """The nodes that flow into anything of `start`, `start` included; left out as above."""
    found, into, nodes = set(start), graph.wires.into, graph.nodes
    stack = list(found)
    while stack:
        for edge in into.get(stack.pop(), ()):
            if edge.source not in found and edge.source in nodes:
                found.add(edge.source)
                stack.append(edge.source)
    return found


def would_cycle(graph: Graph, source: NodeId, target: NodeId) -> bool:
    """Whether an edge from source to target would close a cycle."""
    return source in downstream(graph, [target])
