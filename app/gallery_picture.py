"""The picture of a network in the gallery."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.canvas import render_document
from app.theme import Theme, colour
from graph.model import Document

RADIUS_PX = 8.0
SMALLEST_PX = QSize(420, 220)
FINEST = 2.0
"""Pixels painted for each one shown, so that small blocks keep their detail."""


class GalleryPicture(QWidget):
    """A drawing fitted into a frame; painted anew only where drawing or size have changed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._document: Document | None = None
        self._image: QImage | None = None
        self.setMinimumSize(SMALLEST_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_document(self, document: Document | None) -> None:
        """Shows a drawing, or nothing."""
        self._document = document
        self._image = None
        self.update()

    def image(self) -> QImage | None:
        """The picture at the size and the resolution of the frame; None where nothing is shown."""
        if self._image is None and self._document is not None:
            ratio = max(self.devicePixelRatioF(), FINEST)
            size = round(self.width() * ratio), round(self.height() * ratio)
            self._image = render_document(self._document, self._theme, size)
            self._image.setDevicePixelRatio(ratio)
        return self._image

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._image = None
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        image = self.image()
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        outline = QPainterPath()
        outline.addRoundedRect(frame, RADIUS_PX, RADIUS_PX)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.fillPath(outline, colour(self._theme.canvas))
            if image is not None:
                painter.setClipPath(outline)
                painter.drawImage(QPointF(0, 0), image)
                painter.setClipping(False)
            painter.setPen(QPen(QColor(self._theme.line), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(outline)
