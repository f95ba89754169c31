"""Turns what a person does on the canvas into edits of the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
)

from app import locks, states
from app.canvas import commands, hits, menus
from app.canvas.fields import Fields
from app.canvas.find_bar import FindBar
from app.canvas.geometry import GRID, NODE_H, NODE_W
from app.canvas.gestures import keys, presses
from app.canvas.gestures.base import Gesture, Modifiers
from app.canvas.gestures.dropping import DropBlock
from app.canvas.param_strip import alike, has_fields
from app.canvas.placing import Placing
from app.canvas.ports import PortRef
from app.canvas.remark_rows import Grip
from app.canvas.searches import Searches
from app.canvas.touch import Touch
from app.canvas.trail import Trail
from app.dragging import kind_in
from app.i18n import tr
from graph.leading import NO_POINTS, WirePoint
from graph.model import Edge, NodeId
from graph.remarks import RemarkId

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session

NO_EDGES: frozenset[Edge] = frozenset()
NO_REMARKS: frozenset[RemarkId] = frozenset()
HITS_FROM_SCALE = 0.25


class Editor(QObject):
    """The editing half of a canvas; `Canvas` forwards events and commands to it.

    Attributes:
        walked: the block that the arrow keys came to last.
        walked_wires: those that a key steps through.
        has_lasso: whether the next drag is a lasso, wherever it begins.
        pause: since the arrow keys moved the selection.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.canvas = canvas
        self.placing = Placing(canvas)
        self.searches = Searches(canvas)
        self.trail = Trail(canvas)
        self._touch = Touch(canvas)
        self.find_bar = FindBar(canvas)
        self._fields = Fields(canvas)
        self.walked: NodeId | None = None
        self.walked_wires: list[Edge] = []
        self.has_lasso = False
        self.pause = QElapsedTimer()

    @property
    def session(self) -> Session | None:
        """The session that the canvas shows."""
        return self.canvas.session

    # what is selected

    @property
    def chosen_edges(self) -> frozenset[Edge]:
        """The selected wires, as far as they are still there."""
        return self.canvas.mirror.chosen_edges

    @property
    def chosen_points(self) -> frozenset[WirePoint]:
        """The selected points of wires."""
        return self.canvas.mirror.points.chosen

    def choose(
        self,
        nodes: frozenset[NodeId],
        edges: frozenset[Edge] = NO_EDGES,
        remarks: frozenset[RemarkId] = NO_REMARKS,
        points: frozenset[WirePoint] = NO_POINTS,
    ) -> None:
        """Selects these blocks, wires, frames, notes and points of wires, and nothing else."""
        if self.session is not None:
            self.session.select(nodes, remarks)
        self.canvas.mirror.choose_edges(edges)
        self.canvas.mirror.points.choose(points)
        self.canvas.update()

    def select_all(self) -> None:
        """Selects every block, frame and note that is not locked."""
        if self.session is not None:
            blocks, remarks = locks.selectable(self.session)
            self.choose(blocks, remarks=remarks)

    def clear_selection(self) -> bool:
        """Selects nothing; whether anything was selected."""
        had = bool(self.session and commands.has_selection(self.session))
        had |= bool(self.chosen_edges or self.chosen_points)
        self.choose(frozenset())
        return had

    def take_lasso(self) -> None:
        """Makes the next drag a lasso."""
        self.has_lasso = True
        self.canvas.setCursor(Qt.CursorShape.CrossCursor)

    def drop_lasso(self) -> bool:
        """Makes the next drag what it usually is; whether it was to be a lasso."""
        had, self.has_lasso = self.has_lasso, False
        if had:
            self.canvas.unsetCursor()
        return had

    # pointer

    def press(self, event: QMouseEvent) -> Gesture | None:
        """What a press of the left button begins; None where nothing follows."""
        if self.session is None:
            return None
        return presses.begin(self, self.session, event.position(), event.modifiers())

    def let_go(self) -> None:
        """Ends what the pointer does here; a block from the palette comes from elsewhere."""
        if not isinstance(self.canvas.gesture, DropBlock):
            self.canvas.cancel_gesture()

    def double_click(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Does what is usual with what is at a place of the widget."""
        if self.session is not None:
            presses.double_click(self, self.session, pos, modifiers)

    def port_at(self, pos: QPointF) -> PortRef | None:
        """The port at a place of the widget, where ports can be told apart."""
        at = self.canvas.at(pos)
        if self.canvas.camera.scale < HITS_FROM_SCALE:
            return None
        reach = hits.port_reach(self.canvas.camera.scale)
        return hits.port_at(self.canvas.mirror, at.x(), at.y(), reach)

    def node_at(self, pos: QPointF) -> NodeId | None:
        """The block at a place of the widget."""
        at = self.canvas.at(pos)
        return hits.node_at(self.canvas.mirror, at.x(), at.y())

    def edge_at(self, pos: QPointF) -> Edge | None:
        """The wire at a place of the widget."""
        at = self.canvas.at(pos)
        reach = hits.EDGE_REACH / min(self.canvas.camera.scale, 1.0)
        return hits.edge_at(self.canvas.mirror, at.x(), at.y(), reach)

    def grip_at(self, pos: QPointF) -> Grip | None:
        """What of a frame or note a press at a place of the widget would hold."""
        at = self.canvas.at(pos)
        return self.canvas.mirror.remarks.grip_at(at.x(), at.y(), self.canvas.camera.scale)

    def paint(self, painter: QPainter) -> None:
        """Draws over the canvas, in px of the canvas, beside what the gesture draws."""
        self.find_bar.paint(painter)
        self.searches.paint(painter)
        self.placing.paint(painter)

    # drags from elsewhere

    def drag_enter(self, event: QDragEnterEvent) -> None:
        """Accepts blocks; files are left to the window."""
        kind = kind_in(event.mimeData())
        if not kind or self.session is None or not commands.may_edit(self.session):
            event.ignore()
            return
        event.acceptProposedAction()
        self.canvas.begin(DropBlock(self.canvas, self.session, kind))
        self._follow_drag(event)

    def drag_move(self, event: QDragMoveEvent) -> None:
        """Follows a block that is dragged here."""
        if isinstance(self.canvas.gesture, DropBlock):
            event.acceptProposedAction()
            self._follow_drag(event)
        else:
            event.ignore()

    def drag_leave(self) -> None:
        """Forgets a block that is dragged away."""
        if isinstance(self.canvas.gesture, DropBlock):
            self.canvas.cancel_gesture()

    def drop(self, event: QDropEvent) -> None:
        """Adds the block that is dropped."""
        gesture = self.canvas.gesture
        if not isinstance(gesture, DropBlock):
            event.ignore()
            return
        self.canvas.gesture = None
        gesture.release(event.position(), event.modifiers())
        event.acceptProposedAction()
        self.canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        self.canvas.update()

    def _follow_drag(self, event: QDragMoveEvent) -> None:
        if self.canvas.gesture is not None:
            self.canvas.gesture.move(event.position(), event.modifiers())

    # keys and menus

    def key_press(self, event: QKeyEvent) -> bool:
        """Answers a key; whether it was used."""
        return self.session is not None and keys.press(self, self.session, event)

    def context_menu(self, event: QContextMenuEvent) -> None:
        """Shows what can be done at a place, or with what is selected."""
        pos, place = QPointF(event.pos()), event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            pos = self._middle_of_selection()
            place = self.place_of_selection()
        self.show_menu(pos, place)
        event.accept()

    def show_menu(self, pos: QPointF, place: QPoint) -> None:
        """Shows what can be done at a place of the widget, beside a place of the screen."""
        session = self.session
        if session is None:
            return
        node, edge = self.node_at(pos), self.edge_at(pos)
        if node is not None:
            if node not in session.selection:
                self.choose(frozenset([node]))
            menu = menus.block_menu(self, session, node, pos)
        elif edge is not None:
            if edge not in self.chosen_edges:
                self.choose(frozenset(), frozenset([edge]))
            menu = menus.edge_menu(self, session, edge, pos)
        elif (grip := self.grip_at(pos)) is not None:
            if grip.id not in session.chosen_remarks:
                self.choose(frozenset(), remarks=frozenset([grip.id]))
            menu = menus.remark_menu(self, session, grip.id)
        else:
            menu = menus.canvas_menu(self, session, pos)
        menu.popup(place)

    def place_of_selection(self) -> QPoint:
        """The middle of the first selected block, on the screen."""
        return self.canvas.mapToGlobal(self._middle_of_selection().toPoint())

    def _middle_of_selection(self) -> QPointF:
        ids = commands.ordered(self.session) if self.session else []
        if not ids and self.session and self.session.chosen_remarks:
            remark = self.session.document.graph.remarks[min(self.session.chosen_remarks)]
            left, top, _, _ = remark.shown
            return QPointF(*self.canvas.camera.to_view(left + GRID, top + GRID / 2))
        if not ids or self.session is None:
            return QPointF(self.canvas.rect().center())
        x, y = self.canvas.mirror.folds.corner(self.session.document.node(ids[0]))
        return QPointF(*self.canvas.camera.to_view(x + NODE_W / 2, y + NODE_H / 2))

    # commands

    def add_block(self, kind: str) -> None:
        """Adds a block after the selected one, or where it can be seen."""
        if self.session is not None:
            commands.add_block(self.canvas, self.session, kind)

    def undo(self) -> None:
        """Takes the last step back, and shows where that was."""
        if self.session is not None:
            commands.take_back(self.canvas, self.session)

    def redo(self) -> None:
        """Does the step again that was taken back, and shows where."""
        if self.session is not None:
            commands.do_again(self.canvas, self.session)

    def cut(self) -> None:
        """Copies and removes the selected blocks."""
        if self.session is not None:
            commands.cut(self.session)

    def copy(self) -> None:
        """Copies the selected blocks."""
        if self.session is not None:
            commands.copy(self.session)

    def paste(self, pos: QPointF | None = None) -> None:
        """Adds what was copied, at a place of the widget or at the pointer."""
        if self.session is not None:
            commands.paste(self.canvas, self.session, pos)

    def duplicate(self) -> None:
        """Adds the selected blocks once more."""
        if self.session is not None:
            commands.duplicate(self.canvas, self.session)

    def delete_selection(self, *, heal: bool = False) -> None:
        """Removes the selected blocks and wires; with `heal` what they joined is joined again."""
        if self.session is not None:
            commands.delete(self.session, self.chosen_edges, self.chosen_points, heal=heal)

    def connect_selected(self) -> None:
        """Wires two selected blocks."""
        if self.session is not None:
            commands.connect_selected(self.canvas, self.session)

    def disconnect_selected(self) -> None:
        """Removes all wires at the selected blocks."""
        if self.session is not None:
            commands.disconnect_selected(self.session)

    def auto_layout(self) -> None:
        """Places all blocks anew."""
        if self.session is not None and commands.may_edit(self.session):
            self.placing.lay_out_all(self.session)

    def rename_selected(self) -> None:
        """Opens a field over the name of the selected block, frame or note, if it is one."""
        if self.session is None:
            return
        chosen, remarks = self.session.selection, self.session.chosen_remarks
        if len(chosen) == 1:
            self.rename(next(iter(chosen)))
        elif len(remarks) == 1 and not chosen:
            self.write_on(next(iter(remarks)))

    def open_selected(self) -> bool:
        """Looks inside the selected composite, opens the selected frame, or writes on it."""
        session = self.session
        if session is not None and len(session.chosen_remarks) == 1 and not session.selection:
            if not states.open_frame(session, next(iter(session.chosen_remarks))):
                self.rename_selected()
            return True
        if session is None or len(session.selection) != 1:
            return False
        return session.enter(next(iter(session.selection)))

    def close_fields(self) -> None:
        """Closes what lies over the drawing, since another place is shown."""
        self._fields.close()

    def rename(self, node: NodeId) -> None:
        """Opens a field over the name of a block."""
        if self.session is not None and commands.may_edit(self.session):
            self._fields.rename(self.session, node)

    def edit_params(self, node: NodeId | None = None) -> bool:
        """Opens fields over a selected block, or the first, for it and the others of its kind."""
        session = self.session
        chosen = commands.ordered(session) if session else []
        if session is None or not chosen or not commands.may_edit(session):
            return False
        node = node or next((id for id in chosen if has_fields(session, id)), None)
        if node is None:
            self.canvas.request_help.emit(tr("This block has no parameters."))
            return True
        self._fields.edit_params(session, alike(session, node))
        return True

    def write_on(self, remark: RemarkId) -> None:
        """Opens a field over the title of a frame or the text of a note."""
        if self.session is not None and commands.may_edit(self.session):
            self._fields.write_on(self.session, remark)

    # searches

    def find(self) -> None:
        """Opens the bar that finds blocks of the drawing."""
        if self.session is not None:
            self.find_bar.open_bar(self.session)

    def focus_search(self, pos: QPointF | None) -> None:
        """Opens the search for a block to add, at a place of the view or after the selection."""
        if self.session is not None and commands.may_edit(self.session):
            self.searches.to_add(self.session, pos)

    def search_for_wire(self, fixed: PortRef, pos: QPointF) -> None:
        """Searches a block for the loose end of a wire."""
        if self.session is not None:
            self.searches.for_wire(self.session, fixed, pos)

    def search_to_insert(self, edge: Edge, pos: QPointF) -> None:
        """Searches a block to put into a wire."""
        if self.session is not None and commands.may_rewire(self.session, edge.source, edge.target):
            self.searches.to_insert(self.session, edge, pos)

    def search_to_replace(self, node: NodeId, pos: QPointF) -> None:
        """Searches a kind that a block is turned into."""
        if self.session is not None and commands.may_rewire(self.session, node):
            self.searches.to_replace(self.session, node, pos)
