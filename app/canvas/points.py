"""What keys and menus do to the points that wires are led through, and to wires by key."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from app import locks
from app.canvas import commands, hits, legs
from app.canvas.geometry import Ints
from app.canvas.mirror import Mirror
from app.canvas.point_painter import SEEN_FROM
from app.canvas.tips import edge_tip
from app.i18n import tr, tr_count
from graph import leading
from graph.leading import WirePoint
from graph.model import Edge

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.canvas.gestures.editor import Editor
    from app.session import Session


def point_at(canvas: Canvas, pos: QPointF) -> WirePoint | None:
    """The point of a wire at a place of the widget, where points are shown."""
    at, scale = canvas.at(pos), canvas.camera.scale
    if scale < SEEN_FROM:
        return None
    return hits.point_at(canvas.mirror, at.x(), at.y(), hits.POINT_REACH / min(scale, 1.0))


def add_at(editor: Editor, session: Session, edge: Edge, pos: QPointF) -> None:
    """Adds a point to a wire where it passes a place of the widget, and selects it."""
    mirror, at = editor.canvas.mirror, editor.canvas.at(pos)
    row = mirror.edge_row(edge)
    if row is None or not commands.may_rewire(session, edge.source, edge.target):
        return
    place, on = legs.nearest_leg(mirror, row, at.x(), at.y())
    point = WirePoint(edge, place)
    edit = partial(leading.add_point, point=point, at=on)
    if session.apply(tr("Add point to wire"), edit):
        editor.choose(frozenset(), points=frozenset([point]))


def remove(session: Session, points: Iterable[WirePoint]) -> None:
    """Removes points; their wires stay."""
    points = locks.free_points(session, points)
    if not points:
        return
    label = tr_count(len(points), "Delete point", "Delete {n} points")
    session.apply(label, partial(leading.remove_points, points=points))


def add_to_wires(canvas: Canvas) -> None:
    """Adds a point half way along the longest leg of each wire of the selection; selects them."""
    session, rows = canvas.session, wires_of_selection(canvas)
    if session is None or not commands.may_edit(session):
        return
    if not len(rows):
        canvas.request_help.emit(tr("Select a wire or a block first."))
        return
    mirror = canvas.mirror
    free = locks.free_edges(session, (mirror.edges[row] for row in rows.tolist()))
    rows = np.array([row for row in rows.tolist() if mirror.edges[row] in free], np.intp)
    if not len(rows):
        return
    middles = legs.middles(mirror, rows).tolist()
    places = {
        WirePoint(mirror.edges[row], legs.nearest_leg(mirror, row, x, y)[0]): (x, y)
        for row, (x, y) in zip(rows.tolist(), middles, strict=True)
    }
    label = tr_count(len(places), "Add point to wire", "Add points to {n} wires")
    if session.apply(label, partial(leading.add_points, places=places)):
        canvas.editor.choose(frozenset(), points=frozenset(places))


def remove_from_wires(canvas: Canvas) -> None:
    """Removes all points of the wires of the selection."""
    session = canvas.session
    edges = [canvas.mirror.edges[row] for row in wires_of_selection(canvas).tolist()]
    if not any(edge.via for edge in edges):
        canvas.request_help.emit(tr("No wire of the selection is led through points."))
    elif session is not None:
        led = locks.free_edges(session, (edge for edge in edges if edge.via))
        session.apply(tr("Remove wire points"), partial(leading.let_go, edges=led))


def wires_of_selection(canvas: Canvas) -> Ints:
    """The rows of the wires that are selected, or whose points are, or that join selected blocks.

    Of wires that begin or end at a single selected block, all are.
    """
    mirror = canvas.mirror
    named = mirror.chosen_edges | {point.edge for point in mirror.points.chosen}
    if named:
        found = [row for edge in named if (row := mirror.edge_row(edge)) is not None]
        return np.array(sorted(found), np.intp)
    blocks = [mirror.row[id] for id in mirror.selection if id in mirror.row]
    rows = mirror.edges_of(blocks)
    if len(blocks) == 1:
        return rows
    within = np.isin(mirror.source[rows], blocks) & np.isin(mirror.target[rows], blocks)
    return np.asarray(rows[within], np.intp)


def next_wire(canvas: Canvas) -> None:
    """Selects a wire of the selected blocks, or of all, and each time the next one."""
    mirror = canvas.mirror
    blocks = [mirror.row[id] for id in mirror.selection if id in mirror.row]
    known = canvas.editor.walked_wires
    chosen = next(iter(mirror.chosen_edges), None)
    if chosen is None or chosen not in known:
        rows = mirror.edges_of(blocks) if blocks else np.arange(len(mirror.edges))
        order = np.lexsort((mirror.line[rows, 0], mirror.line[rows, 1]))
        known = [mirror.edges[row] for row in rows[order].tolist()]
    known = [edge for edge in known if mirror.edge_row(edge) is not None]
    if not known:
        canvas.request_help.emit(tr("There is no wire here."))
        return
    place = known.index(chosen) + 1 if chosen in known else 0
    canvas.editor.walked_wires = known
    _show(canvas, known[place % len(known)])


def _show(canvas: Canvas, edge: Edge, point: WirePoint | None = None) -> None:
    mirror = canvas.mirror
    if point is None:
        canvas.editor.choose(frozenset(), frozenset([edge]))
    else:
        canvas.editor.choose(frozenset(), points=frozenset([point]))
    row = mirror.edge_row(edge)
    if row is not None:
        left, top, right, bottom = mirror.box[row].tolist()
        canvas.reveal([(left, top, right, bottom)])
    if QAccessible.isActive():
        said = spoken_wire(mirror, edge, point)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(canvas, said))


def spoken_wire(mirror: Mirror, edge: Edge, point: WirePoint | None = None) -> str:
    """What a screen reader says of a wire, or of one of its points."""
    text = edge_tip(mirror, edge).replace("\n", ", ")
    if point is None:
        return text
    return tr("Point {number} of {wire}", number=point.place + 1, wire=text)


def next_point(canvas: Canvas) -> None:
    """Selects a point of the wires of the selection, or of all, and each time the next one."""
    points = canvas.mirror.points
    chosen = points.rows_of(points.chosen).tolist()
    if len(chosen) == 1:
        rows = list(range(len(points.at)))
        row = rows[(chosen[0] + 1) % len(rows)]
    else:
        wires = wires_of_selection(canvas)
        inside: list[int] = np.flatnonzero(np.isin(points.edge, wires)).tolist()
        rows = inside or list(range(len(points.at)))
        if not rows:
            canvas.request_help.emit(tr("No wire is led through points."))
            return
        row = int(rows[0])
    point = points.point(row)
    _show(canvas, point.edge, point)
