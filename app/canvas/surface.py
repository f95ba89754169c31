"""A widget that shows a mirror and moves the view over it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import (
    QHelpEvent,
    QInputDevice,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from app.canvas.camera import (
    READABLE,
    Camera,
    between,
    brought_in,
    first_view,
    fitted,
    meets,
    shows,
    wheel_factor,
)
from app.canvas.geometry import Box
from app.canvas.highlights import NO_HIGHLIGHTS, Highlights
from app.canvas.mirror import Mirror
from app.canvas.options import Options
from app.canvas.painter import ScenePainter
from app.canvas.tips import tip_at
from app.i18n import tr
from app.theme import DARK, Theme
from graph.model import NodeId

LEGIBLE = 0.7
GLIDE_MS = 180
REST_MS = 120
"""A view that has kept its scale for so long is painted as it is."""
View = Callable[[Box, float, float], Camera]
"""The camera for a drawing's box in a view of that width and height."""


class Surface(QWidget):
    """A drawing that can be looked at.

    Signals:
        view_changed: another part of the canvas is seen, or the drawing changed.
    """

    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = DARK
        self.options = Options()
        self.mirror = Mirror()
        self.camera = Camera()
        self.scene = ScenePainter(self.mirror, self.theme)
        self.highlights = NO_HIGHLIGHTS
        self.view_kept: View | None = first_view
        self._way = (self.camera, self.camera)
        self._glide = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=GLIDE_MS)
        self._glide.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._glide.valueChanged.connect(self._go_on)
        self._zooming = QTimer(self, interval=REST_MS, singleShot=True)
        self._zooming.timeout.connect(self._rest)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Canvas"))
        self.setAccessibleDescription(tr("The drawing of the network"))
        self.setMinimumSize(160, 120)

    def sizeHint(self) -> QSize:
        return QSize(900, 640)

    # what it shows

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.theme = theme
        self.scene = ScenePainter(self.mirror, theme)
        self.refresh()

    def set_options(self, options: Options) -> None:
        """Takes on how drawings look and feel."""
        self.options = self.mirror.options = options
        self.mirror.end_preview()
        self.scene = ScenePainter(self.mirror, self.theme)
        self.refresh()

    def show_mirror(self, mirror: Mirror) -> None:
        """Shows another drawing, all of it where that can be read."""
        self.mirror = mirror
        mirror.options = self.options
        mirror.end_preview()
        self.scene = ScenePainter(mirror, self.theme)
        self.view_kept = first_view
        self._keep_view()
        self.refresh()

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

    def refresh(self) -> None:
        """Paints anew, and tells the parts that follow the view."""
        self.update()
        self.view_changed.emit()

    def refresh_only(self, areas: Iterable[Box]) -> None:
        """Paints parts of the canvas anew, and tells the parts that follow the view."""
        to_view = self.camera.to_view
        for left, top, right, bottom in areas:
            corner, other = QPointF(*to_view(left, top)), QPointF(*to_view(right, bottom))
            self.update(QRectF(corner, other).toAlignedRect().intersected(self.rect()))
        self.view_changed.emit()

    # the view

    def at(self, pos: QPointF) -> QPointF:
        """The place on the canvas under a place of the widget."""
        return QPointF(*self.camera.to_canvas(pos.x(), pos.y()))

    def look(self, camera: Camera) -> None:
        """Shows another part of the canvas at once."""
        self._glide.stop()
        self._take(camera)

    def glide(self, camera: Camera) -> None:
        """Moves the view to another part of the canvas, so that eyes can follow."""
        self._glide.stop()
        if camera == self.camera or not self.options.animated:
            self.look(camera)
            return
        self._way = (self.camera, camera)
        self._glide.start()

    def _go_on(self, share: float) -> None:
        self._take(between(*self._way, share) if share < 1 else self._way[1])

    def _rest(self) -> None:
        if self.scene.is_stretched:
            self.update()

    def _take(self, camera: Camera) -> None:
        if camera != self.camera:
            if camera.scale != self.camera.scale:
                self._zooming.start()
            self.camera = camera
            self.view_kept = None
            self.refresh()

    def zoom_by(self, factor: float) -> None:
        """Enlarges the drawing around the middle of the view."""
        self.look(self.camera.zoomed(factor, self.width() / 2, self.height() / 2))

    def zoom_to(self, scale: float) -> None:
        """Shows the drawing at a scale, with the middle of the view kept."""
        self.look(self.camera.scaled(scale, self.width() / 2, self.height() / 2))

    def fit(self) -> None:
        """Shows the whole drawing, also when the canvas becomes larger or smaller."""
        self.view_kept = fitted
        self._keep_view()

    def center_on(self, nodes: Iterable[NodeId]) -> None:
        """Brings blocks into view, at a scale that lets them be read."""
        box = self.mirror.bounds(nodes)
        if box is None:
            return
        width, height = self.width(), self.height()
        is_seen = shows(self.camera, box, width, height)
        if self.camera.scale < LEGIBLE / 2 or not is_seen:
            wanted = max(self.camera.scale, LEGIBLE)
            scale = min(fitted(box, width, height).scale, wanted)
            self.look(Camera(scale).centred(box, width, height))

    def reveal(self, boxes: Sequence[Box]) -> None:
        """Moves the view no further than shows these boxes; not at all where one can be seen.

        Of boxes too far apart for one view it shows the nearest.
        """
        width, height = self.width(), self.height()
        if not boxes or any(meets(self.camera, box, width, height) for box in boxes):
            return
        left, top, right, bottom = zip(*boxes, strict=True)
        whole = (min(left), min(top), max(right), max(bottom))
        if fitted(whole, width, height).scale < min(self.camera.scale, READABLE):
            x, y = self.camera.to_canvas(width / 2, height / 2)
            whole = min(boxes, key=lambda box: math.hypot(box[0] - x, box[1] - y))
        self.glide(brought_in(self.camera, whole, width, height))

    def _keep_view(self) -> None:
        """Keeps the first view, or the whole drawing, until a person looks elsewhere or edits."""
        kept = self.view_kept
        if kept is not None:
            box, width, height = self.mirror.bounds(), self.width(), self.height()
            empty = Camera(1.0, width / 2, height / 2)
            self.look(kept(box, width, height) if box else empty)
            self.view_kept = kept

    # wheel, pinch and tips

    def wheelEvent(self, event: QWheelEvent) -> None:
        pos, pixels = event.position(), event.pixelDelta()
        zooms = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if is_two_fingers(event) and not zooms:
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
            text = "" if self.is_busy() else tip_at(self.mirror, at.x(), at.y())
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    # painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._keep_view()
        self.view_changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self.scene.paint(
                painter, self.camera, (self.width(), self.height()), self.devicePixelRatioF(),
                self.highlights, keep=self.is_busy(), only=event.rect(),
                zooms=self._zooming.isActive(), points=True,
            )  # fmt: skip
            painter.resetTransform()
            painter.translate(self.camera.dx, self.camera.dy)
            painter.scale(self.camera.scale, self.camera.scale)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.paint_over(painter)

    def paint_over(self, painter: QPainter) -> None:
        """Draws over the drawing, in px of the canvas."""

    def is_busy(self) -> bool:
        """Whether a gesture is under way: tooltips would be in the way, frames follow soon."""
        return False


def is_two_fingers(event: QWheelEvent) -> bool:
    """Whether this scrolls on a touchpad; some desktops tell px of a wheel, too."""
    if event.pixelDelta().isNull():
        return False
    is_touchpad = event.device().type() == QInputDevice.DeviceType.TouchPad
    has_phase = event.phase() != Qt.ScrollPhase.NoScrollPhase
    return is_touchpad or has_phase or event.angleDelta().y() % 120 != 0
