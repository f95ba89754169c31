"""The whole drawing in a corner of the canvas; a click or a drag moves the view there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.canvas.camera import Camera, fitted, shows
from app.canvas.frame import Frame
from app.canvas.geometry import Box, Floats, Ints
from app.canvas.painter import ScenePainter
from app.i18n import tr
from app.theme import colour

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas

SIZE = QSize(180, 120)
INSET = 10.0
MARGIN = 16
ROOMY = 480
FADED = 0.4
"""How opaque the map is over blocks, while the pointer is elsewhere."""


class Minimap(QWidget):
    """Shown where the drawing is larger than the view; it fades where it lies over blocks."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setFixedSize(SIZE)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(tr("Overview of the drawing"))
        self.setToolTip(tr("Click or drag to move the view"))
        canvas.view_changed.connect(self.follow)
        self._look: tuple[Camera, float, ScenePainter, int] | None = None
        self._seen: tuple[Floats | Ints, ...] = ()
        self._picture = QPixmap()
        self._box: Box | None = None
        self.hide()

    def follow(self) -> None:
        """Stands in its corner and shows the present view, if there is more than that."""
        canvas = self._canvas
        box = self._box = canvas.mirror.bounds()
        width, height = canvas.width(), canvas.height()
        small = width < ROOMY or height < ROOMY / 2
        self.setVisible(
            box is not None and not small and not shows(canvas.camera, box, width, height)
        )
        self.move(width - self.width() - MARGIN, height - self.height() - MARGIN)
        # the canvas is painted anew, and this with it

    def is_faded(self) -> bool:
        """Whether blocks below show through: there are some, and the pointer is not on the map."""
        place = self.geometry()
        camera = self._canvas.camera
        covered = (
            *camera.to_canvas(place.left(), place.top()),
            *camera.to_canvas(place.right(), place.bottom()),
        )
        return not self.underMouse() and bool(len(self._canvas.mirror.nodes_in(covered)))

    def camera(self) -> Camera:
        """How the map looks at the canvas: all blocks and what is in view."""
        if self._canvas.is_busy():  # blocks may be on their way beyond what was known
            self._box = self._canvas.mirror.bounds()
        box = self._box or (0.0, 0.0, 1.0, 1.0)
        return fitted(box, self.width(), self.height(), INSET)

    def _view(self) -> Box:
        return self._canvas.camera.seen(self._canvas.width(), self._canvas.height())

    def _blocks(self, camera: Camera, ratio: float) -> QPixmap:
        """All blocks as coloured rects; painted anew only when they have changed."""
        mirror, scene = self._canvas.mirror, self._canvas.scene
        look = (camera, ratio, scene, mirror.version)
        seen = (mirror.rect, mirror.state, mirror.remarks.rect)
        if look != self._look or not all(map(np.array_equal, seen, self._seen)):
            picture = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            with QPainter(picture) as painter:
                size = (self.width(), self.height())
                scene.paint_map(Frame.of(painter, camera, size, ratio))
            self._picture, self._look = picture, look
            self._seen = tuple(each.copy() for each in seen)
        return self._picture

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, camera = self._canvas.theme, self.camera()
        ratio = self.devicePixelRatioF()
        with QPainter(self) as painter:
            painter.setOpacity(FADED if self.is_faded() else 1.0)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.setBrush(colour(theme.panel, 0.96))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            painter.drawPixmap(0, 0, self._blocks(camera, ratio))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            left, top, right, bottom = self._view()
            seen = QRectF(
                QPointF(*camera.to_view(left, top)), QPointF(*camera.to_view(right, bottom))
            )
            inside = seen.intersected(QRectF(self.rect()).adjusted(4.5, 4.5, -4.5, -4.5))
            shade, window = QPainterPath(), QPainterPath()
            shade.addRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)
            window.addRoundedRect(inside, 3, 3)
            shade.addPath(window)  # what lies in both stays free
            painter.fillPath(shade, colour(theme.panel, 0.5))
            painter.setPen(QPen(QColor(theme.accent), 1.2))
            painter.setBrush(colour(theme.accent, 0.10))
            painter.drawPath(window)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()

    def _go_to(self, pos: QPointF) -> None:
        x, y = self.camera().to_canvas(pos.x(), pos.y())
        canvas = self._canvas
        canvas.look(canvas.camera.centred((x, y, x, y), canvas.width(), canvas.height()))
