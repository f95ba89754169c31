"""What lies in a frame, a frame around blocks, and frames that follow where blocks have gone."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Set
from dataclasses import replace

from graph import remark_edits
from graph.hiding import held_in, hidden_in
from graph.model import Document, Graph, Node, NodeId
from graph.remark_edits import Box, moved
from graph.remarks import Frame, Remark, RemarkId
from graph.room import WIDE_PX, height_px

TITLE_PX = 24.0
SIDE_PX, BELOW_PX = 20.0, 10.0
"""With the title above, frames around blocks in neighbouring rows just touch."""
Contents = tuple[frozenset[NodeId], frozenset[RemarkId]]
Middles = list[tuple[float, float, NodeId]]


def contents(graph: Graph, ids: Iterable[RemarkId]) -> Contents:
    """The blocks whose middle lies in these frames, and the remarks that lie wholly in them.

    Of collapsed frames, among these or in them, it is what they hide.
    """
    frames = [each for id in ids if isinstance(each := graph.remarks.get(id), Frame)]
    if not frames:
        return frozenset(), frozenset()
    blocks = _by_height(graph)
    nodes: set[NodeId] = set()
    inner: set[RemarkId] = set()
    for frame in frames:
        held = _held(graph, blocks, frame)
        nodes, inner = nodes | held[0], inner | held[1]
    return frozenset(nodes), frozenset(inner - {frame.id for frame in frames})


def carried(graph: Graph, nodes: Iterable[NodeId], remarks: Iterable[RemarkId]) -> Contents:
    """These blocks and remarks, and what goes along with them because it lies in a frame."""
    remarks = frozenset(remarks)
    inside, inner = contents(graph, remarks)
    return frozenset(nodes) | inside, remarks | inner


def box_around(
    graph: Graph, nodes: Iterable[NodeId], remarks: Iterable[RemarkId] = ()
) -> Box | None:
    """The box of a frame that has these in it with a margin; None where there are none."""
    boxes = [box_of(graph.nodes[id]) for id in nodes]
    boxes += [graph.remarks[id].box for id in remarks]
    return _with_margin(_union(boxes)) if boxes else None


def fitted(document: Document, ids: Iterable[RemarkId]) -> Document:
    """The document with frames as large as what lies in them; inner ones are fitted first."""
    known = document.graph.remarks
    frames = [each for id in ids if isinstance(each := known.get(id), Frame)]
    for frame in sorted(frames, key=lambda each: each.width * each.height):
        graph = document.graph
        box = box_around(graph, *contents(graph, [frame.id]))
        if box is not None:
            document = remark_edits.resize(document, frame.id, box)
    return document


def refitted(before: Document, after: Document, placed: Set[NodeId]) -> Document:
    """The later document with frames around the blocks that they were around before.

    What else lies in a frame goes as far as the blocks do. Frames stay that have no blocks, or
    some that are not among those that were placed anew.
    """
    frames = [each for each in before.graph.remarks.values() if isinstance(each, Frame)]
    blocks = _by_height(before.graph) if frames else []
    found: dict[RemarkId, Remark] = {}
    for frame in sorted(frames, key=lambda each: each.width * each.height):
        nodes, inner = _held(before.graph, blocks, frame)
        if not nodes or not nodes <= placed:
            continue
        was = _union([box_of(before.graph.nodes[id]) for id in nodes])
        boxes = [box_of(after.graph.nodes[id]) for id in nodes]
        now = _union(boxes)
        for id in inner:
            remark = before.graph.remarks[id]
            if id not in found:
                found[id] = moved(remark, now[0] - was[0], now[1] - was[1])
            boxes.append(found[id].box)
        left, top, right, bottom = _with_margin(_union(boxes))
        found[frame.id] = replace(frame, x=left, y=top, width=right - left, height=bottom - top)
    return remark_edits.put(after, found.values())


def box_of(node: Node) -> Box:
    """The left, top, right and bottom of a block."""
    return (node.x, node.y, node.x + WIDE_PX, node.y + height_px(node))


def _by_height(graph: Graph) -> Middles:
    """The middles of all blocks, y before x, sorted so that those in a frame are found fast.

    Those that a collapsed frame hides are left out: they go where it goes.
    """
    hidden = hidden_in(graph.remarks)
    return sorted(
        (node.y + height_px(node) / 2, node.x + WIDE_PX / 2, id)
        for id, node in graph.nodes.items()
        if id not in hidden
    )


def _held(graph: Graph, blocks: Middles, frame: Frame) -> tuple[set[NodeId], set[RemarkId]]:
    """The blocks, and the frames and notes, that lie in a frame or are hidden by it."""
    if frame.is_collapsed:
        return held_in(graph, [frame.id])
    inner = _remarks_in(graph, frame) - hidden_in(graph.remarks).keys()
    nodes, deeper = held_in(graph, inner)
    return _blocks_in(blocks, frame) | nodes, {RemarkId(id) for id in inner} | deeper


def _blocks_in(blocks: Middles, frame: Frame) -> set[NodeId]:
    left, top, right, bottom = frame.box
    first = bisect_left(blocks, top, key=lambda block: block[0])
    last = bisect_right(blocks, bottom, key=lambda block: block[0])
    return {id for _, x, id in blocks[first:last] if left <= x <= right}


def _remarks_in(graph: Graph, frame: Frame) -> set[RemarkId]:
    left, top, right, bottom = frame.box
    return {
        id
        for id, each in graph.remarks.items()
        if id != frame.id and _lies_in(each.shown, (left, top, right, bottom))
    }


def _lies_in(box: Box, other: Box) -> bool:
    return other[0] <= box[0] and other[1] <= box[1] and box[2] <= other[2] and box[3] <= other[3]


def _union(boxes: list[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def _with_margin(box: Box) -> Box:
    left, top, right, bottom = box
    return (left - SIDE_PX, top - TITLE_PX, right + SIDE_PX, bottom + BELOW_PX)
