"""Where in its row each node stands, so that chains and long edges are straight.

Source: Brandes, Köpf, "Fast and simple horizontal coordinate assignment", 2001. We differ in that
blocks are packed by longest paths, and that a long edge comes before short ones where it begins
and ends: the canvas draws it as one curve, which must not pass behind the blocks beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from graph.layout.layers import Layers
from graph.layout.spacing import CLEAR_PX, COLUMN_PX, GRID_PX, LANE_PX

Segment = tuple[int, int]


def assign_columns(layers: Layers) -> list[int]:
    """The left edge of every node (for a dummy: of the node it would be), a multiple of the grid.

    It is the mean of the middle two of four packings: aligned upwards or downwards, to the left or
    to the right.
    """
    if not layers.rows:
        return []
    banned = _crossing_long_edges(layers) | _beside_long_edges(layers)
    packings = [
        _packing(layers, banned, _Way(upwards, leftwards))
        for upwards in (True, False)
        for leftwards in (True, False)
    ]
    narrowest = min(packings, key=lambda xs: max(xs) - min(xs))
    low, high = min(narrowest), max(narrowest)
    for number, xs in enumerate(packings):
        shift = low - min(xs) if number % 2 == 0 else high - max(xs)
        packings[number] = [x + shift for x in xs]
    middle = [sorted(four)[1:3] for four in zip(*packings, strict=True)]
    # rounding down keeps every distance that is a multiple of the grid
    return [(a + b) // 2 // GRID_PX * GRID_PX for a, b in middle]


@dataclass(frozen=True)
class _Way:
    """Which neighbours nodes align with, and to which side blocks are packed."""

    upwards: bool
    leftwards: bool


def _crossing_long_edges(layers: Layers) -> set[Segment]:
    """Segments (upper, lower) that cross the inner part of a long edge."""
    found: set[Segment] = set()
    position, is_dummy = layers.position, layers.is_dummy
    for row, below in zip(layers.rows, layers.rows[1:], strict=False):
        if len(row) < 2 or len(below) < 2:
            continue
        low = start = 0
        for place, node in enumerate(below):
            is_inner = is_dummy(node) and is_dummy(layers.up[node][0])
            if not is_inner and place < len(below) - 1:
                continue
            high = position[layers.up[node][0]] if is_inner else len(row) - 1
            for lower in below[start : place + 1]:
                for upper in layers.up[lower]:
                    if not low <= position[upper] <= high:
                        found.add((upper, lower))
            low, start = high, place + 1
    return found


def _beside_long_edges(layers: Layers) -> set[Segment]:
    """Short segments that begin or end where a long edge does.

    In a chain whose nodes all read the same it is the ends of the long edges instead: the layers
    of a decoder, which all read the encoder's answer, stand below each other.
    """
    found: set[Segment] = set()
    for node in range(layers.count):
        below, above = layers.down[node], layers.up[node]
        if any(map(layers.is_dummy, below)):
            found.update((node, v) for v in below if not layers.is_dummy(v))
        if any(map(layers.is_dummy, above)):
            far = {_origin(layers, v) for v in above if layers.is_dummy(v)}
            short = [v for v in above if not layers.is_dummy(v)]
            chain = [v for v in short if far <= {_origin(layers, u) for u in layers.up[v]}]
            found.update((v, node) for v in above if (v not in chain if chain else v in short))
    return found


def _origin(layers: Layers, node: int) -> int:
    """Where a long edge begins; the node itself where it is no dummy."""
    while layers.is_dummy(node):
        node = layers.up[node][0]
    return node


def _packing(layers: Layers, banned: set[Segment], way: _Way) -> list[int]:
    root = _align(layers, banned, way)
    x = _pack(layers, root, way.leftwards)
    return [x[root[node]] for node in range(len(root))]


def _align(layers: Layers, banned: set[Segment], way: _Way) -> list[int]:
    """The first node of the straight column that each node belongs to."""
    position = layers.position
    neighbours = layers.up if way.upwards else layers.down
    root = list(range(len(layers.layer)))
    for row in layers.rows if way.upwards else reversed(layers.rows):
        limit = -1 if way.leftwards else len(layers.layer)
        for node in row if way.leftwards else reversed(row):
            for other in _medians(neighbours[node], position, way.leftwards):
                place = position[other]
                is_free = place > limit if way.leftwards else place < limit
                segment = (other, node) if way.upwards else (node, other)
                if is_free and segment not in banned:
                    root[node] = root[other]
                    limit = place
                    break
    return root


def _medians(nodes: list[int], position: list[int], leftwards: bool) -> list[int]:
    """The middle one or two of these, the one on the packed side first."""
    if len(nodes) < 2:
        return nodes
    ordered = sorted(nodes, key=position.__getitem__)
    middle = ordered[(len(nodes) - 1) // 2 : len(nodes) // 2 + 1]
    return middle if leftwards else middle[::-1]


def _pack(layers: Layers, root: list[int], leftwards: bool) -> dict[int, int]:
    """The places of the columns, each as far to one side as those beside it allow."""
    beside: dict[int, list[tuple[int, int]]] = {}
    waiting = dict.fromkeys(root, 0)
    for row in layers.rows:
        ordered = row if leftwards else row[::-1]
        for a, b in pairwise(ordered):
            beside.setdefault(root[a], []).append((root[b], _distance(layers, a, b)))
            waiting[root[b]] += 1
    x = dict.fromkeys(waiting, 0)
    ready = [column for column, number in waiting.items() if not number]
    for column in ready:
        for other, distance in beside.get(column, ()):
            x[other] = max(x[other], x[column] + distance)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return x if leftwards else {column: -place for column, place in x.items()}


def _distance(layers: Layers, a: int, b: int) -> int:
    dummies = layers.is_dummy(a) + layers.is_dummy(b)
    return (COLUMN_PX, CLEAR_PX, LANE_PX)[dummies]
