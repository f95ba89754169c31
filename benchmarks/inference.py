"""How long it takes to know all types of a large drawing: from scratch, after edits, and by torch.

The drawing is a residual network with about a thousand blocks. The reference is the same drawing
typed by torch: its printed source, made and run on the meta device.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import torch

from backends.pytorch.compile import build
from backends.pytorch.source import print_source
from benchmarks.report import Bar, median_ms, report
from graph import edits
from graph.cost import costs
from graph.infer import Typing, infer
from graph.lower import lower
from graph.model import Document, Edge, Graph, Node, NodeId, Wires
from graph.params import Value

SCRATCH_MS = 20.0
EDIT_MS = 2.0
UNIT = ("conv2d", "batch_norm", "relu", "conv2d", "batch_norm", "add", "relu")
UNITS = 142
CONV: dict[str, Value] = {"out_channels": 16, "same": True}


def residual_network(units: int = UNITS) -> Document:
    """An Input, a convolution, so many residual units, a classifier: 7 blocks a unit and 5."""
    kinds = ["input", "conv2d", *UNIT * units, "global_avg_pool", "dense", "output"]
    ids = [NodeId(f"n{number}") for number in range(1, len(kinds) + 1)]
    nodes = {
        id: Node(id, kind, f"{kind}_{id}", CONV if kind == "conv2d" else {}, 0.0, 100.0 * at)
        for at, (id, kind) in enumerate(zip(ids, kinds, strict=True))
    }
    into: dict[NodeId, tuple[Edge, ...]] = {}
    for source, target in pairwise(ids):
        port = "xs" if nodes[target].kind == "add" else "x"
        into[target] = (Edge(source, "y", target, port),)
    for at, id in enumerate(ids):
        if nodes[id].kind == "add":
            into[id] = (*into[id], Edge(ids[at - 6], "y", id, "xs", 1))
    return Document(Graph(nodes, Wires(into)), next_id=len(ids) + 1)


def edits_of(document: Document) -> dict[str, Callable[[], Document]]:
    """What people do, at the start, where most blocks follow, and in the middle."""
    ids = list(document.graph.nodes)
    first, middle = ids[1], ids[len(ids) // 2]
    wire = document.graph.inputs_of(middle)[0]
    added = edits.add(document, "relu", (0.0, 0.0))
    return {
        "a parameter that changes no type": lambda: edits.set_param(
            document, [first], "bias", False
        ),
        "a parameter that changes all types": lambda: edits.set_param(
            document, [ids[0]], "shape", "3, 32, 32"
        ),
        "a width that does not fit": lambda: edits.set_param(document, [first], "out_channels", 24),
        "a block moved": lambda: edits.move(document, {middle: (5.0, 5.0)}),
        "a block renamed": lambda: edits.rename(document, middle, "renamed"),
        "a block added": lambda: added,
        "a wire taken away": lambda: edits.disconnect(document, [wire]),
        "a block taken away": lambda: edits.remove(document, [middle]),
    }


def typed_by_torch(document: Document, typing: Typing) -> Callable[[], object]:
    """Makes the drawing's model on the meta device and runs it."""
    source = print_source(lower(document, typing))

    def act() -> object:
        with torch.device("meta"), torch.no_grad():
            model = build(source.model, "", 0).model.eval()
            return model(torch.empty(1, 1, 28, 28))

    return act


def main() -> int:
    """Measures, and prints what was measured."""
    document = residual_network()
    blocks = len(document.graph.nodes)
    typing = infer(document)
    assert not typing.problems and len(typing.types) == blocks, "the drawing is whole"
    scratch = median_ms(lambda: infer(document), repeats=25)
    bars = [Bar(f"types of {blocks:,} blocks from scratch, ms", scratch, SCRATCH_MS)]
    for what, act in edits_of(document).items():
        after = median_ms(partial(infer, act(), typing), repeats=25)
        bars.append(Bar(f"after an edit: {what}, ms", after, EDIT_MS))
    by_torch = median_ms(typed_by_torch(document, typing), repeats=5, warm_up=1)
    counted = median_ms(lambda: costs(document, typing), repeats=9)
    detail = {
        "blocks": blocks,
        "torch_meta_ms": by_torch,
        "torch_meta_over_scratch": round(by_torch / scratch, 1),
        "us_a_block": round(1e3 * scratch / blocks, 2),
        "costs_ms": counted,
    }
    return report("inference", bars, detail)


if __name__ == "__main__":
    sys.exit(main())
