"""What a person turns on and off of the selected blocks: whether their weights are frozen."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtWidgets import QMenu

from app.i18n import tr
from app.session import Session
from graph import freezing
from graph.model import NodeId


def freezable(session: Session, ids: Iterable[NodeId]) -> list[NodeId]:
    """Those of these blocks that have weights, in the order of the drawing."""
    document, wanted = session.document, set(ids)
    return [
        id
        for id, node in document.graph.nodes.items()
        if id in wanted and freezing.can_freeze(document, node)
    ]


def are_frozen(session: Session, ids: Iterable[NodeId]) -> bool:
    """Whether these blocks have weights, and all of them are frozen."""
    graph, found = session.document.graph, freezable(session, ids)
    return bool(found) and all(graph.is_frozen(id) for id in found)


def toggle_frozen(session: Session, ids: Iterable[NodeId] | None = None) -> None:
    """Freezes the weights of blocks; lets them train again where all are frozen."""
    ids = session.selection if ids is None else ids
    frozen = not are_frozen(session, ids)
    label = tr("Freeze weights") if frozen else tr("Let weights train")
    edit = partial(freezing.set_frozen, ids=freezable(session, ids), frozen=frozen)
    session.apply(label, edit)


def fill_states(menu: QMenu, session: Session) -> None:
    """Adds what is on or off of the selected blocks to their menu."""
    ids = session.selection
    if freezable(session, ids):
        action = menu.addAction(f"{tr('Freeze weights')}\tShift+F")
        action.setCheckable(True)
        action.setChecked(are_frozen(session, ids))
        action.setEnabled(not session.read_only)
        action.triggered.connect(lambda: toggle_frozen(session))
