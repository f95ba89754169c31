"""The canvas of a session: follows its changes, and hands events to gestures and the editor."""

from __future__ import annotations

import gc

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import QWidget

from app.canvas import hits, points
from app.canvas.access import Access
from app.canvas.camera import Camera
from app.canvas.crumbs import Crumbs
from app.canvas.empty import FirstSteps
from app.canvas.footbar import FootBar
from app.canvas.gestures import Editor
from app.canvas.gestures.base import Gesture
from app.canvas.gestures.remarking import show_grip
from app.canvas.heat_legend import HeatLegend
from app.canvas.highlights import NO_HIGHLIGHTS, Highlights
from app.canvas.minimap import Minimap
from app.canvas.mirror import Mirror
from app.canvas.pan import Pan
from app.canvas.surface import Surface
from app.canvas.touched import Before
from app.session import Session
from app.theme import Theme
from graph.change import Change
from graph.composites.places import TOP, Way

SMALLEST_HIT_SCALE = 0.25
LARGE = 2000


class Canvas(Surface):
    """One document as a drawing.

    Signals:
        request_help: a text to tell the person.
        palette_requested: the palette's search is wanted.
        shortcuts_requested: the overlay of all shortcuts is wanted.
        gallery_requested: the gallery is wanted.
        examples_requested: the list of examples is wanted, at a place of the screen.
    """

    request_help = Signal(str)
    palette_requested = Signal()
    shortcuts_requested = Signal()
    gallery_requested = Signal()
    examples_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session: Session | None = None
        self.gesture: Gesture | None = None
        self.access = Access(self)
        self.editor = Editor(self)
        self.minimap = Minimap(self)
        self.foot_bar = FootBar(self)
        self.heat_legend = HeatLegend(self)
        self.first_steps = FirstSteps(self)
        self.crumbs = Crumbs(self)
        self._place = TOP
        self._cameras: dict[Way, Camera] = {}
        self._holds_space = False
        self.setAcceptDrops(True)

    # what it shows

    def set_session(self, session: Session) -> None:
        """Shows the drawing of a session from now on."""
        self.cancel_gesture()
        self.editor.close_fields()
        if self.session is not None:
            self.session.changed.disconnect(self._on_changed)
            self.session.selection_changed.disconnect(self._on_selection)
            self.session.place_changed.disconnect(self._on_place)
        self.session = session
        self._place, self._cameras = session.place, {}
        if len(session.document.graph.nodes) >= LARGE:
            # a large drawing stays for long: looking for garbage in it would stop the window
            gc.freeze()
        self._show_place()
        session.changed.connect(self._on_changed)
        session.selection_changed.connect(self._on_selection)
        session.place_changed.connect(self._on_place)

    def _show_place(self) -> None:
        session = self.session
        assert session is not None
        mirror = Mirror(session.registry)
        mirror.options = self.options
        mirror.heat.costs = lambda: session.costs
        mirror.heat.times = self.heat_legend.measures(session)
        mirror.rebuild(session.document, session.typing, session.problems)
        mirror.select(session.selection)
        mirror.remarks.selection = session.chosen_remarks
        self.show_mirror(mirror)

    def _on_place(self) -> None:
        """Shows another place as it was last looked at; a new one as a whole."""
        assert self.session is not None
        self.cancel_gesture()
        self.editor.close_fields()
        if self.view_kept is None:
            self._cameras[self._place] = self.camera
        else:
            self._cameras.pop(self._place, None)
        self._place = self.session.place
        self._show_place()
        camera = self._cameras.get(self._place)
        if camera is not None:
            self.look(camera)

    def _on_changed(self, change: Change) -> None:
        session = self.session
        assert session is not None
        if change.structure or change.moved or change.remarks or change.edges_led:
            self.cancel_gesture()  # what it is about may be gone
        before = Before(self.mirror, self.scene.labels)
        self.mirror.update(change, session.document, session.typing, session.problems)
        if change.structure or change.moved:
            self.view_kept = None
        touched = before.touched(change)
        if touched is None:
            self.refresh()
        else:
            self.refresh_only(touched.areas(self.mirror))
            if touched.is_recoloured:
                self.minimap.update()

    def _on_selection(self) -> None:
        assert self.session is not None
        self.mirror.select(self.session.selection)
        self.mirror.remarks.selection = self.session.chosen_remarks
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        super().set_theme(theme)
        self.crumbs.restyle()

    def open_selected(self) -> None:
        """Looks inside the selected composite."""
        self.editor.open_selected()

    def leave(self) -> bool:
        """Looks at what this composite stands in; whether this is one."""
        return self.session is not None and self.session.leave()

    def place_of_selection(self) -> QPoint:
        """The middle of the selected block, on the screen."""
        return self.editor.place_of_selection()

    # commands of the editor

    def add_block(self, kind: str) -> None:
        """Adds a block where it can be seen."""
        self.editor.add_block(kind)

    def undo(self) -> None:
        """Takes the last step back, and shows where that was."""
        self.editor.undo()

    def redo(self) -> None:
        """Does the step again that was taken back, and shows where."""
        self.editor.redo()

    def cut(self) -> None:
        """Copies and removes the selected blocks."""
        self.editor.cut()

    def copy(self) -> None:
        """Copies the selected blocks."""
        self.editor.copy()

    def paste(self) -> None:
        """Adds what was copied."""
        self.editor.paste()

    def duplicate(self) -> None:
        """Adds the selected blocks once more."""
        self.editor.duplicate()

    def delete_selection(self, *, heal: bool = False) -> None:
        """Removes what is selected; with `heal` what it joined is joined again."""
        self.editor.delete_selection(heal=heal)

    def connect_selected(self) -> None:
        """Wires two selected blocks."""
        self.editor.connect_selected()

    def disconnect_selected(self) -> None:
        """Removes all wires at the selected blocks."""
        self.editor.disconnect_selected()

    def rename_selected(self) -> None:
        """Opens a field over the name of the selected block."""
        self.editor.rename_selected()

    def select_all(self) -> None:
        """Selects every block."""
        self.editor.select_all()

    def focus_search(self, pos: QPointF | None = None) -> None:
        """Opens the search for a block to add, at a place of the widget or in its middle."""
        self.editor.focus_search(pos)

    def auto_layout(self) -> None:
        """Places all blocks anew."""
        self.editor.auto_layout()

    # gestures

    def begin(self, gesture: Gesture) -> None:
        """Hands the pointer to a gesture until it ends."""
        self.cancel_gesture()
        self.gesture = gesture
        self.update()

    def cancel_gesture(self) -> None:
        """Ends a gesture without effect."""
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.cancel()
            self.highlight(NO_HIGHLIGHTS)
            self.unsetCursor()
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.gesture is not None:
            self.cancel_gesture()
            return
        button = event.button()
        pans = button == Qt.MouseButton.MiddleButton or (
            button == Qt.MouseButton.LeftButton and self._holds_space
        )
        if pans:
            self.begin(Pan(self, event.position()))
        elif button == Qt.MouseButton.LeftButton:
            gesture = self.editor.press(event)
            if gesture is not None:
                self.begin(gesture)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.gesture is not None and not event.buttons():
            self.cancel_gesture()  # the button was let go where this was not told
        if self.gesture is not None:
            self.gesture.move(event.position(), event.modifiers())
            self.update()
        elif not event.buttons():
            self._hover(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.release(event.position(), event.modifiers())
            self.unsetCursor()
            self._hover(event.position())
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._holds_space:
            self.editor.double_click(event.position(), event.modifiers())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.cancel_gesture()
        self.editor.context_menu(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.editor.drag_enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.editor.drag_move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.editor.drag_leave()

    def dropEvent(self, event: QDropEvent) -> None:
        self.editor.drop(event)

    def _hover(self, pos: QPointF) -> None:
        at = self.at(pos)
        port = edge = point = None
        if self.camera.scale >= SMALLEST_HIT_SCALE:
            port = hits.port_at(self.mirror, at.x(), at.y(), hits.port_reach(self.camera.scale))
            if port is None and hits.node_at(self.mirror, at.x(), at.y()) is None:
                reach = hits.EDGE_REACH / min(self.camera.scale, 1.0)
                edge = hits.edge_at(self.mirror, at.x(), at.y(), reach)
                point = points.point_at(self, pos)
        self.highlight(Highlights(port, edge, point=point))
        if not self._holds_space:
            show_grip(self.editor, pos)

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape and self.gesture is not None:
            self.cancel_gesture()
        elif key == Qt.Key.Key_Space:
            self._hold_space(True)
        elif not self.editor.key_press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._hold_space(False)
        else:
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.access.tell_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._hold_space(False)
        if event.reason() == Qt.FocusReason.ActiveWindowFocusReason:
            self.editor.let_go()
        super().focusOutEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Keeps Tab for the search; Shift+Tab leaves the canvas."""
        return not next and super().focusNextPrevChild(next)

    def _hold_space(self, holds: bool) -> None:
        self._holds_space = holds
        if self.gesture is None:
            if holds:
                self.setCursor(Qt.CursorShape.OpenHandCursor)
            else:
                self.unsetCursor()

    def leaveEvent(self, event: QEvent) -> None:
        if self.gesture is None:
            self.highlight(NO_HIGHLIGHTS)

    def is_busy(self) -> bool:
        """Whether a gesture or a layout is under way, which Esc ends."""
        return self.gesture is not None or self.editor.placing.is_busy()

    def paint_over(self, painter: QPainter) -> None:
        """Draws what belongs to a gesture, in px of the canvas."""
        self.editor.paint(painter)
        if self.gesture is not None:
            self.gesture.paint(painter)
