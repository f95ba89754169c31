"""Places that leave locked blocks where they are: the rest goes around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from statistics import median_low

from graph.layout.spacing import COLUMN_PX, GRID_PX, ROW_PX
from graph.model import Graph, NodeId

Point = tuple[float, float]
MOST_RINGS = 200


def around_locked(graph: Graph, places: Mapping[NodeId, Point]) -> dict[NodeId, Point]:
    """The same places, moved as a whole to where the locked blocks are, which keep theirs.

    A block that would cover a locked one goes to the nearest place that is free.
    """
    locked = {id: (node.x, node.y) for id, node in graph.nodes.items() if node.locked}
    held = [id for id in places if id in locked]
    if not held:
        return dict(places)
    dx = _on_grid(median_low([locked[id][0] - places[id][0] for id in held]))
    dy = _on_grid(median_low([locked[id][1] - places[id][1] for id in held]))
    found = {id: (x + dx, y + dy) for id, (x, y) in places.items() if id not in locked}
    taken = _Taken(locked.values())
    covering = {id for id, at in found.items() if taken.is_near(at)}
    for id, at in found.items():
        if id not in covering:
            taken.add(at)
    for id in [id for id in found if id in covering]:
        found[id] = next((at for at in _rings(found[id]) if not taken.is_near(at)), found[id])
        taken.add(found[id])
    return found | {id: locked[id] for id in held}


def _on_grid(step: float) -> float:
    return round(step / GRID_PX) * float(GRID_PX)


def _rings(at: Point) -> Iterator[Point]:
    """Places ever farther away: first beside, then above and below."""
    x, y = at
    for ring in range(1, MOST_RINGS):
        for row in sorted(range(-ring, ring + 1), key=abs):
            columns = range(-ring, ring + 1) if abs(row) == ring else (ring, -ring)
            for column in sorted(columns, key=abs):
                yield (x + column * COLUMN_PX, y + row * ROW_PX)


class _Taken:
    """Places where blocks stand, found fast by the cell that they are in."""

    def __init__(self, places: Iterable[Point]) -> None:
        self._cells: dict[tuple[int, int], list[Point]] = {}
        for at in places:
            self.add(at)

    def add(self, at: Point) -> None:
        self._cells.setdefault(self._cell(at), []).append(at)

    def is_near(self, at: Point) -> bool:
        """Whether a block there would come closer to another than the layout puts any."""
        column, row = self._cell(at)
        return any(
            abs(x - at[0]) < COLUMN_PX - GRID_PX and abs(y - at[1]) < ROW_PX - GRID_PX
            for across in (-1, 0, 1)
            for down in (-1, 0, 1)
            for x, y in self._cells.get((column + across, row + down), ())
        )

    def _cell(self, at: Point) -> tuple[int, int]:
        return (int(at[0] // COLUMN_PX), int(at[1] // ROW_PX))
