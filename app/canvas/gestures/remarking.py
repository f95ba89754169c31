"""Frames and notes under the pointer: pressed, moved with what lies in them, and resized."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from app import locks, states
from app.canvas import commands
from app.canvas.frame_title import is_on_triangle
from app.canvas.gestures.base import Gesture, Modifiers
from app.canvas.gestures.moving import moved_by
from app.canvas.gestures.press import Press
from app.canvas.hits import is_over_chevron
from app.canvas.param_strip import is_on_summary
from app.canvas.remark_rows import BOTTOM, LABELS_BELOW, LEFT, RIGHT, TOP, Grip
from app.canvas.snapping import on_grid
from app.canvas.told import told_move
from app.i18n import tr
from graph import remark_edits
from graph.framing import Contents
from graph.locking import free_of
from graph.model import NodeId
from graph.remark_edits import Box
from graph.remarks import LEAST_HEIGHT, LEAST_WIDTH, Frame

if TYPE_CHECKING:
    from app.canvas.gestures.editor import Editor
    from app.session import Session

Key = Qt.KeyboardModifier
ALONE = Key.AltModifier | Key.ControlModifier


def press_remark(
    editor: Editor, session: Session, grip: Grip, pos: QPointF, modifiers: Modifiers
) -> Gesture:
    """Selects at once, so that a drag takes the right ones along; a click may select fewer."""
    blocks, before, this = session.selection, session.chosen_remarks, frozenset([grip.id])
    edges = editor.chosen_edges
    click = None
    if modifiers & Key.ControlModifier:
        click = partial(editor.choose, blocks, edges, before ^ this)
    elif modifiers & Key.ShiftModifier:
        editor.choose(blocks, edges, before | this)
    elif grip.id not in before:
        editor.choose(frozenset(), remarks=this)
    else:
        click = partial(editor.choose, frozenset(), remarks=this)
    if not modifiers and is_over_triangle(editor, grip, pos):
        click = partial(states.toggle_collapsed, session, (), [grip.id])
    return Press(editor.canvas, pos, partial(_drag, editor, session, grip), click)


def _drag(editor: Editor, session: Session, grip: Grip, start: QPointF) -> Gesture | None:
    if not commands.may_edit(session) or not any(locks.free(session, (), [grip.id])):
        return None
    if grip.id not in session.chosen_remarks:
        editor.choose(frozenset(), remarks=frozenset([grip.id]))
    kind = ResizeRemark if grip.edges else MoveRemarks
    return kind(editor, session, start, grip)


class MoveRemarks:
    """The selection sticks to the pointer, and with a frame what lies in it.

    With Alt or Ctrl held a frame goes alone.
    """

    def __init__(self, editor: Editor, session: Session, start: QPointF, grip: Grip) -> None:
        self._canvas = editor.canvas
        self._session = session
        self._start = editor.canvas.at(start)
        grabbed = session.document.graph.remarks[grip.id]
        self._from = (grabbed.x, grabbed.y)
        self._step = (0.0, 0.0)
        graph = session.document.graph
        self._chosen: Contents = (session.selection, session.chosen_remarks)
        self._alone: Contents = free_of(graph, *self._chosen)
        self._all = locks.movable(session)
        self._moved = self._all
        self._points = locks.free_points(session, self._canvas.mirror.points.chosen)
        self._canvas.setCursor(Qt.CursorShape.SizeAllCursor)

    def move(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Shows what moves at the pointer."""
        to = self._canvas.at(pos) - self._start
        x, y = on_grid(self._from[0] + to.x(), self._from[1] + to.y())
        self._step = (x - self._from[0], y - self._from[1])
        moved = self._alone if modifiers & ALONE else self._all
        if moved != self._moved:
            self.cancel()
            self._moved = moved
        blocks, remarks = moved
        if blocks:
            self._canvas.mirror.preview_move(blocks, *self._step)
        self._canvas.mirror.remarks.preview_move(remarks, *self._step)
        self._canvas.mirror.preview_points(self._points, *self._step)
        self._canvas.update()

    def release(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Moves them in the document, in one step."""
        self.move(pos, modifiers)
        self.cancel()
        if self._step != (0.0, 0.0):
            blocks, remarks = self._moved
            label = told_move(self._session.document, *self._chosen)
            edit = partial(
                moved_by, ids=blocks, step=self._step, remarks=remarks, points=self._points
            )
            self._session.apply(label, edit)

    def cancel(self) -> None:
        """Shows everything where it was."""
        self._canvas.mirror.end_preview()
        self._canvas.mirror.remarks.end_preview()

    def paint(self, painter: QPainter) -> None:
        """Nothing: the mirror shows the move."""


class ResizeRemark:
    """An edge or a corner of a frame or note sticks to the pointer; Ctrl keeps it off the grid."""

    def __init__(self, editor: Editor, session: Session, start: QPointF, grip: Grip) -> None:
        self._canvas = editor.canvas
        self._session = session
        self._start = editor.canvas.at(start)
        self._grip = grip
        self._remark = session.document.graph.remarks[grip.id]
        self._box = self._remark.box
        self._canvas.setCursor(cursor_of(grip))

    def move(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Shows the box at the pointer."""
        to = self._canvas.at(pos) - self._start
        snaps = not modifiers & Key.ControlModifier
        self._box = dragged(self._remark.box, self._grip.edges, (to.x(), to.y()), snaps=snaps)
        self._canvas.mirror.remarks.preview_box(self._grip.id, self._box)
        self._canvas.update()

    def release(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Resizes it in the document."""
        self.move(pos, modifiers)
        self.cancel()
        if self._box != self._remark.box:
            is_frame = isinstance(self._remark, Frame)
            label = tr("Resize frame") if is_frame else tr("Resize note")
            edit = partial(remark_edits.resize, id=self._grip.id, box=self._box)
            self._session.apply(label, edit)

    def cancel(self) -> None:
        """Shows it as it was."""
        self._canvas.mirror.remarks.end_preview()

    def paint(self, painter: QPainter) -> None:
        """Nothing: the mirror shows the box."""


def dragged(box: Box, edges: int, step: tuple[float, float], *, snaps: bool) -> Box:
    """A box whose edges were dragged that far; the others stay, and some of it is always left."""
    left, top, right, bottom = box
    (dx, dy) = step
    x = (left if edges & LEFT else right) + dx
    y = (top if edges & TOP else bottom) + dy
    if snaps:
        x, y = on_grid(x, y)
    if edges & LEFT:
        left = min(x, right - LEAST_WIDTH)
    elif edges & RIGHT:
        right = max(x, left + LEAST_WIDTH)
    if edges & TOP:
        top = min(y, bottom - LEAST_HEIGHT)
    elif edges & BOTTOM:
        bottom = max(y, top + LEAST_HEIGHT)
    return (left, top, right, bottom)


def show_grip(editor: Editor, pos: QPointF) -> None:
    """Lets the pointer tell where a drag would resize, and a click edit parameters."""
    grip, node, port = editor.grip_at(pos), editor.node_at(pos), editor.port_at(pos)
    chosen = editor.session.selection if editor.session else frozenset()
    if node in chosen and node and not port and is_on_summary(editor.canvas, node, pos):
        editor.canvas.setCursor(Qt.CursorShape.IBeamCursor)
    elif not port and _is_over_turner(editor, node, grip, pos):
        editor.canvas.setCursor(Qt.CursorShape.PointingHandCursor)
    elif grip is None or not grip.edges or node or port or is_locked(editor, grip):
        editor.canvas.unsetCursor()
    else:
        editor.canvas.setCursor(cursor_of(grip))


def _is_over_turner(editor: Editor, node: NodeId | None, grip: Grip | None, pos: QPointF) -> bool:
    """Whether a place is on what collapses or opens a block, or the frame that is held there."""
    if node is not None:
        return is_over_chevron(editor.canvas.mirror, node, editor.canvas.at(pos))
    return is_over_triangle(editor, grip, pos)


def is_over_triangle(editor: Editor, grip: Grip | None, pos: QPointF) -> bool:
    """Whether a place of the widget is on what collapses or opens the frame that is held there."""
    rows, canvas = editor.canvas.mirror.remarks, editor.canvas
    frame = rows.remarks[rows.row[grip.id]] if grip is not None and not grip.edges else None
    if not isinstance(frame, Frame) or canvas.camera.scale < LABELS_BELOW:
        return False
    at = canvas.at(pos)
    return is_on_triangle(frame, frame.shown, at.x(), at.y())


def is_locked(editor: Editor, grip: Grip) -> bool:
    """Whether what is held is locked."""
    return editor.canvas.mirror.document.graph.remarks[grip.id].locked


def cursor_of(grip: Grip) -> Qt.CursorShape:
    """The pointer over a grip."""
    if grip.edges in (LEFT | TOP, RIGHT | BOTTOM):
        return Qt.CursorShape.SizeFDiagCursor
    if grip.edges in (RIGHT | TOP, LEFT | BOTTOM):
        return Qt.CursorShape.SizeBDiagCursor
    if grip.edges & (LEFT | RIGHT):
        return Qt.CursorShape.SizeHorCursor
    return Qt.CursorShape.SizeVerCursor if grip.edges else Qt.CursorShape.ArrowCursor
