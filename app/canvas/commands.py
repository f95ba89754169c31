"""What menus and keys do to the selected blocks and wires."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QCursor

from app import locks, wire_bundles
from app.canvas import added, adding, clipboard
from app.canvas.clipboard import box_of
from app.canvas.geometry import GRID, NODE_H, NODE_W
from app.canvas.gestures.moving import moved_by
from app.canvas.ports import PortRef
from app.canvas.snapping import on_grid
from app.canvas.told import told_cut, told_delete, told_move, told_points
from app.canvas.wire_rules import WireRules
from app.i18n import tr, tr_count
from app.messages import Message
from graph import clipboard as clips
from graph import edits, leading, remark_edits, surgery
from graph.change import diff
from graph.clipboard import Clip
from graph.hiding import held_in
from graph.joining import join
from graph.kinds import kinds_of
from graph.layout import COLUMN_PX
from graph.leading import NO_POINTS, WirePoint
from graph.model import Document, Edge, NodeId
from graph.params import Value
from graph.problems import UserError
from graph.remarks import RemarkId
from graph.room import free_place

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session

PASTE_STEP = (GRID, GRID)


def may_edit(session: Session) -> bool:
    """Whether the document can be changed; tells why where it cannot."""
    if session.read_only:
        session.message.emit(Message(session.read_only, "warning"))
    return not session.read_only


def may_rewire(session: Session, *ends: NodeId) -> bool:
    """Whether wires at these blocks can be changed; tells why where they cannot."""
    return may_edit(session) and not locks.hold_wire(session, *ends)


def add_block(
    canvas: Canvas,
    session: Session,
    kind: str,
    values: Mapping[str, Value] = edits.NO_PARAMS,
    *,
    branches: bool = False,
) -> None:
    """Adds a block below the selected one, wired to it if it takes what comes out there.

    Where one wire leads on, the block goes into it, unless it `branches` off.
    A block without inputs goes above it, and feeds it what it still needs. Where no single block
    is selected, the new one is added in the middle of the view.
    """
    kind, prepare = added.resolved(session, kind)
    if not kind:
        return
    document = prepare(session.document) if prepare else session.document
    registry = kinds_of(document, session.registry)
    id = edits.next_node_id(document)
    block = registry.find(kind)
    chosen = next(iter(session.selection)) if len(session.selection) == 1 else None
    if chosen is not None and block is not None:
        edit: adding.Edit = partial(adding.add_below, kind=kind, id=chosen)
        is_free = not document.node(chosen).locked
        if is_free and adding.can_add_after(
            block, chosen, document, session.typing, registry, values
        ):
            edit = partial(adding.add_after, kind=kind, id=chosen, registry=registry)
            wire = adding.only_wire_from(document, chosen, registry)
            if wire and adding.can_stand_in_wire(block) and not branches:
                edit = partial(adding.insert_into, edge=wire, kind=kind, registry=registry)
        elif is_free and adding.can_add_before(
            block, chosen, document, session.typing, registry, session.data_info
        ):
            edit = partial(adding.add_before, kind=kind, id=chosen, registry=registry)
    else:
        middle = canvas.at(QPointF(canvas.rect().center()))
        at = on_grid(middle.x() - NODE_W / 2, middle.y() - NODE_H / 2)
        edit = partial(adding.add_at, kind=kind, at=at)
    if added.add(session, kind, edit, prepare, values):
        canvas.center_on([id])


def take_back(canvas: Canvas, session: Session) -> None:
    """Takes the last step back, and shows where that was."""
    _step(canvas, session, session.undo)


def do_again(canvas: Canvas, session: Session) -> None:
    """Does the step again that was taken back, and shows where."""
    _step(canvas, session, session.redo)


def _step(canvas: Canvas, session: Session, step: Callable[[], None]) -> None:
    before, place = session.document, session.place
    step()
    if session.place != place:
        return  # the other place shows itself
    change = diff(before, session.document)
    gone = [before.graph.nodes[id] for id in change.removed]
    boxes = [(node.x, node.y, node.x + NODE_W, node.y + NODE_H) for node in gone]
    boxes += [
        each.shown
        for id in change.remarks
        if (each := session.document.graph.remarks.get(id) or before.graph.remarks.get(id))
    ]
    touched = change.added | change.changed | change.moved
    if not touched and not boxes:
        wires = change.edges_added | change.edges_removed | change.edges_led
        touched = frozenset(id for edge in wires for id in (edge.source, edge.target))
    boxes += canvas.mirror.boxes_of(touched)
    canvas.reveal(boxes)


def copy(session: Session) -> None:
    """Copies what is selected."""
    if has_selection(session):
        clip = clips.copy(session.document, session.selection, session.chosen_remarks)
        clipboard.put(clip, session)


def cut(session: Session) -> None:
    """Copies and removes what is selected."""
    if has_selection(session) and may_edit(session):
        copy(session)
        chosen = locks.free(session, *_whole(session))
        if any(chosen):
            edit = partial(_without, ids=chosen[0], remarks=chosen[1])
            session.apply(told_cut(session.document, *chosen), edit)


def paste(canvas: Canvas, session: Session, pos: QPointF | None = None) -> None:
    """Adds the copied blocks at a place of the widget, at the pointer, or where they can be seen.

    Pasted twice at one place, they do not cover each other exactly.
    """
    try:
        clip = clipboard.take()
    except UserError as error:
        session.message.emit(Message(str(error), "warning"))
        return
    if not clip.nodes and not clip.remarks:
        return
    if pos is None:
        pointer = QPointF(canvas.mapFromGlobal(QCursor.pos()))
        inside = canvas.rect().contains(pointer.toPoint()) and canvas.underMouse()
        pos = pointer if inside else QPointF(canvas.rect().center())
    offset = uncovered(session.document, clip, _centred(clip, canvas.at(pos)))
    _add_copies(canvas, session, tr("Paste"), clip, offset, linked=clipboard.is_from(session))


def duplicate(canvas: Canvas, session: Session) -> None:
    """Adds copies of what is selected to the right of it."""
    if not has_selection(session) or not may_edit(session):
        return
    clip = clips.copy(session.document, session.selection, session.chosen_remarks)
    left, _, right, _ = box_of(clip)
    step = math.ceil((right - left + COLUMN_PX - NODE_W) / GRID) * GRID
    offset = uncovered(session.document, clip, (step, 0.0))
    if clip.nodes:
        corner = min(clip.nodes, key=lambda node: node.x)
        x, _ = free_place(session.document, (corner.x + step, corner.y))
        offset = (x - corner.x, 0.0)
    _add_copies(canvas, session, tr("Duplicate"), clip, offset, linked=True)


def _add_copies(
    canvas: Canvas,
    session: Session,
    done: str,
    clip: Clip,
    offset: tuple[float, float],
    *,
    linked: bool,
) -> None:
    """Adds what was copied, selects it and shows it."""
    before = session.document.graph
    if session.apply(done, lambda d: clips.paste(d, clip, offset, linked=linked)[0]):
        graph = session.document.graph
        remarks = graph.remarks.keys() - before.remarks.keys()
        session.select(graph.nodes.keys() - before.nodes.keys(), remarks)
        canvas.center_on(session.selection)
        if not session.selection:
            canvas.reveal([graph.remarks[id].shown for id in remarks])


def _centred(clip: Clip, at: QPointF) -> tuple[float, float]:
    """How far the clip moves so that its middle is at a place, its first block on the grid."""
    left, top, right, bottom = box_of(clip)
    x = min((node.x for node in clip.nodes), default=left)
    y = min((node.y for node in clip.nodes), default=top)
    grid_x, grid_y = on_grid(x + at.x() - (left + right) / 2, y + at.y() - (top + bottom) / 2)
    return (grid_x - x, grid_y - y)


def uncovered(document: Document, clip: Clip, offset: tuple[float, float]) -> tuple[float, float]:
    """The offset, moved on as long as a copy would lie exactly over a block, frame or note."""
    taken = {(node.x, node.y) for node in document.graph.nodes.values()}
    taken |= {(each.x, each.y) for each in document.graph.remarks.values()}
    copied = [(node.x, node.y) for node in clip.nodes]
    copied += [(each.x, each.y) for each in clip.remarks]
    dx, dy = offset
    while any(edits.place((x + dx, y + dy)) in taken for x, y in copied):
        dx, dy = dx + PASTE_STEP[0], dy + PASTE_STEP[1]
    return (dx, dy)


def delete(
    session: Session,
    edges: frozenset[Edge],
    points: frozenset[WirePoint] = NO_POINTS,
    *,
    heal: bool = False,
) -> None:
    """Removes what is selected, these wires and points; with `heal` chains are closed again."""
    ids, remarks = locks.free(session, *_whole(session))
    edges, points = locks.free_edges(session, edges), locks.free_points(session, points)
    if not ids and not remarks and not edges and not points:
        return
    if ids or remarks:
        done = told_delete(session.document, ids, remarks)
    elif edges:
        done = tr_count(len(edges), "Delete wire", "Delete {n} wires")
    else:
        done = tr_count(len(points), "Delete point", "Delete {n} points")
    edit = partial(_without, ids=ids, remarks=remarks, edges=edges, points=points, heal=heal)
    session.apply(done, edit)


def _whole(session: Session) -> tuple[frozenset[NodeId], frozenset[RemarkId]]:
    """What is selected, with what collapsed frames hide: these are one thing."""
    held = held_in(session.document.graph, session.chosen_remarks)
    return session.selection | held[0], session.chosen_remarks | held[1]


def _without(
    document: Document,
    ids: frozenset[NodeId],
    remarks: frozenset[RemarkId],
    edges: frozenset[Edge] = frozenset(),
    points: frozenset[WirePoint] = NO_POINTS,
    heal: bool = False,
) -> Document:
    document = leading.remove_points(document, points)
    left = edits.remove(edits.disconnect(document, edges), ids, heal=heal)
    return remark_edits.remove(left, remarks)


def connect_selected(canvas: Canvas, session: Session) -> None:
    """Wires the upper one of two selected blocks to the lower one, at the first ports that fit.

    Of more than two, all others are wired to the lowest.
    """
    nodes = session.document.graph.nodes
    chosen = sorted((nodes[id] for id in session.selection), key=lambda node: (node.y, node.x))
    if len(chosen) < 2:
        canvas.request_help.emit(tr("Select two blocks to connect them."))
        return
    *_, upper, lower = chosen
    if len(chosen) > 2:
        if may_rewire(session, *(node.id for node in chosen)):
            wire_bundles.connect_all(session, [node.id for node in chosen[:-1]], lower.id)
        return
    if not may_rewire(session, upper.id, lower.id):
        return
    outs = edits.ports_of(session.document, upper.id, session.registry)[1]
    rules = WireRules(
        session.document, session.typing, PortRef(upper.id, (outs or [""])[0], is_input=False),
        session.registry,
    )  # fmt: skip
    port = rules.place_in(canvas.mirror, lower.id) if outs else None
    if port is None:
        text = tr("No free input of “{lower}” takes a wire from “{upper}”.",
                  lower=lower.name, upper=upper.name)  # fmt: skip
        canvas.request_help.emit(text)
        return
    session.apply(tr("Connect"), partial(join, edge=rules.edge_to(port), registry=rules.registry))


def disconnect_selected(session: Session) -> None:
    """Removes all wires at the selected blocks."""
    graph = session.document.graph
    edges = {e for id in session.selection for e in (*graph.inputs_of(id), *graph.consumers_of(id))}
    free = locks.free_edges(session, edges)
    if free:
        session.apply(tr("Disconnect"), partial(edits.disconnect, edges=free))


def nudge(session: Session, dx: float, dy: float, points: frozenset[WirePoint] = NO_POINTS) -> None:
    """Moves what is selected a little, and these points; frames with what lies in them.

    A run of this is one step of undo.
    """
    chosen = session.selection, session.chosen_remarks
    ids, remarks = locks.movable(session)
    points = locks.free_points(session, points)
    if not ids and not remarks and not points:
        return
    edit = partial(moved_by, ids=ids, step=(dx, dy), remarks=remarks, points=points)
    key = f"nudge {sorted(ids)} {sorted(remarks)} {hash(points)}"
    is_more = ids or remarks
    label = told_move(session.document, *chosen) if is_more else told_points(len(points))
    session.apply(label, edit, key)


def replace_kind(
    session: Session, id: NodeId, kind: str, values: Mapping[str, Value] = edits.NO_PARAMS
) -> None:
    """Turns a block into another kind, its wires kept as far as they fit; tells which are not."""
    registry, before = session.registry, session.document
    title = tr(edits.kind_title(kind, registry))

    def replaced(document: Document) -> Document:
        document = surgery.replace_kind(document, id, kind, registry)
        return edits.set_params(document, id, values)

    if session.apply(tr("Replace by {title}", title=title), replaced):
        lost = surgery.lost_wires(before, session.document, id)
        if lost:
            text = tr("{title} has no port for what is not wired any more: {wires}.",
                      title=title, wires=", ".join(lost))  # fmt: skip
            session.message.emit(Message(text, "warning"))


def has_selection(session: Session) -> bool:
    """Whether a block, a frame or a note is selected."""
    return bool(session.selection or session.chosen_remarks)


def ordered(session: Session) -> list[NodeId]:
    """The selected blocks in the order of the document."""
    return [id for id in session.document.graph.nodes if id in session.selection]
