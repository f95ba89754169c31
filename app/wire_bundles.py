"""Several wires drawn in one step of undo, and what is told of those that were refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from app.i18n import tr, tr_count
from app.messages import Message
from app.session import Session
from graph import edits, joining
from graph.joining import Joined
from graph.model import Document, NodeId

Join = Callable[[Document], Joined]


def apply(session: Session, label: str, join: Join) -> bool:
    """Draws several wires in one step of undo, and tells of those that were refused.

    Returns:
        Whether any was drawn.
    """
    done = join(session.document)
    drawn = bool(done.drawn) and session.apply(label, lambda document: join(document).document)
    if done.refused:
        session.message.emit(Message(told(done), "warning"))
    return drawn


def told(done: Joined) -> str:
    """How many wires are drawn, and why the first of the others is not."""
    if not done.refused:
        return tr_count(done.drawn, "One wire", "{n} wires")
    if not done.drawn:
        return tr(done.refused[0])
    return tr("{drawn} of {all} wires are drawn. {reason}", drawn=done.drawn,
              all=done.drawn + len(done.refused), reason=tr(done.refused[0]))  # fmt: skip


def moving_label(count: int) -> str:
    """What undo would take back after so many wires are taken elsewhere."""
    return tr_count(count, "Re-route wire", "Re-route {n} wires")


def connect_all(session: Session, ids: Iterable[NodeId], target: NodeId) -> None:
    """Wires the first outputs of several blocks to one, from left to right."""
    document = session.document
    nodes = sorted((document.node(id) for id in ids), key=lambda node: (node.x, node.y))
    outs = {node.id: edits.ports_of(document, node.id)[1] for node in nodes}
    starts = [(id, ports[0]) for id, ports in outs.items() if ports]
    label = tr_count(len(starts), "Connect", "Connect {n} wires")
    apply(session, label, partial(joining.fan_in, starts=starts, target=target))
