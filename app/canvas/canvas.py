"""The widget: shows a session's drawing, moves the view, and hands events to the editor."""

from __future__ import annotations

import gc
from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from app.canvas import hits
from app.canvas.camera import Camera, fitted, shows, wheel_factor
from app.canvas.empty import paint_hint
from app.canvas.footbar import FootBar
from app.canvas.gestures import Editor
from app.canvas.gestures.base import Gesture
from app.canvas.highlights import NO_HIGHLIGHTS, Highlights
from app.canvas.minimap import Minimap
from app.canvas.mirror import Mirror
from app.canvas.painter import ScenePainter
from app.canvas.pan import Pan
from app.canvas.picture import render_mirror
from app.canvas.tips import tip_at
from app.i18n import tr
from app.session import Session
from app.theme import DARK, Theme
from graph.change import Change
from graph.model import NodeId

SMALLEST_HIT_SCALE = 0.25
LARGE = 2000


class Canvas(QWidget):
    """One document as a drawing.

    Signals:
        request_help: a text to tell the person.
        palette_requested: the palette's search is wanted.
        view_changed: another part of the canvas is seen, or the drawing changed.
    """

    request_help = Signal(str)
    palette_requested = Signal()
    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = DARK
        self.session: Session | None = None
        self.mirror = Mirror()
        self.camera = Camera()
        self.scene = ScenePainter(self.mirror, self.theme)
        self.highlights = NO_HIGHLIGHTS
        self.gesture: Gesture | None = None
        self.editor = Editor(self)
        self._holds_space = False
        self._fits_when_shown = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Canvas"))
        self.setAccessibleDescription(tr("The drawing of the network"))
        self.setMinimumSize(160, 120)
        self.minimap = Minimap(self)
        self.foot_bar = FootBar(self)

    def sizeHint(self) -> QSize:
        return QSize(900, 640)

    # what it shows

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.theme = theme
        self.scene = ScenePainter(self.mirror, theme)
        self._refresh()

    def set_session(self, session: Session) -> None:
        """Shows the drawing of a session from now on."""
        self.cancel_gesture()
        if self.session is not None:
            self.session.changed.disconnect(self._on_changed)
            self.session.selection_changed.disconnect(self._on_selection)
        self.session = session
        self.mirror = Mirror(session.registry)
        self.mirror.rebuild(session.document, session.typing, session.problems)
        self.mirror.select(session.selection)
        self.scene = ScenePainter(self.mirror, self.theme)
        if len(self.mirror.ids) >= LARGE:
            # what a large drawing consists of stays: looking through it stops the window for 50 ms
            gc.freeze()
        session.changed.connect(self._on_changed)
        session.selection_changed.connect(self._on_selection)
        self._fits_when_shown = True
        if self.isVisible():
            self._fit_at_first()
        self._refresh()

    def set_active_node(self, node: NodeId | None) -> None:
        """Marks the block whose code line the cursor is on."""
        if node != self.mirror.active:
            self.mirror.set_active(node)
            self.update()

    def highlight(self, highlights: Highlights) -> None:
        """Lights up other parts."""
        if highlights != self.highlights:
            self.highlights = highlights
            self.update()

    def _on_changed(self, change: Change) -> None:
        session = self.session
        assert session is not None
        self.mirror.update(change, session.document, session.typing, session.problems)
        self._refresh()

    def _on_selection(self) -> None:
        assert self.session is not None
        self.mirror.select(self.session.selection)
        self._refresh()

    def _refresh(self) -> None:
        self.update()
        self.view_changed.emit()

    # the view

    def at(self, pos: QPointF) -> QPointF:
        """The place on the canvas under a place of the widget."""
        return QPointF(*self.camera.to_canvas(pos.x(), pos.y()))

    def look(self, camera: Camera) -> None:
        """Shows another part of the canvas."""
        if camera != self.camera:
            self.camera = camera
            self._fits_when_shown = False
            self._refresh()

    def zoom_by(self, factor: float) -> None:
        """Enlarges the drawing around the middle of the view."""
        self.look(self.camera.zoomed(factor, self.width() / 2, self.height() / 2))

    def zoom_to(self, scale: float) -> None:
        """Shows the drawing at a scale, with the middle of the view kept."""
        self.look(self.camera.scaled(scale, self.width() / 2, self.height() / 2))

    def fit(self) -> None:
        """Shows the whole drawing."""
        box = self.mirror.bounds()
        if box is None:
            self.look(Camera(1.0, self.width() / 2, self.height() / 2))
        else:
            self.look(fitted(box, self.width(), self.height()))

    def center_on(self, nodes: Iterable[NodeId]) -> None:
        """Brings blocks into view, at a scale that lets them be read."""
        box = self.mirror.bounds(nodes)
        if box is None:
            return
        width, height = self.width(), self.height()
        if self.camera.scale >= SMALLEST_HIT_SCALE and shows(self.camera, box, width, height):
            return
        camera = fitted(box, width, height)
        wanted = max(self.camera.scale, 0.7)
        scale = min(camera.scale, wanted)
        self.look(Camera(scale).centred(box, width, height))

    def render_image(self, theme: Theme, scale: float) -> QImage:
        """The whole drawing as a picture, `scale` px for each px of the canvas."""
        return render_mirror(self.mirror, theme, scale)

    def _fit_at_first(self) -> None:
        if self._fits_when_shown and self.width() > 0:
            self.fit()
            self._fits_when_shown = False

    # commands of the editor

    def add_block(self, kind: str) -> None:
        """Adds a block where it can be seen."""
        self.editor.add_block(kind)

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

    def delete_selection(self) -> None:
        """Removes what is selected."""
        self.editor.delete_selection()

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
        port = edge = None
        if self.camera.scale >= SMALLEST_HIT_SCALE:
            port = hits.port_at(self.mirror, at.x(), at.y())
            if port is None and hits.node_at(self.mirror, at.x(), at.y()) is None:
                edge = hits.edge_at(self.mirror, at.x(), at.y())
        self.highlight(Highlights(port, edge))

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape and self.gesture is not None:
            self.cancel_gesture()
        elif key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._hold_space(True)
        elif not self.editor.key_press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._hold_space(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._hold_space(False)
        super().focusOutEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Keeps Tab for the search; Ctrl+Tab still leaves the canvas."""
        return False

    def _hold_space(self, holds: bool) -> None:
        self._holds_space = holds
        if self.gesture is None:
            if holds:
                self.setCursor(Qt.CursorShape.OpenHandCursor)
            else:
                self.unsetCursor()

    # wheel, pinch and tips

    def wheelEvent(self, event: QWheelEvent) -> None:
        pos, pixels = event.position(), event.pixelDelta()
        zooms = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not pixels.isNull() and not zooms:
            self.look(self.camera.panned(pixels.x(), pixels.y()))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            delta = event.angleDelta()
            self.look(self.camera.panned(delta.x() or delta.y(), 0))
        else:
            factor = wheel_factor(event.angleDelta().y())
            self.look(self.camera.zoomed(factor, pos.x(), pos.y()))
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                pos = event.position()
                self.look(self.camera.zoomed(1 + event.value(), pos.x(), pos.y()))
                return True
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = self.at(QPointF(event.pos()))
            text = tip_at(self.mirror, at.x(), at.y()) if self.gesture is None else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    # painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_at_first()
        self.view_changed.emit()

    def leaveEvent(self, event: QEvent) -> None:
        if self.gesture is None:
            self.highlight(NO_HIGHLIGHTS)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self.scene.paint(
                painter, self.camera, (self.width(), self.height()), self.devicePixelRatioF(),
                self.highlights,
            )  # fmt: skip
            painter.resetTransform()
            if not self.mirror.ids:
                paint_hint(painter, self.theme, self.width(), self.height())
            painter.translate(self.camera.dx, self.camera.dy)
            painter.scale(self.camera.scale, self.camera.scale)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.editor.paint(painter)
            if self.gesture is not None:
                self.gesture.paint(painter)
