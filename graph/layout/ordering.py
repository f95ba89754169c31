"""The order of nodes in each row, so that few edges cross.

Source: Gansner, Koutsofios, North, Vo, "A technique for drawing directed graphs", 1993, section 3,
with means instead of medians, and crossings counted by a Fenwick tree (Barth, Mutzel, Jünger,
"Simple and efficient bilayer cross counting", 2004).
"""

from __future__ import annotations

from itertools import pairwise

from graph.layout.layers import Layers

SWEEPS = 8
PATIENCE = 3


def reduce_crossings(layers: Layers) -> None:
    """Reorders the rows; the best order of all sweeps stays."""
    best = crossings(layers)
    best_rows = [row[:] for row in layers.rows]
    failures = 0
    for sweep in range(SWEEPS):
        if not best or failures == PATIENCE:
            break
        _sort_by_neighbours(layers, downwards=sweep % 2 == 0, turn_ties=sweep % 4 > 1)
        _swap_neighbours(layers)
        now = crossings(layers)
        if now < best:
            best, best_rows, failures = now, [row[:] for row in layers.rows], 0
        else:
            failures += 1
    layers.rows = best_rows
    layers.renumber()


def crossings(layers: Layers) -> int:
    """How many pairs of edges between neighbouring rows cross."""
    position, total = layers.position, 0
    for row, below in zip(layers.rows, layers.rows[1:], strict=False):
        if len(row) < 2:
            continue
        ends: list[int] = []
        for node in row:
            ends.extend(sorted([position[v] for v in layers.down[node]]))
        total += _inversions(ends, len(below))
    return total


def _inversions(places: list[int], size: int) -> int:
    if all(a <= b for a, b in pairwise(places)):
        return 0
    tree = [0] * (size + 1)
    total = 0
    for seen, place in enumerate(places):
        index, not_greater = place + 1, 0
        while index:
            not_greater += tree[index]
            index &= index - 1
        total += seen - not_greater
        index = place + 1
        while index <= size:
            tree[index] += 1
            index += index & -index
    return total


def _sort_by_neighbours(layers: Layers, downwards: bool, turn_ties: bool) -> None:
    """Sorts each row by the mean place of its neighbours in the row before.

    Turning round those that are equal now and then leads out of dead ends.
    """
    neighbours = layers.up if downwards else layers.down
    position = layers.position
    for row in layers.rows if downwards else reversed(layers.rows):
        if len(row) < 2:
            continue
        wanted: dict[int, float] = {}
        for node in row:
            places = [position[v] for v in neighbours[node]]
            wanted[node] = sum(places) / len(places) if places else position[node]
        if turn_ties:
            row.reverse()
        row.sort(key=wanted.__getitem__)
        for place, node in enumerate(row):
            position[node] = place


def _swap_neighbours(layers: Layers) -> None:
    """Swaps nodes that stand side by side where that saves crossings."""
    position = layers.position
    for row in layers.rows:
        for place in range(len(row) - 1):
            a, b = row[place], row[place + 1]
            saved = 0
            for neighbours in (layers.up, layers.down):
                ends = [position[v] for v in neighbours[b]]
                for u in neighbours[a]:
                    at = position[u]
                    for end in ends:
                        saved += (at > end) - (at < end)
            if saved > 0:
                row[place], row[place + 1] = b, a
                position[a], position[b] = place + 1, place
