"""Straight lines and even gaps for blocks, all of one size; a place is a top-left corner."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from graph.layout import COLUMN_PX, GRID_PX, ROW_PX, layout
from graph.model import Document, Graph, NodeId

Point = tuple[float, float]
Places = Mapping[NodeId, Point]
Side = Literal["left", "centre", "right", "top", "middle", "bottom"]
Axis = Literal["x", "y"]

ALONG: Mapping[Side, int] = {
    "left": 0, "centre": 0, "right": 0, "top": 1, "middle": 1, "bottom": 1,
}  # fmt: skip
SAME_ROW_PX = 50.0
SAME_COLUMN_PX = 120.0


def places_of(document: Document, ids: Iterable[NodeId]) -> dict[NodeId, Point]:
    """Where these blocks are, in the order of the document."""
    chosen = set(ids)
    nodes = document.graph.nodes
    return {id: (node.x, node.y) for id, node in nodes.items() if id in chosen}


def aligned(places: Places, side: Side) -> dict[NodeId, Point]:
    """The places with one coordinate in common: the least, the greatest, or half way."""
    if not places:
        return {}
    axis = ALONG[side]
    values = [at[axis] for at in places.values()]
    line = {
        "left": min(values), "top": min(values),
        "right": max(values), "bottom": max(values),
    }.get(side, (min(values) + max(values)) / 2)  # fmt: skip
    return {id: _with(at, axis, line) for id, at in places.items()}


def distributed(places: Places, along: Axis) -> dict[NodeId, Point]:
    """The places with even steps along an axis; the outermost blocks stay, and so does the order.

    Blocks that all are at one coordinate have no order to keep and stay where they are.
    """
    axis = 0 if along == "x" else 1
    order = sorted(places, key=lambda id: places[id][axis])
    if len(order) < 3:
        return dict(places)
    first, last = places[order[0]][axis], places[order[-1]][axis]
    step = (last - first) / (len(order) - 1)
    found = {id: _with(places[id], axis, first + step * k) for k, id in enumerate(order)}
    found[order[-1]] = places[order[-1]]
    return {id: found[id] for id in places}


def tidied(places: Places) -> dict[NodeId, Point]:
    """The places in straight rows and columns, none over another, each row in its order.

    Blocks at about one height become a row, those at about one place from the left a column.
    """
    if not places:
        return {}
    rows = _clusters([at[1] for at in places.values()], SAME_ROW_PX)
    columns = _clusters([at[0] for at in places.values()], SAME_COLUMN_PX)
    cell: dict[NodeId, tuple[int, int]] = {}
    taken: dict[int, int] = {}
    for id in sorted(places, key=lambda id: places[id]):
        x, y = places[id]
        row = _index(rows, y)
        column = max(_index(columns, x), taken.get(row, -1) + 1)
        taken[row] = column
        cell[id] = (column, row)
    xs = _lines({id: cell[id][0] for id in places}, places, 0, COLUMN_PX, GRID_PX)
    ys = _lines({id: cell[id][1] for id in places}, places, 1, ROW_PX, 1)
    return {id: (xs[cell[id][0]], ys[cell[id][1]]) for id in places}


def laid_out(graph: Graph, ids: Iterable[NodeId]) -> dict[NodeId, Point]:
    """Layered places for some blocks by the wires among them; their top-left corner is kept."""
    chosen = set(ids)
    part = {id: node for id, node in graph.nodes.items() if id in chosen}
    if not part:
        return {}
    found = layout(replace(graph, nodes=part))
    dx = min(n.x for n in part.values()) - min(x for x, _ in found.values())
    dy = min(n.y for n in part.values()) - min(y for _, y in found.values())
    return {id: (x + dx, y + dy) for id, (x, y) in found.items()}


def _with(at: Point, axis: int, value: float) -> Point:
    return (value, at[1]) if axis == 0 else (at[0], value)


def _clusters(values: Iterable[float], reach: float) -> list[float]:
    """Where each group of near values begins, in order."""
    starts: list[float] = []
    for value in sorted(values):
        if not starts or value - starts[-1] > reach:
            starts.append(value)
    return starts


def _index(starts: Sequence[float], value: float) -> int:
    """The group that a value is in."""
    return bisect_right(starts, value) - 1


def _lines(
    index: Mapping[NodeId, int], places: Places, axis: int, least: float, grid: float
) -> dict[int, float]:
    """Where each used line stands: at the mean of its blocks, not too near to the one before."""
    members: dict[int, list[float]] = {}
    for id, k in index.items():
        members.setdefault(k, []).append(places[id][axis])
    lines: dict[int, float] = {}
    before = None
    for k in sorted(members):
        mean = round(sum(members[k]) / len(members[k]) / grid) * grid
        before = mean if before is None else max(mean, before + least)
        lines[k] = float(before)
    return lines
