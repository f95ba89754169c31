"""Networks for tests of figures."""

from __future__ import annotations

from graph import edits
from graph.model import Document


def wired(*steps: tuple[str, tuple[int, ...], dict[str, object]]) -> Document:
    """A drawing of blocks in order, each fed by earlier ones, counted from 0."""
    document = Document(name="Test")
    for kind, sources, params in steps:
        id = edits.next_node_id(document)
        document = edits.add(document, kind, params=params)
        ins = edits.ports_of(document, id)[0]
        for place, source in enumerate(sources):
            port = ins[min(place, len(ins) - 1)].name
            document = edits.connect(document, f"n{source + 1}", "y", id, port)
    return document


def conv(source: int, channels: int, **more: object) -> tuple[str, tuple[int, ...], dict]:
    return ("conv2d", (source,), {"out_channels": channels, "padding": 1, **more})


U_NET = wired(
    ("input", (), {"shape": "1, 64, 64"}),
    conv(0, 16), ("relu", (1,), {}), ("max_pool2d", (2,), {}),
    conv(3, 32), ("relu", (4,), {}), ("max_pool2d", (5,), {}),
    conv(6, 64), ("relu", (7,), {}),
    ("transposed_conv2d", (8,), {"out_channels": 32, "kernel_size": 2, "stride": 2}),
    ("concat", (5, 9), {"axis": 1}), conv(10, 32),
    ("transposed_conv2d", (11,), {"out_channels": 16, "kernel_size": 2, "stride": 2}),
    ("concat", (2, 12), {"axis": 1}), conv(13, 2),
)  # fmt: skip
