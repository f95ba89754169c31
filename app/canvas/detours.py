"""Lanes for edges that lead down behind blocks, so that all of each edge is seen."""

from __future__ import annotations

import numpy as np

from app.canvas.geometry import (
    GRID,
    LANE_DROP,
    NODE_H,
    Floats,
    Ints,
    blocks_met,
)

MOST_PAIRS = 60_000
"""Of an edge and a block that are looked at; with more, edges keep their curves."""
TOUCH = 3.0
SIDE_STEP = 8.0
_T = np.linspace(0, 1, 65)
_SUNK = _T * (1.5 - 1.5 * _T + _T * _T)
"""How far down a curve is, from 0 to 1, at each of these places along it."""


def detours(
    line: Floats, rect: Floats, source: Ints, target: Ints, *, straight: bool = False
) -> Floats:
    """The x of the vertical part of each edge that needs one; nan where its curve is clear.

    Args:
        line: from the source's port to the target's, a row of x1, y1, x2, y2 an edge.
        rect: all blocks, a row of left, top, width, height each.
        source: the row in `rect` of the block that each edge leaves, `target` that it enters.
        straight: edges are straight lines, not curves.
    """
    found = np.full(len(line), np.nan)
    edge, block = _hidden_by(line, rect, source, target, straight=straight)
    if not len(edge):
        return found
    rows, place, behind = np.unique(edge, return_inverse=True, return_counts=True)
    if len(rows) * len(rect) > MOST_PAIRS:
        return found
    left = np.full(len(rows), np.inf)
    right = np.full(len(rows), -np.inf)
    np.minimum.at(left, place, rect[block, 0])
    np.maximum.at(right, place, rect[block, 0] + rect[block, 2])
    x1, y1, x2, y2 = line[rows].T
    low, high = y1 + LANE_DROP, y2 - LANE_DROP
    beyond = np.full(len(rows), (rect[:, 0] + rect[:, 2]).max() + GRID)
    aside = _apart(np.stack([right + GRID, left - GRID, beyond]), source[rows])
    lanes = np.concatenate([np.stack([x1, x2, (x1 + x2) / 2]), aside])
    met = blocks_met(rect, lanes, lanes, low, high)
    for x, y in ((x1, low), (x2, high)):
        met += blocks_met(rect, np.minimum(x, lanes), np.maximum(x, lanes), y, y)
    # of lanes that are as clear the nearest, so that the way is short
    way = np.abs(lanes - x1) + np.abs(lanes - x2)
    best = (met * 1e6 + way).argmin(0)
    here = np.arange(len(rows))
    found[rows] = np.where(met[best, here] < behind, lanes[best, here], np.nan)
    return found


def _hidden_by(
    line: Floats, rect: Floats, source: Ints, target: Ints, *, straight: bool
) -> tuple[Ints, Ints]:
    """Pairs of an edge that leads down and a block, not at its ends, that its curve meets."""
    long = np.flatnonzero(line[:, 3] - line[:, 1] > NODE_H + LANE_DROP)
    by_top = np.argsort(rect[:, 1], kind="stable")
    tops = rect[by_top, 1]
    first = np.searchsorted(tops, line[long, 1] - NODE_H, "right")
    count = np.maximum(np.searchsorted(tops, line[long, 3], "left") - first, 0)
    if not 0 < count.sum() <= MOST_PAIRS:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    edge = np.repeat(long, count)
    block = by_top[np.arange(len(edge)) - np.repeat(count.cumsum() - count - first, count)]
    x1, y1, x2, y2 = line[edge].T
    left, top = rect[block, 0] - TOUCH, rect[block, 1]
    right, bottom = left + rect[block, 2] + 2 * TOUCH, top + rect[block, 3]
    near = (left < np.maximum(x1, x2)) & (right > np.minimum(x1, x2))
    near &= (block != source[edge]) & (block != target[edge])
    chosen = np.flatnonzero(near)
    x1, y1, x2, y2 = x1[chosen], y1[chosen], x2[chosen], y2[chosen]
    sunk = [(y[chosen] - y1) / (y2 - y1) for y in (top, bottom)]
    at = [x1 + (x2 - x1) * share if straight else _x_at(share, x1, x2) for share in sunk]
    meets = (left[chosen] < np.maximum(*at)) & (right[chosen] > np.minimum(*at))
    chosen = chosen[meets]
    return edge[chosen], block[chosen]


def _x_at(sunk: Floats, x1: Floats, x2: Floats) -> Floats:
    """Where curves are at a share of their heights."""
    t = np.interp(sunk, _SUNK, _T)
    return np.asarray(x1 + (x2 - x1) * t * t * (3 - 2 * t), np.float64)


def _apart(lanes: Floats, source: Ints) -> Floats:
    """The same lanes, those of different sources side by side where they would be one line."""
    spread = lanes.copy()
    for row in spread:
        owners: dict[float, set[int]] = {}
        for x, owner in zip(row.tolist(), source.tolist(), strict=True):
            owners.setdefault(x, set()).add(owner)
        for place, (x, owner) in enumerate(zip(row.tolist(), source.tolist(), strict=True)):
            row[place] = x + SIDE_STEP * sorted(owners[x]).index(owner)
    return spread
