"""Large drawings to measure with."""

from __future__ import annotations

import math
import random
from functools import cache

from graph import edits
from graph.model import Document, Edge, Graph, Node, NodeId, Wires

KINDS = ("conv2d", "batch_norm", "relu", "dropout", "dense", "identity", "gelu", "layer_norm")
COLUMN, ROW = 240, 100


@cache
def large_drawing(blocks: int, seed: int = 1) -> Document:
    """A drawing of that many blocks in columns, with about one and a half edges a block."""
    chance = random.Random(seed)
    rows = max(1, round(math.sqrt(blocks * COLUMN / ROW / 1.6)))
    nodes: dict[NodeId, Node] = {}
    for number in range(blocks):
        kind = "input" if number == 0 else "add" if number % 2 else chance.choice(KINDS)
        id = NodeId(f"n{number}")
        column, row = divmod(number, rows)
        nodes[id] = Node(id, kind, f"block{number}", {}, float(COLUMN * column), float(ROW * row))
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
