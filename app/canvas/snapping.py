"""Where a dragged block comes to rest: in line with others, or else on the grid."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from app.canvas.geometry import GRID, Floats
from app.canvas.mirror import Mirror
from graph.layout import ROW_PX
from graph.model import NodeId

Point = tuple[float, float]
REACH_PX = 9.0
LOOK_AROUND_PX = 2000.0


def on_grid(x: float, y: float) -> Point:
    """The nearest point of the grid."""
    return (round(x / GRID) * GRID, round(y / GRID) * GRID)


def snapped(mirror: Mirror, x: float, y: float, moving: Iterable[NodeId] = ()) -> Point:
    """The corner of a block that is dragged to about here.

    It is in line with other blocks, or a row above or below one, where that is near; elsewhere it
    is on the grid.
    """
    near = mirror.nodes_in(
        (x - LOOK_AROUND_PX, y - LOOK_AROUND_PX, x + LOOK_AROUND_PX, y + LOOK_AROUND_PX)
    )
    rows = np.setdiff1d(near, [mirror.row[id] for id in moving if id in mirror.row])
    corners = mirror.rect[rows]
    beside = np.abs(corners[:, 1] - y) < 4 * ROW_PX
    columns = corners[beside, 0]
    lines = np.concatenate([corners[:, 1], corners[:, 1] + ROW_PX, corners[:, 1] - ROW_PX])
    grid_x, grid_y = on_grid(x, y)
    return (_nearest(columns, x, grid_x), _nearest(lines, y, grid_y))


def _nearest(lines: Floats, value: float, otherwise: float) -> float:
    if not len(lines):
        return otherwise
    best = float(lines[np.argmin(np.abs(lines - value))])
    return best if abs(best - value) <= REACH_PX else otherwise
