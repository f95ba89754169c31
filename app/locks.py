"""Locked blocks, frames and notes: locked and let go, passed over by what would change them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from app.i18n import tr
from app.key_texts import in_use
from app.messages import Message
from app.session import Session
from graph.edits import label
from graph.framing import carried
from graph.leading import WirePoint
from graph.locking import Split, free_of, is_locked, locked_of, set_locked, told_remark
from graph.model import Edge, NodeId
from graph.remarks import RemarkId

KEY = "K"


def are_locked(session: Session, ids: Iterable[NodeId] | None = None) -> bool:
    """Whether all that is selected is locked, and something is; of blocks also some others."""
    nodes, remarks = session.document.graph.nodes, session.document.graph.remarks
    ids = session.selection if ids is None else ids
    chosen = [nodes[id].locked for id in ids if id in nodes]
    chosen += [remarks[id].locked for id in session.chosen_remarks if id in remarks]
    return bool(chosen) and all(chosen)


def toggle_locked(session: Session) -> None:
    """Locks the selected blocks, frames and notes; lets them go where all are locked."""
    ids, remarks = session.selection, session.chosen_remarks
    locked = not are_locked(session)
    if ids or remarks:
        done = tr("Lock") if locked else tr("Unlock")
        session.apply(done, partial(set_locked, ids=ids, remarks=remarks, locked=locked))


def has_locked(session: Session) -> bool:
    """Whether anything that is looked at is locked."""
    graph = session.document.graph
    return graph.census.is_locking or any(map(is_locked, graph.remarks.values()))


def unlock_all(session: Session) -> None:
    """Lets everything go that is locked here, and selects it."""
    ids, remarks = locked_of(session.document.graph)
    edit = partial(set_locked, ids=ids, remarks=remarks, locked=False)
    if (ids or remarks) and session.apply(tr("Unlock all"), edit):
        session.select(ids, remarks)


def selectable(session: Session) -> Split:
    """All that is not locked; where nothing is left of a drawing, that is told."""
    graph = session.document.graph
    found = free_of(graph, graph.nodes, graph.remarks)
    if (graph.nodes or graph.remarks) and not any(found):
        key = in_use("Shift+K")
        session.message.emit(Message(tr("Everything here is locked. {key} unlocks it.", key=key)))
    return found


def free(session: Session, ids: Iterable[NodeId], remarks: Iterable[RemarkId] = ()) -> Split:
    """Those of these that are not locked; where some are, that is told."""
    ids, remarks = frozenset(ids), frozenset(remarks)
    found = free_of(session.document.graph, ids, remarks)
    if found != (ids, remarks):
        tell(session, ids - found[0], remarks - found[1])
    return found


def movable(session: Session) -> Split:
    """What of the selection can be moved, with what lies in its frames; what cannot is told."""
    graph, ids, remarks = session.document.graph, session.selection, session.chosen_remarks
    along = carried(graph, *free_of(graph, ids, remarks))
    found = free_of(graph, *along)
    held = (ids | along[0]) - found[0], (remarks | along[1]) - found[1]
    if any(held):
        tell(session, *held)
    return found


def hold_wire(session: Session, *ends: NodeId) -> bool:
    """Whether a wire at these blocks stays as it is, as one is locked; then that is told."""
    nodes = session.document.graph.nodes
    held = frozenset(id for id in ends if id in nodes and nodes[id].locked)
    if held:
        tell(session, held)
    return bool(held)


def free_edges(session: Session, edges: Iterable[Edge]) -> frozenset[Edge]:
    """Those of these wires that are at no locked block; where some are, that is told."""
    nodes = session.document.graph.nodes
    all_ = frozenset(edges)
    ends = {id for edge in all_ for id in (edge.source, edge.target)}
    held = frozenset(id for id in ends if id in nodes and nodes[id].locked)
    if held:
        tell(session, held)
    return frozenset(e for e in all_ if e.source not in held and e.target not in held)


def free_points(session: Session, points: Iterable[WirePoint]) -> frozenset[WirePoint]:
    """Those of these points whose wires are at no locked block; where some are, that is told."""
    all_ = frozenset(points)
    edges = free_edges(session, {point.edge for point in all_})
    return frozenset(point for point in all_ if point.edge in edges)


def tell(
    session: Session, ids: frozenset[NodeId], remarks: frozenset[RemarkId] = frozenset()
) -> None:
    """Tells that these are locked, and how they come free; the same again takes its place."""
    names = [label(session.document, id) for id in ids]
    names += [tr(told_remark(session.document.graph.remarks[id])) for id in remarks]
    if len(names) == 1:
        text = tr("{what} is locked. {key} unlocks it.", what=names[0], key=in_use(KEY))
    else:
        text = tr("{n} of these are locked, and stay as they are.", n=len(names))
    session.message.emit(Message(text))
