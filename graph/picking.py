"""Which blocks belong together: of one kind, or joined by wires."""

from __future__ import annotations

from collections.abc import Iterable

from graph.model import Graph, NodeId


def connected(graph: Graph, start: Iterable[NodeId]) -> set[NodeId]:
    """What any row of wires joins to these blocks, whichever way the wires lead."""
    nodes = graph.nodes
    found = {id for id in start if id in nodes}
    stack = list(found)
    while stack:
        id = stack.pop()
        ends = [edge.source for edge in graph.inputs_of(id)]
        ends += [edge.target for edge in graph.consumers_of(id)]
        for other in ends:
            if other in nodes and other not in found:
                found.add(other)
                stack.append(other)
    return found


def similar(graph: Graph, start: Iterable[NodeId]) -> set[NodeId]:
    """All blocks of the kinds that these blocks are of."""
    kinds = {graph.nodes[id].kind for id in start if id in graph.nodes}
    return {id for id, node in graph.nodes.items() if node.kind in kinds}
