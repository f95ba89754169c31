"""Leads the wires of a mirror from port to port, through their points, or past the blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.canvas import geometry, legs
from app.canvas.detours import detours
from app.canvas.geometry import Ints
from graph.model import Edge

if TYPE_CHECKING:
    from app.canvas.mirror import Mirror

MOST_PASSED = 60_000
"""Edges upward times blocks; with more, lanes are not kept clear of blocks."""


def route(mirror: Mirror, rows: Ints) -> None:
    """Leads these edges the usual way."""
    source, target = mirror.rect[mirror.source[rows]], mirror.rect[mirror.target[rows]]
    line = np.concatenate([source[:, :2], target[:, :2]], 1) + mirror.offset[rows]
    lane = geometry.lanes(line, source[:, 0], target[:, 0])
    mirror.line[rows] = line
    mirror.lane[rows] = np.where(mirror.points.is_led[rows], np.nan, lane)
    mirror.box[rows] = legs.boxes(mirror, rows)


def take_points(mirror: Mirror, edges: frozenset[Edge]) -> Ints:
    """Takes over the points of edges; the rows of these, and others into the same blocks."""
    led = {edge: edge for edge in edges}
    ends = [mirror.row.get(edge.target, -1) for edge in edges]
    rows = np.flatnonzero(np.isin(mirror.target, ends))
    for row in rows.tolist():
        mirror.edges[row] = led.get(mirror.edges[row], mirror.edges[row])
    mirror.points.follow(mirror.edges)
    return rows


def lead_past_blocks(mirror: Mirror) -> None:
    """Leads edges past the blocks, wherever these have been moved, but for those with points."""
    lead_up(mirror)
    lane = detours(
        mirror.line, mirror.rect, mirror.source, mirror.target, straight=mirror.options.straight
    )
    other = np.nan_to_num(lane) != np.nan_to_num(mirror.lane)
    down = geometry.leads_down(mirror.line) & ~mirror.points.is_led
    changed = np.flatnonzero(down & other)
    mirror.lane[changed] = lane[changed]
    mirror.box[changed] = geometry.boxes(mirror.line[changed], lane[changed])


def lead_up(mirror: Mirror) -> None:
    """Leads edges that run upward past the blocks, but for those with points."""
    up = np.flatnonzero(~geometry.leads_down(mirror.line) & ~mirror.points.is_led)
    if not len(up):
        return
    line = mirror.line[up]
    ends = line, mirror.rect[mirror.source[up], 0], mirror.rect[mirror.target[up], 0]
    few = len(up) * len(mirror.rect) <= MOST_PASSED
    lane = geometry.clear_lanes(*ends, mirror.rect) if few else geometry.lanes(*ends)
    mirror.lane[up] = lane
    mirror.box[up] = geometry.boxes(line, lane)
