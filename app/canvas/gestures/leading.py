"""Leading wires through points: one that is moved with all that is selected, or a new one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app import locks
from app.canvas import commands, guides, legs
from app.canvas.edges import EDGE_W
from app.canvas.geometry import Floats
from app.canvas.gestures.base import Gesture, Modifiers
from app.canvas.gestures.moving import moved_by
from app.canvas.gestures.press import Press
from app.canvas.highlights import NO_HIGHLIGHTS, Highlights
from app.canvas.point_painter import CHOSEN_R, RING_W
from app.canvas.snapping import on_grid
from app.canvas.told import told_move, told_points
from app.i18n import tr
from graph import leading
from graph.leading import WirePoint
from graph.model import Edge, Point

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.canvas.gestures.editor import Editor
    from app.session import Session

Key = Qt.KeyboardModifier
FREE = Key.ControlModifier


def press_point(
    editor: Editor, session: Session, point: WirePoint, pos: QPointF, modifiers: Modifiers
) -> Gesture:
    """Selects a point at once, so that a drag takes the right ones along."""
    points = editor.chosen_points
    others = editor.chosen_edges, session.chosen_remarks
    click = None
    if modifiers & Key.ControlModifier:
        turned = points ^ {point}
        editor.choose(session.selection, *others, points | {point})
        click = partial(editor.choose, session.selection, *others, turned)
    elif modifiers & Key.ShiftModifier:
        editor.choose(session.selection, *others, points | {point})
    elif point not in points:
        editor.choose(frozenset(), points=frozenset([point]))
    else:
        click = partial(editor.choose, frozenset(), points=frozenset([point]))
    return Press(editor.canvas, pos, partial(_move_from, editor, session, point), click)


def _move_from(
    editor: Editor, session: Session, point: WirePoint, start: QPointF
) -> Gesture | None:
    if not commands.may_rewire(session, point.edge.source, point.edge.target):
        return None
    return MovePoints(editor.canvas, session, start, point)


class Rest:
    """Where a point comes to rest: in line with its neighbours on the wire, or on the grid."""

    def __init__(self, canvas: Canvas, neighbours: Sequence[Point]) -> None:
        """Begins a drag; `neighbours` are those on the wire that stay where they are."""
        self._canvas = canvas
        self._neighbours = neighbours
        self._lines: list[QLineF] = []

    def place(self, x: float, y: float, held: Modifiers) -> Point:
        """The place of a point that is dragged to about here; Ctrl lets it go anywhere."""
        self._lines = []
        if held & FREE or not self._canvas.options.snaps:
            return (x, y)
        reach = guides.reach_at(self._canvas.camera.scale)
        at = on_grid(x, y)
        found = list(at)
        for axis, here in enumerate((x, y)):
            near = [at[axis] for at in self._neighbours if abs(at[axis] - here) <= reach]
            found[axis] = min(near, key=lambda line: abs(line - here), default=found[axis])
        for place in self._neighbours:
            if found[0] == place[0] or found[1] == place[1]:
                self._lines.append(QLineF(*place, *found))
        return (found[0], found[1])

    def paint(self, painter: QPainter) -> None:
        """Draws what the point is in line with."""
        pen = QPen(QColor(self._canvas.theme.accent), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLines(self._lines)


class MovePoints:
    """A point sticks to the pointer, and all else that is selected with it."""

    def __init__(
        self, canvas: Canvas, session: Session, start: QPointF, grabbed: WirePoint
    ) -> None:
        self._canvas = canvas
        self._session = session
        self._start = canvas.at(start)
        self._chosen = session.selection, session.chosen_remarks
        self._points = locks.free_points(session, canvas.mirror.points.chosen)
        self._ids, self._remarks = locks.movable(session)
        nodes = wire_nodes(canvas, grabbed.edge)
        self._from: Point = nodes[grabbed.place + 1]
        self._rest = Rest(canvas, self._staying(grabbed, nodes))
        self._step = (0.0, 0.0)
        canvas.setCursor(Qt.CursorShape.SizeAllCursor)

    def _staying(self, grabbed: WirePoint, nodes: list[Point]) -> list[Point]:
        """The neighbours of the point that do not move with it."""
        edge, place = grabbed
        moving = {point.place + 1 for point in self._points if point.edge == edge}
        moving |= {0} if edge.source in self._ids else set()
        moving |= {len(nodes) - 1} if edge.target in self._ids else set()
        return [nodes[k] for k in (place, place + 2) if k not in moving]

    def move(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Shows the points at the pointer."""
        to = self._canvas.at(pos) - self._start
        x, y = self._rest.place(self._from[0] + to.x(), self._from[1] + to.y(), modifiers)
        self._step = (x - self._from[0], y - self._from[1])
        mirror = self._canvas.mirror
        mirror.preview_move(self._ids, *self._step)
        mirror.remarks.preview_move(self._remarks, *self._step)
        mirror.preview_points(self._points, *self._step)
        self._canvas.update()

    def release(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Moves the points in the document."""
        self.cancel()
        if self._step == (0.0, 0.0):
            return
        label = told_points(len(self._points))
        if self._ids or self._remarks:
            label = told_move(self._session.document, *self._chosen)
        edit = partial(
            moved_by, ids=self._ids, step=self._step, remarks=self._remarks, points=self._points
        )
        self._session.apply(label, edit)

    def cancel(self) -> None:
        """Shows the points where they were."""
        self._canvas.mirror.end_preview()
        self._canvas.mirror.remarks.end_preview()

    def paint(self, painter: QPainter) -> None:
        """Draws what the point is in line with."""
        self._rest.paint(painter)


class LeadNew:
    """A new point of a wire sticks to the pointer."""

    def __init__(self, editor: Editor, session: Session, edge: Edge, start: QPointF) -> None:
        self._editor = editor
        self._canvas = editor.canvas
        self._session = session
        at = self._canvas.at(start)
        row = self._canvas.mirror.edge_row(edge)
        assert row is not None  # it is under the pointer
        place, self._at = legs.nearest_leg(self._canvas.mirror, row, at.x(), at.y())
        self._point = WirePoint(edge, place)
        self._nodes = wire_nodes(self._canvas, edge)
        self._rest = Rest(self._canvas, self._nodes[place : place + 2])

    def move(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Shows the wire led through the place of the pointer."""
        at = self._canvas.at(pos)
        self._at = self._rest.place(at.x(), at.y(), modifiers)
        self._canvas.highlight(Highlights(hidden=frozenset([self._point.edge])))
        self._canvas.update()

    def release(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Adds the point and selects it."""
        self.move(pos, modifiers)
        self._canvas.highlight(NO_HIGHLIGHTS)
        edit = partial(leading.add_point, point=self._point, at=self._at)
        if self._session.apply(tr("Add point to wire"), edit):
            self._editor.choose(frozenset(), points=frozenset([self._point]))

    def cancel(self) -> None:
        """Leaves the wire as it was."""

    def paint(self, painter: QPainter) -> None:
        """Draws the wire and its point."""
        theme = self._canvas.theme
        self._rest.paint(painter)
        place = self._point.place + 1
        nodes = np.array([*self._nodes[:place], self._at, *self._nodes[place:]])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.accent), EDGE_W))
        painter.drawPath(legs.path_through(nodes, straight=self._canvas.options.straight))
        painter.setPen(QPen(QColor(theme.accent), RING_W))
        painter.setBrush(QColor(theme.text))
        painter.drawEllipse(QPointF(*self._at), CHOSEN_R, CHOSEN_R)


def wire_nodes(canvas: Canvas, edge: Edge) -> list[Point]:
    """The ends of a wire, and the points between them."""
    mirror = canvas.mirror
    row = mirror.edge_row(edge)
    if row is None:
        return []
    line: Floats = mirror.line[row]
    points = mirror.points
    inner = points.at[points.first[row] : points.first[row + 1]]
    return [(x, y) for x, y in [line[:2].tolist(), *inner.tolist(), line[2:].tolist()]]
