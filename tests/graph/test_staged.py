"""Auto-layout of networks whose skips lie in each other."""

from __future__ import annotations

from itertools import combinations

import pytest

from graph import edits
from graph.gallery import find
from graph.layout import COLUMN_PX, ROW_PX, layout
from graph.model import Document, NodeId

WIDE = 1.6


def unet(levels: int, per_level: int = 2) -> tuple[Document, list[tuple[NodeId, NodeId]]]:
    """A U-Net, and its skips from the outermost to the innermost."""
    document = Document()
    skips: list[tuple[NodeId, NodeId]] = []

    def add(kind: str, *sources: NodeId) -> NodeId:
        nonlocal document
        id = edits.next_node_id(document)
        document = edits.add(document, kind)
        for source in sources:
            port = "xs" if kind == "concat" else "x"
            document = edits.connect(document, source, "y", id, port)
        return id

    def convolve(last: NodeId) -> NodeId:
        for _ in range(per_level):
            last = add("relu", add("conv2d", last))
        return last

    last, waiting = add("input"), []
    for _ in range(levels):
        waiting.append(convolve(last))
        last = add("max_pool2d", waiting[-1])
    last = convolve(last)
    while waiting:
        up = add("transposed_conv2d", last)
        joined = add("concat", waiting[-1], up)
        skips.insert(0, (waiting.pop(), joined))
        last = convolve(joined)
    add("output", last)
    return document, skips


@pytest.mark.parametrize("levels", [2, 3, 5])
def test_a_unet_reads_from_left_to_right_in_stages_that_read_downwards(levels):
    document, _ = unet(levels)
    at = layout(document.graph, WIDE)
    assert len({x for x, _ in at.values()}) == 2 * levels + 1
    for edge in document.graph.edges():
        (x1, y1), (x2, y2) = at[edge.source], at[edge.target]
        assert x1 < x2 or (x1 == x2 and y2 - y1 == ROW_PX)


def test_its_skips_arch_over_each_other():
    document, skips = unet(4)
    at = layout(document.graph, WIDE)
    tops = [at[target][1] for _, target in skips]
    assert tops == sorted(tops)
    assert len(set(tops)) == 4
    for (source, target), top in zip(skips, tops, strict=True):
        between = [y for x, y in at.values() if at[source][0] < x < at[target][0]]
        assert min(between) > top


def test_the_unet_of_the_gallery_stands_so_too():
    document = find("latent-diffusion").build().inside("UNet")
    at = layout(document.graph, WIDE)
    assert len({x for x, _ in at.values()}) > 6
    for (ax, ay), (bx, by) in combinations(at.values(), 2):
        assert abs(ax - bx) >= COLUMN_PX or abs(ay - by) >= ROW_PX


def test_without_a_view_to_fill_every_wire_leads_down():
    document, _ = unet(3)
    at = layout(document.graph)
    assert all(at[edge.source][1] < at[edge.target][1] for edge in document.graph.edges())


def test_a_residual_block_stays_in_one_piece():
    document = find("resnet-18").build().inside("BasicBlock")
    at = layout(document.graph, WIDE)
    assert all(at[edge.source][1] < at[edge.target][1] for edge in document.graph.edges())
