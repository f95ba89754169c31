"""Lines that a dragged block comes to rest on, and what is drawn to tell which, as pure functions.

Both axes are worked out alike: along an axis from where neighbours begin (`near`) and end (`far`)
on it, and across it to find those that stand in the same row or column.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.canvas.geometry import GRID, Floats, Ints

REACH_PX = 6.0
"""On the screen."""
FARTHEST = GRID / 2
"""In px of the canvas: no line draws a block on further than the grid would."""
SAME = 0.05
Line = tuple[float, float, float, float]
Span = tuple[float, float]


@dataclass(frozen=True)
class Snap:
    """Where a block comes to rest, and why.

    Attributes:
        x, y: its top-left corner.
        lines: what it is in line with, as x1, y1, x2, y2.
        gaps: equal distances, likewise.
    """

    x: float
    y: float
    lines: tuple[Line, ...] = ()
    gaps: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Lines:
    """Where blocks begin, end and have their middles along one axis, sorted, by row."""

    near: Floats
    far: Floats
    values: Floats
    rows: Ints

    @staticmethod
    def of(near: Floats, far: Floats) -> Lines:
        """The lines of blocks that reach from `near` to `far`."""
        values = np.concatenate([near, (near + far) / 2, far])
        order = np.argsort(values, kind="stable")
        return Lines(near, far, values[order], np.tile(np.arange(len(near)), 3)[order])

    def nearest(self, value: float) -> float:
        """How far the nearest line is; infinite where there is none."""
        at = int(np.searchsorted(self.values, value))
        found = [float(self.values[k]) - value for k in (at - 1, at) if 0 <= k < len(self.values)]
        return min(found, key=abs, default=float("inf"))

    def on(self, value: float) -> Ints:
        """The rows of the blocks that have a line there."""
        first, last = np.searchsorted(self.values, [value - SAME, value + SAME])
        return self.rows[first:last]


@dataclass(frozen=True)
class Neighbours:
    """The blocks that a dragged one may be in line with: left, top, right, bottom by row."""

    x: Lines
    y: Lines

    @staticmethod
    def of(rect: Floats) -> Neighbours:
        """The neighbours in rows of left, top, width, height."""
        left, top, width, height = rect.T
        return Neighbours(Lines.of(left, left + width), Lines.of(top, top + height))


def reach_at(scale: float) -> float:
    """How far a line draws a block on, in px of the canvas."""
    return min(REACH_PX / scale, FARTHEST)


def snap(corner: Span, size: Span, neighbours: Neighbours, reach: float, row_px: float) -> Snap:
    """Where a block that is dragged to about here comes to rest.

    That is in line with a neighbour, or as far from one as that is from the next, or a row above
    or below one, whichever is nearest; elsewhere it is on the grid.
    """
    (x, y), (width, height) = corner, size
    across, down = neighbours.x, neighbours.y
    dx = _step(x, width, across, (y, y + height), down, reach)
    rows = np.concatenate([down.near - row_px, down.near + row_px])
    dy = _step(y, height, down, (x, x + width), across, reach, rows)
    at = (x + dx, y + dy)
    lines = [
        (line, low, line, high)
        for line, low, high in _lines(at[0], width, across, (at[1], at[1] + height), down, reach)
    ]
    lines += [
        (low, line, high, line)
        for line, low, high in _lines(at[1], height, down, (at[0], at[0] + width), across, reach)
    ]
    # wires mostly run down the middle of a column, so distances down are told beside it
    middle = (at[0] + width / 4, at[1] + height / 2)
    gaps = [
        (low, middle[1], high, middle[1])
        for low, high in _gaps(at[0], width, across, (at[1], at[1] + height), down)
    ]
    gaps += [
        (middle[0], low, middle[0], high)
        for low, high in _gaps(at[1], height, down, (at[0], at[0] + width), across)
    ]
    return Snap(*at, tuple(lines), tuple(gaps))


def _step(
    at: float, size: float, along: Lines, side: Span, across: Lines, reach: float,
    rows: Floats | None = None,
) -> float:  # fmt: skip
    """How far a block is drawn on along an axis."""
    steps = [along.nearest(at + part) for part in (0.0, size / 2, size)]
    steps += [place - at for place in _even_places(at, size, along, side, across)]
    best = min(steps, key=abs)
    if abs(best) <= reach:
        return best
    if rows is not None and len(rows):
        away = rows - at
        best = float(away[np.argmin(np.abs(away))])
        if abs(best) <= reach:
            return best
    return round(at / GRID) * GRID - at


def _mates(
    at: float, size: float, along: Lines, side: Span, across: Lines
) -> tuple[list[Span], list[Span]]:
    """The two nearest blocks before and the two after one, of those in its row or column."""
    beside = (across.near < side[1]) & (across.far > side[0])
    near, far = along.near[beside], along.far[beside]
    middle = at + size / 2
    before = np.flatnonzero(far < middle)
    after = np.flatnonzero(near > middle)
    before = before[np.argsort(-far[before], kind="stable")][:2]
    after = after[np.argsort(near[after], kind="stable")][:2]
    return (
        [(float(near[k]), float(far[k])) for k in before],
        [(float(near[k]), float(far[k])) for k in after],
    )


def _even_places(at: float, size: float, along: Lines, side: Span, across: Lines) -> list[float]:
    """Where a block would be as far from its neighbour as that is from the next."""
    before, after = _mates(at, size, along, side, across)
    places = []
    if len(before) == 2 and before[0][0] > before[1][1]:
        places.append(before[0][1] + before[0][0] - before[1][1])
    if len(after) == 2 and after[1][0] > after[0][1]:
        places.append(after[0][0] - (after[1][0] - after[0][1]) - size)
    if before and after and after[0][0] - before[0][1] > size:
        places.append((before[0][1] + after[0][0] - size) / 2)
    return places


def _gaps(at: float, size: float, along: Lines, side: Span, across: Lines) -> list[Span]:
    """The equal distances before and after a block that stands where it came to rest."""
    before, after = _mates(at, size, along, side, across)
    spans = []
    if before:
        spans.append((before[0][1], at))
    if len(before) == 2:
        spans.append((before[1][1], before[0][0]))
    if after:
        spans.append((at + size, after[0][0]))
    if len(after) == 2:
        spans.append((after[0][1], after[1][0]))
    own = [span for span in spans if at in span or at + size in span]
    equal = [
        span
        for span in spans
        if span[1] > span[0] and any(abs(span[1] - span[0] - (o[1] - o[0])) < SAME for o in own)
    ]
    return sorted(equal) if len(equal) > 1 else []


def _lines(
    at: float, size: float, along: Lines, side: Span, across: Lines, reach: float
) -> list[tuple[float, float, float]]:
    """The lines that a block is on: where, and from where to where they reach across."""
    found: list[tuple[float, float, float]] = []
    for part in (0.0, size, size / 2):
        if part == size / 2 and found:
            break  # blocks of one size: their edges tell enough
        rows = along.on(at + part)
        if len(rows):
            low = min(side[0], float(across.near[rows].min()))
            high = max(side[1], float(across.far[rows].max()))
            found.append((at + part, low, high))
    return found
