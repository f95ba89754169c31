"""A small picture of what will be exported, on a chequered ground where it is clear."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n import tr
from app.picturing.raster import painted
from app.picturing.wish import Scene, Wish

SIZE_PX = (340, 300)
SHARP = 2
SQUARE_PX = 8


class Preview(QWidget):
    """Shows a scene as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Scene, Wish] | None = None
        self._image = QImage()
        self.setAccessibleName(tr("Preview of the picture"))
        self.setMinimumSize(220, 200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(*SIZE_PX)

    def show_scene(self, scene: Scene, wish: Wish) -> None:
        """Shows the picture that is wished for; its real scale does not matter."""
        whole = scene.size(1.0)
        scale = SHARP * min(SIZE_PX[0] / whole[0], SIZE_PX[1] / whole[1], 1.0)
        ground = wish.ground if wish.format == "png" else wish.flat_ground
        small = replace(wish, scale=scale, ground=ground)
        if self._shown is not None and self._shown[0] is scene and self._shown[1] == small:
            return
        self._shown = (scene, small)
        self._image = painted(scene, small)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        if size.width() > self._image.width():
            size = self._image.size()
        place = QRectF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2,
                       size.width(), size.height())  # fmt: skip
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            self._paint_squares(painter, place)
            painter.drawImage(place, self._image)

    def _paint_squares(self, painter: QPainter, place: QRectF) -> None:
        """What is clear in the picture shows squares, as image programs do it."""
        is_dark = self._shown is not None and self._shown[1].theme.is_dark
        light, dark = ("#3A3F49", "#2B2F37") if is_dark else ("#FFFFFF", "#E6E8EC")
        painter.save()
        painter.setClipRect(place)
        painter.fillRect(place, QColor(light))
        for row in range(int(place.height() // SQUARE_PX) + 1):
            for column in range(row % 2, int(place.width() // SQUARE_PX) + 1, 2):
                x, y = place.x() + column * SQUARE_PX, place.y() + row * SQUARE_PX
                painter.fillRect(QRectF(x, y, SQUARE_PX, SQUARE_PX), QColor(dark))
        painter.restore()
