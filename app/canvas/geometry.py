"""Sizes, places of ports and courses of edges on the canvas, as pure functions over arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]
Box = tuple[float, float, float, float]

NODE_W = 190.0
NODE_H = 66.0
COLLAPSED_H = 34.0
GRID = 24.0
PORT_R = 5.5
PORT_HOT_R = 7.0
PILL_H = 18.0
BADGE_R = 10.0
BADGE_AT = (NODE_W - 4.0, 4.0)

BEND = 34.0
LANE_DROP = 22.0
LANE_R = 22.0
LANE_GAP = 48.0
BESIDE_CLEAR, ABOVE_CLEAR = 8.0, 8.0
UPWARD = 10.0
STRAIGHT_FROM = 12.0
CORNER_POINTS = 9
COURSE_POINTS = 2 + 4 * CORNER_POINTS


def slot_places(count: int, width: float = NODE_W, end: float = 0.0) -> list[float]:
    """Where `count` ports sit along an edge of a block, evenly, `end` kept free at the right."""
    return [(width - end) * (place + 1) / (count + 1) for place in range(count)]


def leads_down(line: Floats) -> Bools:
    """Of each edge whether it leads down; the others run upward, in lanes."""
    return np.asarray(line[:, 3] >= line[:, 1] - UPWARD, np.bool_)


def lanes(line: Floats, source_x: Floats, target_x: Floats) -> Floats:
    """The x of the vertical part of each edge that runs upward; nan for those that lead down.

    Args:
        line: from the source's port to the target's, a row of x1, y1, x2, y2 an edge.
        source_x: the left sides of the blocks that the edges leave.
        target_x: the left sides of the blocks they enter.
    """
    right_gap = target_x - (source_x + NODE_W)
    left_gap = source_x - (target_x + NODE_W)
    lane = np.maximum(source_x, target_x) + NODE_W + GRID
    beside = right_gap >= GRID
    lane = np.where(beside, source_x + NODE_W + np.minimum(LANE_GAP, right_gap / 2), lane)
    beside = left_gap >= GRID
    lane = np.where(beside, target_x + NODE_W + np.minimum(LANE_GAP, left_gap / 2), lane)
    return np.where(leads_down(line), np.nan, lane)


def clear_lanes(line: Floats, source_x: Floats, target_x: Floats, rect: Floats) -> Floats:
    """The lanes of edges that all run upward, past as few blocks as a choice of places allows.

    Args:
        rect: all blocks, a row of left, top, width, height each.
    """
    usual = lanes(line, source_x, target_x)
    left_of_target, right_of_source = target_x - LANE_GAP, source_x + NODE_W + LANE_GAP
    beyond = np.full(len(line), (rect[:, 0] + rect[:, 2]).max() + GRID)
    places = np.stack(
        [usual, left_of_target, right_of_source, (line[:, 0] + line[:, 2]) / 2, beyond]
    )
    low, high = line[:, 1] + LANE_DROP, line[:, 3] - LANE_DROP
    met = blocks_met(rect, places, places, high, low)
    for x, y in ((line[:, 0], low), (line[:, 2], high)):
        met += blocks_met(rect, np.minimum(x, places), np.maximum(x, places), y, y)
    return np.asarray(places[met.argmin(0), np.arange(len(line))], np.float64)


def blocks_met(rect: Floats, left: Floats, right: Floats, top: Floats, bottom: Floats) -> Ints:
    """How many blocks each of these stretches meets or passes too closely."""
    x1, y1 = rect[:, 0] - BESIDE_CLEAR, rect[:, 1] - ABOVE_CLEAR
    x2, y2 = rect[:, 0] + rect[:, 2] + BESIDE_CLEAR, rect[:, 1] + rect[:, 3] + ABOVE_CLEAR
    beside = (x1 < right[:, :, None]) & (x2 > left[:, :, None])
    return np.asarray((beside & (y1 < bottom[:, None]) & (y2 > top[:, None])).sum(2), np.intp)


def bends(line: Floats) -> Floats:
    """How far the control points of each curve are below its start and above its end."""
    return np.maximum(BEND, np.abs(line[:, 3] - line[:, 1]) / 2)


def boxes(line: Floats, lane: Floats) -> Floats:
    """The box around each edge: left, top, right, bottom."""
    x1, y1, x2, y2 = line.T
    # 3 u² t is at most 4/9: that far a curve swings beyond its ends
    swing = bends(line) * 0.45
    up = ~np.isnan(lane)
    lane_x = np.where(up, lane, x1)
    box = np.empty((len(line), 4))
    box[:, 0] = np.minimum(np.minimum(x1, x2), lane_x)
    box[:, 2] = np.maximum(np.maximum(x1, x2), lane_x)
    box[:, 1] = np.minimum(y1, y2 - np.where(up, LANE_DROP, swing))
    box[:, 3] = np.maximum(y2, y1 + np.where(up, LANE_DROP, swing))
    return box


def middles(line: Floats, lane: Floats) -> Floats:
    """The point of each edge where its pill sits."""
    middle = (line[:, :2] + line[:, 2:]) / 2
    middle[:, 0] = np.where(np.isnan(lane), middle[:, 0], lane)
    return middle


def lane_corners(line: Floats, lane: Floats) -> tuple[Floats, Floats]:
    """The six points that an edge in a lane joins, and the radii of its four corners."""
    x1, y1, x2, y2 = line.T
    corners = np.empty((len(line), 6, 2))
    corners[:, :, 0] = np.stack([x1, x1, lane, lane, x2, x2], 1)
    low, high = y1 + LANE_DROP, y2 - LANE_DROP
    corners[:, :, 1] = np.stack([y1, low, low, high, high, y2], 1)
    length = np.abs(np.diff(corners, axis=1)).sum(2)
    half = length / 2
    half[:, 0], half[:, 4] = length[:, 0], length[:, 4]
    return corners, np.minimum(LANE_R, np.minimum(half[:, :4], half[:, 1:]))


def courses(line: Floats, lane: Floats, *, straight: bool = False) -> Floats:
    """The edges as polylines: `COURSE_POINTS` points each, of x and y."""
    points = np.empty((len(line), COURSE_POINTS, 2))
    up = ~np.isnan(lane)
    if not up.all():
        points[~up] = _curves(line[~up])
        if straight:
            level = ~up & runs_straight(line)
            points[level] = _straights(line[level])
    if up.any():
        points[up] = _lanes(line[up], lane[up])
    return points


def _curves(line: Floats) -> Floats:
    t = np.linspace(0, 1, COURSE_POINTS)
    u = 1 - t
    x1, y1, x2, y2 = line.T[:, :, None]
    bend = bends(line)[:, None]
    first, second, third, fourth = u**3, 3 * u * u * t, 3 * u * t * t, t**3
    x = (first + second) * x1 + (third + fourth) * x2
    y = first * y1 + second * (y1 + bend) + third * (y2 - bend) + fourth * y2
    return np.stack([x, y], 2)


def runs_straight(line: Floats) -> Bools:
    """Which edges can be straight lines; those that hardly lead down would run along a block."""
    return np.asarray(line[:, 3] - line[:, 1] >= STRAIGHT_FROM, np.bool_)


def _straights(line: Floats) -> Floats:
    t = np.linspace(0, 1, COURSE_POINTS)[:, None]
    return np.asarray(line[:, None, :2] * (1 - t) + line[:, None, 2:] * t, np.float64)


def _lanes(line: Floats, lane: Floats) -> Floats:
    corners, radius = lane_corners(line, lane)
    inner = corners[:, 1:5]
    starts = inner + _towards(inner, corners[:, :4]) * radius[:, :, None]
    ends = inner + _towards(inner, corners[:, 2:]) * radius[:, :, None]
    t = np.linspace(0, 1, CORNER_POINTS)[:, None]
    u = 1 - t
    arcs = (
        u * u * starts[:, :, None] + 2 * u * t * inner[:, :, None] + t * t * ends[:, :, None]
    ).reshape(len(line), -1, 2)
    return np.concatenate([corners[:, :1], arcs, corners[:, 5:]], 1)


def _towards(points: Floats, others: Floats) -> Floats:
    """Unit vectors from points to others; zero where they meet."""
    step = others - points
    length = np.abs(step).sum(2, keepdims=True)
    unit: Floats = np.divide(step, length, out=np.zeros_like(step), where=length > 0)
    return unit


def distances(points: Floats, x: float, y: float) -> Floats:
    """How far a point is from each of these polylines."""
    start, step = points[:, :-1], np.diff(points, axis=1)
    to = np.array([x, y]) - start
    length = np.maximum((step * step).sum(2), 1e-9)
    t = np.clip((to * step).sum(2) / length, 0, 1)[:, :, None]
    away = to - t * step
    nearest: Floats = np.hypot(away[:, :, 0], away[:, :, 1]).min(1)
    return nearest


def union(rect: Floats) -> Box | None:
    """The box around rows of x, y, width, height; None where there are none."""
    if not len(rect):
        return None
    left, top = rect[:, 0].min(), rect[:, 1].min()
    right, bottom = (rect[:, 0] + rect[:, 2]).max(), (rect[:, 1] + rect[:, 3]).max()
    return float(left), float(top), float(right), float(bottom)
