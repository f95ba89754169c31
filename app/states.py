"""What a person turns on and off of the selected blocks: frozen weights, bypassed, muted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtWidgets import QMenu

from app.i18n import tr
from app.session import Session
from graph import freezing, switching
from graph.model import Document, Node, NodeId

Fits = Callable[[Document, Node], bool]


def _those(session: Session, ids: Iterable[NodeId], fits: Fits) -> list[NodeId]:
    document, wanted = session.document, set(ids)
    nodes = document.graph.nodes.items()
    return [id for id, node in nodes if id in wanted and fits(document, node)]


def freezable(session: Session, ids: Iterable[NodeId]) -> list[NodeId]:
    """Those of these blocks that have weights, in the order of the drawing."""
    return _those(session, ids, freezing.can_freeze)


def bypassable(session: Session, ids: Iterable[NodeId]) -> list[NodeId]:
    """Those of these blocks that something goes through."""
    return _those(session, ids, switching.can_bypass)


def mutable(session: Session, ids: Iterable[NodeId]) -> list[NodeId]:
    """Those of these blocks that the drawing can do without."""
    return _those(session, ids, switching.can_mute)


def are_frozen(session: Session, ids: Iterable[NodeId]) -> bool:
    """Whether these blocks have weights, and all of them are frozen."""
    graph, found = session.document.graph, freezable(session, ids)
    return bool(found) and all(graph.is_frozen(id) for id in found)


def are_bypassed(session: Session, ids: Iterable[NodeId]) -> bool:
    """Whether all of these blocks that can be bypassed are."""
    found = bypassable(session, ids)
    return bool(found) and all(session.document.node(id).bypassed for id in found)


def are_muted(session: Session, ids: Iterable[NodeId]) -> bool:
    """Whether all of these blocks that can be muted are."""
    found = mutable(session, ids)
    return bool(found) and all(session.document.node(id).muted for id in found)


def toggle_frozen(session: Session, ids: Iterable[NodeId] | None = None) -> None:
    """Freezes the weights of blocks; lets them train again where all are frozen."""
    ids = session.selection if ids is None else ids
    frozen = not are_frozen(session, ids)
    label = tr("Freeze weights") if frozen else tr("Let weights train")
    edit = partial(freezing.set_frozen, ids=freezable(session, ids), frozen=frozen)
    session.apply(label, edit)


def toggle_bypassed(session: Session, ids: Iterable[NodeId] | None = None) -> None:
    """Lets blocks pass on what they receive; lets them work again where all do so."""
    ids = session.selection if ids is None else ids
    bypassed = not are_bypassed(session, ids)
    label = tr("Bypass") if bypassed else tr("Bypass no longer")
    edit = partial(switching.set_bypassed, ids=bypassable(session, ids), bypassed=bypassed)
    session.apply(label, edit)


def toggle_muted(session: Session, ids: Iterable[NodeId] | None = None) -> None:
    """Takes blocks out of the drawing's work; brings them back where all are."""
    ids = session.selection if ids is None else ids
    muted = not are_muted(session, ids)
    label = tr("Mute") if muted else tr("Unmute")
    session.apply(label, partial(switching.set_muted, ids=mutable(session, ids), muted=muted))


def fill_states(menu: QMenu, session: Session) -> None:
    """Adds what is on or off of the selected blocks to their menu."""
    ids = session.selection
    if bypassable(session, ids):
        _add(menu, session, f"{tr('Bypass')}\tCtrl+B", toggle_bypassed, are_bypassed)
    if mutable(session, ids):
        _add(menu, session, f"{tr('Mute')}\tM", toggle_muted, are_muted)
    if freezable(session, ids):
        _add(menu, session, f"{tr('Freeze weights')}\tShift+Z", toggle_frozen, are_frozen)


def _add(
    menu: QMenu,
    session: Session,
    text: str,
    toggle: Callable[[Session], None],
    is_on: Callable[[Session, Iterable[NodeId]], bool],
) -> None:
    action = menu.addAction(text)
    action.setCheckable(True)
    action.setChecked(is_on(session, session.selection))
    action.setEnabled(not session.read_only)
    action.triggered.connect(lambda: toggle(session))
