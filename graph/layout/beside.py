"""Blocks that only feed something further down, such as Targets, stand beside what leads there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph.layout.spacing import CLEAR_PX, COLUMN_PX, GRID_PX

Edge = tuple[int, int]


def split_off(count: int, edges: list[Edge]) -> tuple[list[int], list[int]]:
    """The nodes to lay out, and those without inputs that are to be put beside them.

    A node stands beside where all that it feeds is fed by something further down, too.
    """
    fed_by: list[list[int]] = [[] for _ in range(count)]
    feeds: list[list[int]] = [[] for _ in range(count)]
    for u, v in edges:
        feeds[u].append(v)
        fed_by[v].append(u)
    beside = [
        node
        for node in range(count)
        if feeds[node]
        and not fed_by[node]
        and all(any(fed_by[other] for other in fed_by[v]) for v in feeds[node])
    ]
    chosen = set(beside)
    return [node for node in range(count) if node not in chosen], beside


def place_beside(
    beside: list[int],
    edges: list[Edge],
    x: dict[int, int],
    row: dict[int, int],
    lanes: Mapping[int, list[int]],
) -> None:
    """Adds the places of these nodes: a row above what they feed, in the nearest free place.

    `x` and `row` hold the places so far, `lanes` where long edges pass.
    """
    if not beside:
        return
    feeds: dict[int, list[int]] = {node: [] for node in beside}
    for u, v in edges:
        if u in feeds:
            feeds[u].append(v)
    taken: dict[int, set[int]] = {}
    for node, level in row.items():
        taken.setdefault(level, set()).update(_cells(x[node], COLUMN_PX))
    for level, places in lanes.items():
        for place in places:
            taken.setdefault(level, set()).update(_cells(place, CLEAR_PX))
    for node in beside:
        level = min(row[v] for v in feeds[node]) - 1
        middle = sum(x[v] for v in feeds[node]) // len(feeds[node]) // GRID_PX
        there = taken.setdefault(level, set())
        cell = next(cell for cell in _outwards(middle) if cell not in there)
        x[node], row[node] = cell * GRID_PX, level
        there.update(_cells(x[node], COLUMN_PX))


def _cells(place: int, clearance: int) -> range:
    """The grid cells in which no other node may begin."""
    cell, reach = place // GRID_PX, clearance // GRID_PX
    return range(cell - reach + 1, cell + reach)


def _outwards(middle: int) -> Iterator[int]:
    """Grid cells from the middle on to both sides, the right one first."""
    yield middle
    away = 0
    while True:
        away += 1
        yield middle + away
        yield middle - away
