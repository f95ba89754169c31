"""Which row each node stands in, and where long edges pass through the rows between."""

from __future__ import annotations

from dataclasses import dataclass

Edge = tuple[int, int]
DUMMIES_PER_NODE = 2
DUMMIES_AT_LEAST = 2000


@dataclass
class Layers:
    """Nodes 0 … count - 1, and behind them the dummies that stand for long edges in each row.

    Attributes:
        up: the neighbours of each one row above, `down` one row below.
        layer: the row of each.
        rows: the numbers in each row from left to right; `position` is the place in the row.
    """

    count: int
    up: list[list[int]]
    down: list[list[int]]
    layer: list[int]
    rows: list[list[int]]
    position: list[int]

    def is_dummy(self, node: int) -> bool:
        """Whether it stands for a long edge."""
        return node >= self.count

    def renumber(self) -> None:
        """Brings the positions in line with the rows."""
        for row in self.rows:
            for place, node in enumerate(row):
                self.position[node] = place


def make_layers(count: int, edges: list[Edge]) -> Layers:
    """The rows of a graph: each node below all that lead to it, as near to them as may be."""
    after, before = _acyclic(count, edges)
    layer = _longest_paths(after, before)
    up: list[list[int]] = [[] for _ in range(count)]
    down: list[list[int]] = [[] for _ in range(count)]
    longest = _longest_span(count, after, layer)
    for u in range(count):
        for v in after[u]:
            if layer[v] - layer[u] > longest:
                continue
            above = u
            for between in range(layer[u] + 1, layer[v]):
                dummy = len(layer)
                layer.append(between)
                up.append([above])
                down.append([])
                down[above].append(dummy)
                above = dummy
            down[above].append(v)
            up[v].append(above)
    layers = Layers(count, up, down, layer, [[] for _ in range(max(layer, default=-1) + 1)], [])
    _fill_rows(layers)
    return layers


def _acyclic(count: int, edges: list[Edge]) -> tuple[list[list[int]], list[list[int]]]:
    """Successors and predecessors, the edges that close circles turned round."""
    out: list[list[int]] = [[] for _ in range(count)]
    has_input = bytearray(count)
    for u, v in edges:
        out[u].append(v)
        has_input[v] = 1
    turned = _back_edges(out, [n for n in range(count) if not has_input[n]])
    after: list[list[int]] = [[] for _ in range(count)]
    before: list[list[int]] = [[] for _ in range(count)]
    directed = [(v, u) if (u, v) in turned else (u, v) for u, v in edges]
    for u, v in dict.fromkeys(directed):
        after[u].append(v)
        before[v].append(u)
    return after, before


def _back_edges(out: list[list[int]], starts: list[int]) -> set[Edge]:
    """The edges that lead back into the path which a depth-first walk is on."""
    found: set[Edge] = set()
    state = bytearray(len(out))  # 1: on the path, 2: done
    for start in [*starts, *range(len(out))]:
        if state[start]:
            continue
        state[start] = 1
        path = [(start, iter(out[start]))]
        while path:
            u, rest = path[-1]
            for v in rest:
                if not state[v]:
                    state[v] = 1
                    path.append((v, iter(out[v])))
                    break
                if state[v] == 1:
                    found.add((u, v))
            else:
                state[u] = 2
                path.pop()
    return found


def _longest_paths(after: list[list[int]], before: list[list[int]]) -> list[int]:
    waiting = [len(nodes) for nodes in before]
    order = [node for node, number in enumerate(waiting) if not number]
    layer = [0] * len(after)
    for u in order:
        for v in after[u]:
            layer[v] = max(layer[v], layer[u] + 1)
            waiting[v] -= 1
            if not waiting[v]:
                order.append(v)
    for u in reversed(order):
        if after[u] and len(before[u]) < len(after[u]):  # shorter wires below than longer above
            layer[u] = max(layer[u], min([layer[v] for v in after[u]]) - 1)
    return layer


def _longest_span(count: int, after: list[list[int]], layer: list[int]) -> int:
    """How many rows an edge may span to get dummies, so that there are not too many of these."""
    spans = sorted(layer[v] - layer[u] for u in range(count) for v in after[u])
    total = sum(spans) - len(spans)
    budget = DUMMIES_PER_NODE * count + DUMMIES_AT_LEAST
    while total > budget:
        total -= spans.pop() - 1
    return spans[-1] if spans else 0


def _fill_rows(layers: Layers) -> None:
    """A first order: a walk along the edges, so that what belongs together stands together."""
    seen = bytearray(len(layers.layer))
    for start in sorted(range(len(layers.layer)), key=lambda node: (layers.layer[node], node)):
        stack = [start]
        while stack:
            node = stack.pop()
            if seen[node]:
                continue
            seen[node] = 1
            layers.rows[layers.layer[node]].append(node)
            stack.extend(v for v in reversed(layers.down[node]) if not seen[v])
    layers.position.extend([0] * len(layers.layer))
    layers.renumber()
