"""What is under a place on the canvas. Looking at every row is fast enough without an index."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF

from app.canvas import geometry, legs
from app.canvas.collapsed import is_on_chevron
from app.canvas.geometry import BADGE_AT, BADGE_R, PORT_R, Box
from app.canvas.mirror import Mirror
from app.canvas.ports import PortRef, Spot
from app.canvas.traits import COLLAPSED, LOCKED, SELECTED
from app.canvas.wire_looks import shown
from graph.leading import WirePoint
from graph.model import Edge, NodeId

PORT_REACH = 10.0
MOST_PORT_REACH = 20.0
EDGE_REACH = 7.0
POINT_REACH = 9.0


def node_at(mirror: Mirror, x: float, y: float) -> NodeId | None:
    """The block at a place; of several the one in front, where selected ones are."""
    rows = mirror.nodes_in((x, y, x, y))
    if not len(rows):
        return None
    selected = rows[(mirror.state[rows] & SELECTED) != 0]
    return mirror.ids[int(selected[-1] if len(selected) else rows[-1])]


def port_reach(scale: float) -> float:
    """How near a port has to be: seen from afar it is as easy to take, and blocks can be too."""
    return min(PORT_REACH / min(scale, 1.0), MOST_PORT_REACH)


def caught_by(mirror: Mirror, box: Box) -> list[NodeId]:
    """The blocks that touch a box and are not locked."""
    rows = mirror.nodes_in(box)
    return [mirror.ids[row] for row in rows[(mirror.traits[rows] & LOCKED) == 0].tolist()]


def port_at(mirror: Mirror, x: float, y: float, reach: float = PORT_REACH) -> PortRef | None:
    """The nearest port within reach."""
    found = spot_at(mirror, x, y, reach)
    return found[0] if found else None


def spot_at(
    mirror: Mirror, x: float, y: float, reach: float = PORT_REACH
) -> tuple[PortRef, Spot] | None:
    """The nearest port within reach, and its spot."""
    best, nearest = None, max(reach, PORT_R)
    rows = mirror.nodes_in((x - nearest, y - nearest, x + nearest, y + nearest))
    for row in rows[::-1].tolist():
        left, top = mirror.rect[row, 0], mirror.rect[row, 1]
        for spot in mirror.layouts[row].spots:
            distance = math.hypot(left + spot.x - x, top + spot.y - y)
            if distance < nearest:
                nearest = distance
                ref = PortRef(mirror.ids[row], spot.name, spot.is_input, spot.slot)
                best = (ref, spot)
    return best


def edge_at(mirror: Mirror, x: float, y: float, reach: float = EDGE_REACH) -> Edge | None:
    """The nearest edge within reach."""
    row = edge_row_at(mirror, x, y, reach)
    return mirror.edges[row] if row is not None else None


def edge_row_at(mirror: Mirror, x: float, y: float, reach: float = EDGE_REACH) -> int | None:
    """The row of the nearest edge within reach."""
    rows = shown(mirror, mirror.edges_in((x - reach, y - reach, x + reach, y + reach)))
    if not len(rows):
        return None
    courses, wire = legs.courses(mirror, rows)
    away = geometry.distances(courses, x, y)
    nearest = int(np.argmin(away))
    return int(rows[wire[nearest]]) if away[nearest] <= reach else None


def point_at(mirror: Mirror, x: float, y: float, reach: float = POINT_REACH) -> WirePoint | None:
    """The nearest point within reach that a wire is led through."""
    points = mirror.points
    away = np.hypot(points.at[:, 0] - x, points.at[:, 1] - y)
    for row in np.argsort(away, kind="stable").tolist():
        if away[row] > reach:
            break
        if len(shown(mirror, points.edge[row : row + 1])):
            return points.point(row)
    return None


def is_over_chevron(mirror: Mirror, node: NodeId, at: QPointF) -> bool:
    """Whether a place is on what opens a block that is collapsed."""
    is_collapsed = bool(mirror.traits[mirror.row[node]] & COLLAPSED)
    return is_collapsed and is_at_chevron(mirror, node, at)


def is_at_chevron(mirror: Mirror, node: NodeId, at: QPointF) -> bool:
    """Whether a place is where a block has that, or would have if it were collapsed."""
    left, top = mirror.rect[mirror.row[node], :2].tolist()
    return is_on_chevron(at.x() - left, at.y() - top)


def badge_at(mirror: Mirror, x: float, y: float) -> NodeId | None:
    """The block whose "!" is at a place."""
    reach = BADGE_R
    rows: list[int] = mirror.nodes_in((x - reach, y - reach, x + reach, y + reach)).tolist()
    for row in reversed(rows):
        id = mirror.ids[row]
        left, top = mirror.rect[row, 0] + BADGE_AT[0], mirror.rect[row, 1] + BADGE_AT[1]
        if id in mirror.badges and math.hypot(left - x, top - y) <= reach:
            return id
    return None
