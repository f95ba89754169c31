"""What a person turns on and off of the selected blocks: frozen, bypassed, muted, collapsed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from PySide6.QtWidgets import QMenu

from app import locks
from app.i18n import tr
from app.key_texts import in_use
from app.session import Session
from graph import collapsing, freezing, switching
from graph.hiding import hidden_in
from graph.model import Document, Node, NodeId
from graph.remarks import RemarkId

Fits = Callable[[Document, Node], bool]
Ids = Iterable[NodeId]


def _those(session: Session, ids: Ids, fits: Fits) -> Iterator[NodeId]:
    document = session.document
    nodes = document.graph.nodes
    return (id for id in ids if id in nodes and fits(document, nodes[id]))


def freezable(session: Session, ids: Ids) -> Iterator[NodeId]:
    """Those of these blocks that have weights."""
    return _those(session, ids, freezing.can_freeze)


def bypassable(session: Session, ids: Ids) -> Iterator[NodeId]:
    """Those of these blocks that something goes through."""
    return _those(session, ids, switching.can_bypass)


def mutable(session: Session, ids: Ids) -> Iterator[NodeId]:
    """Those of these blocks that the drawing can do without."""
    return _those(session, ids, switching.can_mute)


def is_any(which: Callable[[Session, Ids], Iterator[NodeId]], session: Session) -> bool:
    """Whether one of the selected blocks is such; no further one is looked at."""
    return next(which(session, session.selection), None) is not None


def are_frozen(session: Session, ids: Ids) -> bool:
    """Whether these blocks have weights, and all of them are frozen."""
    return _are(freezable(session, ids), session.document.graph.is_frozen)


def are_bypassed(session: Session, ids: Ids) -> bool:
    """Whether all of these blocks that can be bypassed are."""
    return _are(bypassable(session, ids), lambda id: session.document.node(id).bypassed)


def are_muted(session: Session, ids: Ids) -> bool:
    """Whether all of these blocks that can be muted are."""
    return _are(mutable(session, ids), lambda id: session.document.node(id).muted)


def _are(found: Iterator[NodeId], is_on: Callable[[NodeId], bool]) -> bool:
    first = next(found, None)
    return first is not None and is_on(first) and all(map(is_on, found))


def toggle_frozen(session: Session, ids: Ids | None = None) -> None:
    """Freezes the weights of blocks; lets them train again where all are frozen."""
    ids = session.selection if ids is None else ids
    frozen = not are_frozen(session, ids)
    label = tr("Freeze weights") if frozen else tr("Let weights train")
    edit = partial(freezing.set_frozen, ids=list(freezable(session, ids)), frozen=frozen)
    session.apply(label, edit)


def toggle_bypassed(session: Session, ids: Ids | None = None) -> None:
    """Lets blocks pass on what they receive; lets them work again where all do so."""
    ids = session.selection if ids is None else ids
    bypassed = not are_bypassed(session, ids)
    label = tr("Bypass") if bypassed else tr("Bypass no longer")
    edit = partial(switching.set_bypassed, ids=list(bypassable(session, ids)), bypassed=bypassed)
    session.apply(label, edit)


def toggle_muted(session: Session, ids: Ids | None = None) -> None:
    """Takes blocks out of the drawing's work; brings them back where all are."""
    ids = session.selection if ids is None else ids
    muted = not are_muted(session, ids)
    label = tr("Mute") if muted else tr("Unmute")
    session.apply(label, partial(switching.set_muted, ids=list(mutable(session, ids)), muted=muted))


def can_collapse(session: Session) -> bool:
    """Whether a block or a frame is selected."""
    frames = collapsing.frames_of(session.document.graph, session.chosen_remarks)
    return bool(session.selection or frames)


def are_collapsed(session: Session, ids: Ids, frames: Iterable[RemarkId] | None = None) -> bool:
    """Whether all of these blocks and frames, or the selected ones, are drawn as titles alone."""
    graph = session.document.graph
    ids = [id for id in ids if id in graph.nodes]
    held = collapsing.frames_of(graph, session.chosen_remarks if frames is None else frames)
    return bool(ids or held) and (
        all(graph.nodes[id].collapsed for id in ids) and all(each.is_collapsed for each in held)
    )


def toggle_collapsed(
    session: Session, ids: Ids | None = None, frames: Iterable[RemarkId] | None = None
) -> None:
    """Draws blocks and frames as their titles alone; draws them whole where all are."""
    ids = list(session.selection if ids is None else ids)
    frames = list(session.chosen_remarks if frames is None else frames)
    collapsed = not are_collapsed(session, ids, frames)
    held = collapsing.frames_of(session.document.graph, frames)
    if not ids and not held:
        return
    label = tr("Collapse") if collapsed else tr("Expand")
    if held and not ids:
        label = tr("Collapse frame") if collapsed else tr("Expand frame")

    def turned(document: Document) -> Document:
        document = collapsing.set_collapsed(document, ids, collapsed)
        return collapsing.set_frames_collapsed(document, frames, collapsed)

    if session.apply(label, turned) and held and collapsed:
        hidden = hidden_in(session.document.graph.remarks)
        session.select(session.selection - hidden.keys(), session.chosen_remarks - hidden.keys())


def open_frame(session: Session, id: RemarkId) -> bool:
    """Shows again what a frame hides; whether it is one that does."""
    held = collapsing.frames_of(session.document.graph, [id])
    is_bar = any(each.is_collapsed for each in held)
    if is_bar:
        toggle_collapsed(session, (), [id])
    return is_bar


def fill_states(menu: QMenu, session: Session) -> None:
    """Adds what is on or off of the selected blocks to their menu."""
    if is_any(bypassable, session):
        _add(menu, session, f"{tr('Bypass')}\tCtrl+B", toggle_bypassed, are_bypassed)
    if is_any(mutable, session):
        _add(menu, session, f"{tr('Mute')}\tM", toggle_muted, are_muted)
    if is_any(freezable, session):
        _add(menu, session, f"{tr('Freeze weights')}\tShift+Z", toggle_frozen, are_frozen)


def fill_looks(menu: QMenu, session: Session) -> None:
    """Adds what of the selected blocks is for the eye alone to their menu."""
    collapse, lock = in_use("Alt+C"), in_use(locks.KEY)
    _add(menu, session, f"{tr('Collapse')}\t{collapse}", toggle_collapsed, are_collapsed)
    _add(menu, session, f"{tr('Lock')}\t{lock}", locks.toggle_locked, locks.are_locked)


def _add(
    menu: QMenu,
    session: Session,
    text: str,
    toggle: Callable[[Session], None],
    is_on: Callable[[Session, Ids], bool],
) -> None:
    action = menu.addAction(text)
    action.setCheckable(True)
    action.setChecked(is_on(session, session.selection))
    action.setEnabled(not session.read_only)
    action.triggered.connect(lambda: toggle(session))
