"""Free ground: where a block can stand without covering another, and how to make such a place."""

from __future__ import annotations

from collections.abc import Iterable

from graph import edits
from graph.layout.spacing import COLUMN_PX, ROW_PX
from graph.model import Document, Edge, Node, NodeId
from graph.order import downstream, upstream

Point = tuple[float, float]
WIDE_PX, HIGH_PX, COLLAPSED_PX = 190.0, 66.0, 34.0
"""A block on the canvas, and how high a collapsed one is; what is nearer than that covers it."""
MOST_STEPS = 200


def free_place(document: Document, at: Point, without: Iterable[NodeId] = ()) -> Point:
    """The place itself where nothing stands there, or else the next free one to its right.

    Args:
        without: blocks that do not count, because they are to be moved away.
    """
    gone = set(without)
    x, y = at
    in_row = [
        node.x
        for node in document.graph.nodes.values()
        if abs(node.y - y) < HIGH_PX and node.id not in gone
    ]
    for _ in range(MOST_STEPS):
        covered = [other for other in in_row if abs(other - x) < WIDE_PX]
        if not covered:
            break
        x = max(covered) + COLUMN_PX
    return (x, y)


def height_px(node: Node) -> float:
    """How high a block is on the canvas."""
    return COLLAPSED_PX if node.collapsed else HIGH_PX


def place_below(document: Document, id: NodeId) -> Point:
    """The free place in the row below a block."""
    node = document.graph.nodes[id]
    return free_place(document, (node.x, node.y + ROW_PX))


def place_in(edge: Edge, document: Document) -> Point:
    """Where a block that is put into an edge stands: half way, or right below where it begins."""
    above, below = document.graph.nodes[edge.source], document.graph.nodes[edge.target]
    gap = below.y - above.y
    if gap <= 0:
        return (above.x, above.y + ROW_PX)
    y = (above.y + below.y) / 2 if gap >= 2 * ROW_PX else above.y + ROW_PX
    return ((above.x + below.x) / 2, y)


def make_room(document: Document, edge: Edge, y: float) -> Document:
    """The document with what an edge leads to moved down, so that a row at `y` is free before it.

    Blocks that only feed what moves, such as a Target, come along if they are as far down. What
    already is far enough below stays, and what is locked; what would come to lie on that goes
    beside it. An edge that leads upwards moves nothing.
    """
    source, target = document.graph.nodes[edge.source], document.graph.nodes[edge.target]
    missing = y + ROW_PX - target.y
    if missing <= 0 or target.y <= source.y:
        return document
    nodes, moving = document.graph.nodes, downstream(document.graph, [edge.target])
    beside = upstream(document.graph, moving) - upstream(document.graph, [edge.source]) - moving
    moving |= {id for id in beside if id in nodes and nodes[id].y >= target.y}
    free = [nodes[id] for id in moving if not nodes[id].locked]
    held = [node for node in nodes.values() if node.locked]
    places = {node.id: (node.x, node.y + missing) for node in free}
    for id, at in places.items():
        if any(_covers(other, at) for other in held):
            places[id] = free_place(document, at, places)
    return edits.move(document, places)


def _covers(node: Node, at: Point) -> bool:
    """Whether a block at a place would lie on another one, or that on it."""
    return abs(node.x - at[0]) < WIDE_PX and abs(node.y - at[1]) < HIGH_PX
