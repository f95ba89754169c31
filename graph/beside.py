"""Notes that stand free keep beside the block that they are about, wherever that is placed."""

from __future__ import annotations

import math
from collections.abc import Iterable

from graph import remark_edits
from graph.framing import box_of, contents
from graph.model import Document
from graph.remark_edits import Box, moved
from graph.remarks import Note, Remark

GAP_PX = 24.0
MOST_PAIRS = 200_000
"""Of a note and a block that are looked at; with more, notes stay where they are."""


def kept_beside(before: Document, after: Document) -> Document:
    """The later document in which each note that stayed goes as far as its nearest block has gone.

    Where another block would cover it, it stands to the right of all blocks instead.
    """
    known, remarks = before.graph.remarks, after.graph.remarks
    framed = contents(before.graph, known)[1]
    free = {
        id: each
        for id, each in remarks.items()
        if isinstance(each, Note) and each is known.get(id) and id not in framed
    }
    old, new = before.graph.nodes, after.graph.nodes
    if not free or not old or len(free) * len(new) > MOST_PAIRS:
        return after
    blocks = [box_of(node) for node in new.values()]
    standing = [each.box for id, each in remarks.items() if id not in free]
    found: list[Remark] = []
    for note in free.values():
        nearest = min(old, key=lambda id: _gap(note.box, box_of(old[id])))
        was, now = old[nearest], new.get(nearest, old[nearest])
        there: Remark = moved(note, now.x - was.x, now.y - was.y)
        lay_over = _meets(note.box, map(box_of, old.values()))
        if not lay_over and _meets(there.box, blocks):
            there = moved(there, max(box[2] for box in blocks) + GAP_PX - there.x, 0.0)
        if there.box != note.box:
            there = _below(there, standing)
        standing.append(there.box)
        found.append(there)
    return remark_edits.put(after, found)


def _below(remark: Remark, others: list[Box]) -> Remark:
    """The remark, moved down as long as another is in its way."""
    for _ in others:
        if not _meets(remark.box, others):
            break
        remark = moved(remark, 0.0, remark.height + GAP_PX)
    return remark


def _gap(a: Box, b: Box) -> float:
    """How far two boxes are apart; 0 where they meet."""
    across = max(a[0] - b[2], b[0] - a[2], 0.0)
    along = max(a[1] - b[3], b[1] - a[3], 0.0)
    return math.hypot(across, along)


def _meets(box: Box, others: Iterable[Box]) -> bool:
    return any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
        for other in others
    )
