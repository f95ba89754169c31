"""Going from block to block with the arrow keys."""

from __future__ import annotations

from collections.abc import Iterable

from graph.model import Document, Node, NodeId

SAME_ROW_PX = 50.0


def step_from(document: Document, start: NodeId | None, dx: int, dy: int) -> NodeId | None:
    """The block one step away: along the wires up and down, to the neighbour left and right.

    Without a start it is the first block of the drawing. None where there is nothing to go to.
    """
    nodes = document.graph.nodes
    if start is None:
        return min(nodes.values(), key=lambda node: (node.y, node.x)).id if nodes else None
    here = nodes[start]
    if dy > 0:
        return _nearest(here, (nodes[e.target] for e in document.graph.consumers_of(start)))
    if dy < 0:
        found = (e.source for e in document.graph.inputs_of(start) if e.source in nodes)
        return _nearest(here, (nodes[id] for id in found))
    beside = [node for node in nodes.values() if (node.x - here.x) * dx > 0]
    in_row = [node for node in beside if abs(node.y - here.y) < SAME_ROW_PX]
    return _nearest(here, in_row or beside)


def _nearest(here: Node, nodes: Iterable[Node]) -> NodeId | None:
    best = min(
        nodes, key=lambda node: abs(node.x - here.x) + 3 * abs(node.y - here.y), default=None
    )
    return best.id if best else None
