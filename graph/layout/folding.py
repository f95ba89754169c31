"""Tall drawings cut where one wire crosses, their pieces stood side by side to fill the view."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from graph.layout.spacing import COLUMN_PX, GRID_PX, PART_GAP_PX, ROW_PX

Point = tuple[float, float]
Wire = tuple[int, int]
LEAST_ROWS = 4
"""Of a piece: shorter ones read worse than a drawing that is a little smaller."""
FAR = 0.6
"""The share of all rows over which a wire reaches far."""
TALL = 12
"""So many rows have too little room in one piece."""
WORTH = 1.12
"""How much larger one more cut must let the drawing be shown."""


def folded(places: Mapping[int, Point], wires: Iterable[Wire], aspect: float) -> dict[int, Point]:
    """The places of a part, in as many pieces as let it be shown largest.

    Args:
        aspect: width over height of the view that it is to fill.
    """
    rows = sorted({y for _, y in places.values()})
    cuts = _narrow_rows(places, list(wires), rows)
    best, scale = dict(places), _scale(places, aspect)
    for pieces in _counts(len(rows) // LEAST_ROWS):
        starts = _starts(cuts, len(rows), pieces)
        if len(starts) != pieces:
            continue
        tried = _side_by_side(places, rows, starts)
        reached = _scale(tried, aspect)
        if reached > WORTH * scale:
            best, scale = tried, reached
        elif reached < scale / 2:
            break
    return best


def _counts(most: int) -> Iterator[int]:
    """How many pieces to try: 2, 3, … 10, then a fifth more each time."""
    pieces = 2
    while pieces <= most:
        yield pieces
        pieces += max(1, pieces // 5)


def _narrow_rows(places: Mapping[int, Point], wires: list[Wire], rows: list[float]) -> list[int]:
    """The rows, by number, that a single source feeds from above: a cut before them is clear.

    One source that reaches over most of the drawing does not count, such as a table of words that
    the last layer needs again: it would keep everything from being cut. In a drawing of few rows it
    does, as it is the shortcut of a residual block, which reads best in one piece.
    """
    number = {y: row for row, y in enumerate(rows)}
    reach: dict[int, int] = {}
    for source, target in wires:
        reach[source] = max(reach.get(source, 0), number[places[target][1]])
    far = [s for s, last in reach.items() if last - number[places[s][1]] > FAR * len(rows)]
    if len(far) == 1 and len(rows) >= TALL:
        del reach[far[0]]
    change = [0] * (len(rows) + 1)
    for source, last in reach.items():
        first = number[places[source][1]] + 1
        if last >= first:
            change[first] += 1
            change[last + 1] -= 1
    crossing = list(accumulate(change))
    return [row for row in range(1, len(rows)) if crossing[row] == 1]


def _starts(cuts: list[int], rows: int, pieces: int) -> list[int]:
    """The first row of each piece, as even as the cuts allow; fewer where they do not."""
    starts = [0]
    for piece in range(1, pieces):
        wanted = rows * piece / pieces
        place = bisect_left(cuts, wanted)
        near = [
            row
            for row in cuts[max(place - 1, 0) : place + 1]
            if row - starts[-1] >= LEAST_ROWS and rows - row >= LEAST_ROWS - 1
        ]
        if near:
            starts.append(min(near, key=lambda row: abs(row - wanted)))
    return starts


def _side_by_side(
    places: Mapping[int, Point], rows: list[float], starts: list[int]
) -> dict[int, Point]:
    firsts = [rows[start] for start in starts]
    pieces: list[dict[int, Point]] = [{} for _ in starts]
    for node, (x, y) in places.items():
        piece = bisect_right(firsts, y) - 1
        pieces[piece][node] = (x, y - firsts[piece])
    found: dict[int, Point] = {}
    edge = 0.0
    for nodes in pieces:
        left = min(x for x, _ in nodes.values())
        width = max(x for x, _ in nodes.values()) - left + COLUMN_PX
        found |= {node: (x - left + edge, y) for node, (x, y) in nodes.items()}
        edge += -(-(width + PART_GAP_PX) // GRID_PX) * GRID_PX
    return found


def _scale(places: Mapping[int, Point], aspect: float) -> float:
    """How large a drawing can be shown in a view of height 1."""
    width = max(x for x, _ in places.values()) + COLUMN_PX
    height = max(y for _, y in places.values()) + ROW_PX
    return min(aspect / width, 1 / height)
