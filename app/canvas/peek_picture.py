"""The drawing of what is inside a composite, scaled to its room."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from app.canvas import hits
from app.canvas.camera import Camera, fitted
from app.canvas.chrome import COMPOSITE_RADIUS
from app.canvas.insides import Inside
from app.canvas.painter import ScenePainter
from app.theme import Theme
from graph.model import NodeId

SMALLEST = QSize(280, 150)
EDGE_PX = 24.0


class InsidePicture(QWidget):
    """A drawing scaled to its room, painted once."""

    def __init__(self, theme: Callable[[], Theme], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._theme = theme
        self._inside: Inside | None = None
        self._marked: NodeId | None = None
        self._camera = Camera()
        self._pixmap: QPixmap | None = None
        self._painted: tuple[Theme, float] | None = None

    def show_inside(self, inside: Inside, marked: NodeId | None, room: QSize) -> None:
        """Shows a drawing as large as it is, or as its room allows."""
        self._marked = marked
        if inside is not self._inside:
            self._inside, self._pixmap = inside, None
            box = inside.mirror.bounds() or (0.0, 0.0, 1.0, 1.0)
            width, height = box[2] - box[0] + 2 * EDGE_PX, box[3] - box[1] + 2 * EDGE_PX
            scale = min(1.0, room.width() / width, room.height() / height)
            size = QSize(round(width * scale), round(height * scale))
            size = size.expandedTo(SMALLEST.boundedTo(room))
            self.setFixedSize(size)
            self._camera = fitted(box, size.width(), size.height(), EDGE_PX * scale)
        self.update()

    def node_at(self, at: QPointF) -> NodeId | None:
        """The block at a place of the picture."""
        if self._inside is None or not self.rect().contains(at.toPoint()):
            return None
        return hits.node_at(self._inside.mirror, *self._camera.to_canvas(at.x(), at.y()))

    def paintEvent(self, event: QPaintEvent) -> None:
        inside, theme = self._inside, self._theme()
        if inside is None:
            return
        ratio = self.devicePixelRatioF()
        if self._pixmap is None or self._painted != (theme, ratio):
            self._painted = (theme, ratio)
            self._pixmap = self._drawn(inside, theme, ratio)
        with QPainter(self) as painter:
            painter.drawPixmap(QPoint(0, 0), self._pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.drawRect(QRect(QPoint(0, 0), self.size() - QSize(1, 1)))
            for left, top, right, bottom in inside.mirror.boxes_of(
                [self._marked] if self._marked else []
            ):
                x, y = self._camera.to_view(left, top)
                scale = self._camera.scale
                ring = QRectF(x, y, (right - left) * scale, (bottom - top) * scale)
                radius = COMPOSITE_RADIUS * scale + 3
                painter.setPen(QPen(QColor(theme.accent), 2))
                painter.drawRoundedRect(ring.adjusted(-3, -3, 3, 3), radius, radius)

    def _drawn(self, inside: Inside, theme: Theme, ratio: float) -> QPixmap:
        size = (self.width(), self.height())
        pixmap = QPixmap(round(size[0] * ratio), round(size[1] * ratio))
        pixmap.setDevicePixelRatio(ratio)
        with QPainter(pixmap) as painter:
            ScenePainter(inside.mirror, theme).paint(painter, self._camera, size, ratio)
        return pixmap
