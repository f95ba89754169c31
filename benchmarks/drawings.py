"""Large drawings to measure with."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from functools import cache

from graph import edits
from graph.model import Document, Edge, Graph, Node, NodeId, Wires
from graph.params import Value

# blocks that keep the shape of what comes in, so that everything can be typed
BLOCKS: tuple[tuple[str, Mapping[str, Value]], ...] = (
    ("conv2d", {"out_channels": 1, "padding": (1, 1)}),
    ("dense", {"features": 28}),
    ("batch_norm", {}),
    ("layer_norm", {}),
    ("relu", {}),
    ("gelu", {}),
    ("dropout", {}),
)
COLUMN, ROW = 240, 100
NO_PARAMS: Mapping[str, Value] = {}


@cache
def large_drawing(blocks: int, seed: int = 1) -> Document:
    """A drawing of that many blocks in columns, with about one and a half edges a block."""
    chance = random.Random(seed)
    rows = max(1, round(math.sqrt(blocks * COLUMN / ROW / 1.6)))
    nodes: dict[NodeId, Node] = {}
    for number in range(blocks):
        kind, params = ("add", NO_PARAMS) if number % 2 else chance.choice(BLOCKS)
        if number == 0:
            kind, params = "input", NO_PARAMS
        id = NodeId(f"n{number}")
        column, row = divmod(number, rows)
        nodes[id] = Node(
            id, kind, f"block{number}", params, float(COLUMN * column), float(ROW * row)
        )
    document = Document(Graph(nodes), next_id=blocks)
    into: dict[NodeId, tuple[Edge, ...]] = {}
    for number in range(1, blocks):
        id = NodeId(f"n{number}")
        port = edits.ports_of(document, id)[0][0]
        sources = [number - 1, number - 3] if port.many and number >= 3 else [number - 1]
        into[id] = tuple(
            Edge(NodeId(f"n{source}"), "y", id, port.name, slot)
            for slot, source in enumerate(sources)
        )
    return document.with_graph(wires=Wires(into))
