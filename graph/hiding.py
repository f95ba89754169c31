"""What collapsed frames hide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from graph.model import Graph, NodeId
from graph.remarks import Frame, Remark, RemarkId, Remarks


def hidden_in(remarks: Remarks) -> Mapping[str, RemarkId]:
    """The frame in which each block, frame or note is hidden that is in a collapsed one.

    Of frames in frames it is the outermost, which itself is drawn; of frames that hide each other,
    as only a damaged file has them, the first.
    """
    closed = [each for each in remarks.values() if isinstance(each, Frame) and each.is_collapsed]
    if not closed:
        return {}
    inner = {id for frame in closed for id in frame.hides or () if id != frame.id}
    found: dict[str, RemarkId] = {}
    drawn: set[str] = set()
    for frame in sorted(closed, key=lambda each: each.id in inner):
        if frame.id not in found:
            drawn.add(frame.id)
            named = (id for id in frame.hides or () if id not in found and id not in drawn)
            found |= dict.fromkeys(named, frame.id)
    return found


def held_in(graph: Graph, remarks: Iterable[RemarkId]) -> tuple[set[NodeId], set[RemarkId]]:
    """The blocks, and the frames and notes, that those of these are hiding that are collapsed."""
    frames = (graph.remarks.get(id) for id in remarks)
    named = {id for each in frames if isinstance(each, Frame) for id in each.hides or ()}
    return (
        {NodeId(id) for id in named & graph.nodes.keys()},
        {RemarkId(id) for id in named & graph.remarks.keys()},
    )


def hiding(
    remark: Remark, blocks: Mapping[NodeId, NodeId], remarks: Mapping[RemarkId, RemarkId]
) -> Remark:
    """The copy of a frame that hides the copies of what that hides, which have these ids."""
    if not isinstance(remark, Frame) or remark.hides is None:
        return remark
    ids = {str(old): str(new) for old, new in [*blocks.items(), *remarks.items()]}
    return replace(remark, hides=frozenset(ids[id] for id in remark.hides if id in ids))
