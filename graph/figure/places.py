"""Where the parts of a figure stand: in columns along the flow, branches in lanes of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph.figure.parts import Part
from graph.model import NodeId


def columns_of(parts: Sequence[Part]) -> dict[NodeId, int]:
    """The column of each part: one after the last of its sources; an Input just before its use."""
    column: dict[NodeId, int] = {}
    for part in parts:
        column[part.id] = 1 + max((column[source] for source in part.sources), default=-1)
    uses: dict[NodeId, int] = {}
    for part in parts:
        for source in part.sources:
            uses[source] = min(uses.get(source, column[part.id]), column[part.id])
    for part in parts:
        if not part.sources and part.id in uses:
            column[part.id] = uses[part.id] - 1
    return column


def lanes_of(parts: Sequence[Part], column: Mapping[NodeId, int]) -> dict[NodeId, int]:
    """The lane of each part: the longest way keeps 0, branches go to 1, -1, 2 and so on.

    No two parts share a place, and a lane is free of others as far as a branch runs along it.
    """
    known = {part.id: part for part in parts}
    uses: dict[NodeId, list[NodeId]] = {}
    for part in parts:
        for source in part.sources:
            uses.setdefault(source, []).append(part.id)
    lane = dict.fromkeys(_longest(parts, column), 0)
    taken = {(0, column[id]) for id in lane}
    for part in parts:
        if part.id in lane:
            continue
        first = min((column[s] + 1 for s in part.sources), default=column[part.id])
        last = max((column[use] - 1 for use in uses.get(part.id, ())), default=column[part.id])
        span = range(min(first, column[part.id]), max(last, column[part.id]) + 1)
        before = [
            lane[source]
            for source in part.sources
            if lane.get(source, 0) and uses[source][0] == part.id
        ]
        for wanted in (*before, *_outwards(len(known))):
            own = range(column[part.id], span.stop) if wanted in before else span
            if not any((wanted, place) in taken for place in own):
                lane[part.id] = wanted
                taken |= {(wanted, place) for place in own}
                break
    return lane


def _longest(parts: Sequence[Part], column: Mapping[NodeId, int]) -> list[NodeId]:
    """The way that ends in the last column, back through the source nearest before it each time."""
    known = {part.id: part for part in parts}
    here = max(parts, key=lambda part: column[part.id])
    way = [here.id]
    while here.sources:
        here = known[max(here.sources, key=lambda source: column[source])]
        way.append(here.id)
    return way


def _outwards(count: int) -> Sequence[int]:
    return [lane for step in range(1, count + 2) for lane in (step, -step)]
