"""Locked blocks, frames and notes: they keep their place and their wires, and are not deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter

from graph import remark_edits
from graph.edits import label
from graph.model import Document, Edge, Graph, Node, NodeId
from graph.problems import UserError
from graph.remarks import Frame, Remark, RemarkId

Ids = Iterable[NodeId]
RemarkIds = Iterable[RemarkId]
Split = tuple[frozenset[NodeId], frozenset[RemarkId]]
REWIRED = "its wires stay as they are"
is_locked = attrgetter("locked")


def set_locked(document: Document, ids: Ids, remarks: RemarkIds, locked: bool) -> Document:
    """The document in which these blocks, frames and notes are locked, or free again."""
    nodes = dict(document.graph.nodes)
    for id in ids:
        if nodes[id].locked is not locked:
            nodes[id] = replace(nodes[id], locked=locked)
    written = (document.graph.remarks[id] for id in remarks)
    made = document.with_graph(nodes)
    return remark_edits.put(made, [replace(each, locked=locked) for each in written])


def locked_of(graph: Graph) -> Split:
    """All locked blocks, and all locked frames and notes."""
    return (
        frozenset(node.id for node in filter(is_locked, graph.nodes.values())),
        frozenset(each.id for each in filter(is_locked, graph.remarks.values())),
    )


def free_of(graph: Graph, ids: Ids, remarks: RemarkIds = ()) -> Split:
    """Those of these blocks, frames and notes that are not locked."""
    nodes, written = graph.nodes, graph.remarks
    return (
        frozenset(id for id in ids if id in nodes and not nodes[id].locked),
        frozenset(id for id in remarks if id in written and not written[id].locked),
    )


def is_held(graph: Graph, edge: Edge) -> bool:
    """Whether a wire is at a locked block."""
    ends = (graph.nodes.get(edge.source), graph.nodes.get(edge.target))
    return any(node is not None and node.locked for node in ends)


def refuse_locked(before: Document, after: Document) -> None:
    """Checks that an edit leaves what is locked as it was.

    A wire may go with the block at its other end, and another may come in its place.

    Raises:
        UserError: something locked was moved, deleted, resized, replaced or rewired.
    """
    old, new = before.graph, after.graph
    if old is new or _place_of(before) != _place_of(after):
        return
    if old.nodes is not new.nodes or old.wires is not new.wires:
        locked = filter(is_locked, old.nodes.values()) if old.census.is_locking else ()
        for node in locked:
            now = new.nodes.get(node.id)
            reason = _why_held(node, now) if now is not node else ""
            if not reason and old.wires is not new.wires and now and now.locked:
                reason = "" if _keeps_wires(old, new, node.id) else REWIRED
            if reason:
                raise UserError(why_held(before, node.id, reason))
    if old.remarks is not new.remarks:
        for remark in filter(is_locked, old.remarks.values()):
            _refuse_remark(remark, new.remarks.get(remark.id))


def why_held(document: Document, id: NodeId, reason: str = "it stays where it is") -> str:
    """That a block is locked, and what follows from it, as a sentence."""
    return f"{label(document, id)} is locked, so {reason}. Unlock it first."


def told_remark(remark: Remark) -> str:
    """How texts name a frame or a note that is locked."""
    if isinstance(remark, Frame):
        return f"The frame “{remark.title}”" if remark.title else "The frame"
    return "The note"


def _place_of(document: Document) -> str:
    return document.scope.definition if document.scope else ""


def _why_held(node: Node, now: Node | None) -> str:
    if now is None:
        return "it is not deleted"
    if not now.locked:
        return ""
    if (now.x, now.y) != (node.x, node.y):
        return "it stays where it is"
    return "it is not replaced" if now.kind != node.kind else ""


def _keeps_wires(old: Graph, new: Graph, id: NodeId) -> bool:
    """Whether a block has the wires that it had; those of blocks that are gone may be others."""
    into, before = new.inputs_of(id), old.inputs_of(id)
    if into is not before:
        ends = [(edge.into, edge.source) for edge in before]
        if not _is_kept(ends, [(edge.into, edge.source) for edge in into], new):
            return False
    fed, were_fed = new.consumers_of(id), old.consumers_of(id)
    if fed is were_fed:
        return True
    ends = [(edge.out, edge.target) for edge in were_fed]
    return _is_kept(sorted(ends), sorted((edge.out, edge.target) for edge in fed), new)


def _is_kept(before: list[tuple[str, NodeId]], now: list[tuple[str, NodeId]], new: Graph) -> bool:
    opened = {port for port, other in before if other not in new.nodes}
    stays = [end for end in before if end[1] in new.nodes]
    left = list(stays)
    for port, other in now:
        if left and left[0] == (port, other):
            left.pop(0)
        elif port not in opened:
            return False
    return not left


def _refuse_remark(remark: Remark, now: Remark | None) -> None:
    if now is None:
        raise UserError(f"{told_remark(remark)} is locked, so it is not deleted. Unlock it first.")
    if now.locked and now.box != remark.box:
        raise UserError(
            f"{told_remark(remark)} is locked, so it keeps its place and size. Unlock it first."
        )
