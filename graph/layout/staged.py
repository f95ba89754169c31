"""Networks whose skips lie in each other, such as a U-Net: stages from left to right, as a U.

Each stage is a column that reads downwards. It ends where a skip begins or the next stage does, so
that the skips arch over all that is between their ends: an outer one higher than those within.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from itertools import accumulate

from graph.layout.spacing import COLUMN_PX, GRID_PX, ROW_PX

Point = tuple[float, float]
Wire = tuple[int, int]
LayOut = Callable[[list[int], list[Wire]], Mapping[int, Point]]
LEAST_SKIPS = 2
LEAST_SPAN = 4
"""Rows from the beginning of a skip to its end."""
LEAST_ROWS = 2
"""Of a stage; a skip that would make a shorter one goes along with its neighbour."""
SHARED_FROM = 3
"""So many readers below each other make a source one of the whole network, such as its time."""
ARCH_PX = 2 * GRID_PX
"""By how much each stage stands lower than the one around it."""
STAGE_GAP_PX = 3 * GRID_PX


def staged(
    places: Mapping[int, Point], wires: list[Wire], lay_out: LayOut
) -> dict[int, Point] | None:
    """The places of a part whose skips lie in each other; None where it is no such network.

    Args:
        places: of its nodes, row by row.
        lay_out: finds the places of the nodes of one stage.
    """
    row = {node: round(y / ROW_PX) for node, (_, y) in places.items()}
    reach: dict[int, set[int]] = {}
    for source, target in wires:
        reach.setdefault(source, set()).add(row[target])
    own = {source: rows for source, rows in reach.items() if len(rows) < SHARED_FROM}
    long = [(u, v) for u, v in wires if u in own and row[v] - row[u] >= LEAST_SPAN]
    skips = _apart(_nested(long, row), row)
    if len(skips) < LEAST_SKIPS:
        return None
    starts = _starts(skips, row)
    if not _are_clear(starts, own, row):
        return None
    stages: list[list[int]] = [[] for _ in starts]
    for node in places:
        stages[bisect_right(starts, row[node]) - 1].append(node)
    return _as_u(stages, wires, lay_out)


def _nested(long: list[Wire], row: Mapping[int, int]) -> list[Wire]:
    """The most of these wires that lie in each other, the outermost first."""
    ordered = sorted(long, key=lambda wire: (row[wire[0]], row[wire[1]]))
    # of the chains of each length the row where their innermost ends, as -row
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, target) in enumerate(ordered):
        key = -row[target]
        place = bisect_left(tails, key)
        before.append(last[place - 1] if place else -1)
        if place == len(tails):
            tails.append(key)
            last.append(number)
        else:
            tails[place], last[place] = key, number
    found: list[Wire] = []
    number = last[-1] if last else -1
    while number >= 0:
        found.append(ordered[number])
        number = before[number]
    return found[::-1]


def _apart(skips: list[Wire], row: Mapping[int, int]) -> list[Wire]:
    """Those of nested wires that make stages of several rows each, on both sides."""
    kept: list[Wire] = []
    for source, target in skips:
        if kept:
            outer_source, outer_target = kept[-1]
            short = min(row[source] - row[outer_source], row[outer_target] - row[target])
            if short < LEAST_ROWS:
                continue
        kept.append((source, target))
    return kept


def _starts(skips: list[Wire], row: Mapping[int, int]) -> list[int]:
    """The first row of each stage."""
    down = [row[source] + 1 for source, _ in skips]
    up = [row[target] for _, target in reversed(skips)]
    return [0, *down, *up]


def _are_clear(starts: list[int], reach: Mapping[int, set[int]], row: Mapping[int, int]) -> bool:
    """Whether a single source leads into each stage, beside those of skips.

    Args:
        reach: the rows that each source leads to.
    """
    change = [0] * (max(row.values()) + 2)
    for source, rows in reach.items():
        near = [target for target in rows if target - row[source] < LEAST_SPAN]
        last = max(rows if len(rows) - len(near) > 1 else near, default=row[source])
        change[row[source] + 1] += 1
        change[last + 1] -= 1
    crossing = list(accumulate(change))
    return all(crossing[start] <= 1 for start in starts[1:])


def _as_u(stages: list[list[int]], wires: list[Wire], lay_out: LayOut) -> dict[int, Point]:
    stage_of = {node: number for number, nodes in enumerate(stages) for node in nodes}
    inner: list[list[Wire]] = [[] for _ in stages]
    for source, target in wires:
        if stage_of[source] == stage_of[target]:
            inner[stage_of[source]].append((source, target))
    found: dict[int, Point] = {}
    left = 0.0
    for number, (nodes, edges) in enumerate(zip(stages, inner, strict=True)):
        top = min(number, len(stages) - 1 - number) * ARCH_PX
        placed = lay_out(nodes, edges)
        found |= {node: (x + left, y + top) for node, (x, y) in placed.items()}
        left += max(x for x, _ in placed.values()) + COLUMN_PX + STAGE_GAP_PX
    return found
