"""Places for all blocks: layers from top to bottom, chains straight, few crossings."""

from __future__ import annotations

from collections.abc import Mapping

from graph.layout.beside import place_beside, split_off
from graph.layout.columns import assign_columns
from graph.layout.folding import folded
from graph.layout.layers import Layers, make_layers
from graph.layout.ordering import reduce_crossings
from graph.layout.spacing import COLUMN_PX, GRID_PX, PART_GAP_PX, ROW_PX
from graph.layout.staged import staged
from graph.model import Graph, NodeId

__all__ = ["COLUMN_PX", "GRID_PX", "ROW_PX", "layout"]

Point = tuple[float, float]
Wire = tuple[int, int]
LEAST_SHELF_PX = 1680.0


def layout(graph: Graph, aspect: float | None = None) -> dict[NodeId, Point]:
    """The top-left corner of every block, in canvas px; the same graph gets the same places.

    Every wire leads downwards (but for one in each circle), no two blocks overlap, chains are
    straight, and parts that no wire joins stand side by side.

    Args:
        aspect: width over height of a view. Given, a drawing that is tall for it is cut where
            one wire crosses, and its pieces stand side by side; that wire then leads up. A network
            whose skips lie in each other stands as a U.
    """
    ids = list(graph.nodes)
    number = {id: index for index, id in enumerate(ids)}
    wires = dict.fromkeys(
        (number[edge.source], number[edge.target])
        for id in ids
        for edge in graph.consumers_of(id)
        if edge.target in number and edge.target != id
    )
    parts = []
    for part, edges in _parts(len(ids), list(wires)):
        places = _lay_out_part(part, edges)
        parts.append(_filling(places, edges, aspect) if aspect else places)
    return {ids[index]: at for index, at in _side_by_side(parts).items()}


def _filling(places: dict[int, Point], edges: list[Wire], aspect: float) -> dict[int, Point]:
    """The places of a part that fills a view of that shape: as a U, or in pieces."""
    found = staged(places, edges, _lay_out_stage)
    return found if found is not None else folded(places, edges, aspect)


def _lay_out_stage(nodes: list[int], edges: list[Wire]) -> dict[int, Point]:
    """The places of a stage, of which not all may be joined."""
    local = {node: place for place, node in enumerate(nodes)}
    parts = _parts(len(nodes), [(local[u], local[v]) for u, v in edges])
    placed = _side_by_side([_lay_out_part(part, wires) for part, wires in parts])
    return {nodes[place]: at for place, at in placed.items()}


def _parts(count: int, edges: list[Wire]) -> list[tuple[list[int], list[Wire]]]:
    """What is joined by wires, each part with its nodes and edges, in the order of its first."""
    head = list(range(count))

    def root(a: int) -> int:
        while head[a] != a:
            head[a] = head[head[a]]
            a = head[a]
        return a

    for u, v in edges:
        a, b = root(u), root(v)
        head[max(a, b)] = min(a, b)
    nodes: dict[int, list[int]] = {}
    for index in range(count):
        nodes.setdefault(root(index), []).append(index)
    wires: dict[int, list[Wire]] = {first: [] for first in nodes}
    for edge in edges:
        wires[root(edge[0])].append(edge)
    return [(nodes[first], wires[first]) for first in nodes]


def _lay_out_part(part: list[int], edges: list[Wire]) -> dict[int, Point]:
    """The places of one connected part, its left top at the origin."""
    local = {index: place for place, index in enumerate(part)}
    wires = [(local[u], local[v]) for u, v in edges]
    trunk, beside = split_off(len(part), wires)
    renumbered = {old: new for new, old in enumerate(trunk)}
    layers = make_layers(
        len(trunk), [(renumbered[u], renumbered[v]) for u, v in wires if u in renumbered]
    )
    reduce_crossings(layers)
    columns = assign_columns(layers)
    x = {old: columns[new] for new, old in enumerate(trunk)}
    row = {old: layers.layer[new] for new, old in enumerate(trunk)}
    place_beside(beside, wires, x, row, _lanes(layers, columns))
    left, top = min(x.values()), min(row.values())
    return {part[node]: (float(x[node] - left), float((row[node] - top) * ROW_PX)) for node in x}


def _lanes(layers: Layers, columns: list[int]) -> Mapping[int, list[int]]:
    """Where long edges pass through each row."""
    lanes: dict[int, list[int]] = {}
    for dummy in range(layers.count, len(layers.layer)):
        lanes.setdefault(layers.layer[dummy], []).append(columns[dummy])
    return lanes


def _side_by_side(parts: list[dict[int, Point]]) -> dict[int, Point]:
    """The parts in a row from left to right; a new row begins where one grows too wide."""
    sizes = [
        (max(x for x, _ in part.values()) + COLUMN_PX, max(y for _, y in part.values()) + ROW_PX)
        for part in parts
    ]
    area = sum(width * height for width, height in sizes)
    limit = max([LEAST_SHELF_PX, (2.0 * area) ** 0.5, *(width for width, _ in sizes)])
    found: dict[int, Point] = {}
    left = top = shelf = 0.0
    for part, (width, height) in zip(parts, sizes, strict=True):
        if left and left + width > limit:
            left, top, shelf = 0.0, top + shelf + ROW_PX, 0.0
        for index, (x, y) in part.items():
            found[index] = (x + left, y + top)
        left += width + PART_GAP_PX
        shelf = max(shelf, height)
    return found
