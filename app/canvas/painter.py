"""Paints the mirror: few calls over many rows, in detail where it can be read."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter

from app.canvas.camera import Camera
from app.canvas.highlights import NO_HIGHLIGHTS, Highlights
from app.canvas.mirror import Mirror
from app.theme import Theme


class ScenePainter:
    """Paints a mirror in the colours of a theme."""

    def __init__(self, mirror: Mirror, theme: Theme) -> None:
        self.mirror = mirror
        self.theme = theme

    def paint(
        self,
        painter: QPainter,
        camera: Camera,
        size: tuple[float, float],
        ratio: float,
        highlights: Highlights = NO_HIGHLIGHTS,
    ) -> None:
        """Paints what the camera sees of the drawing."""
        painter.fillRect(QRectF(0, 0, *size), QColor(self.theme.canvas))
        painter.translate(camera.dx, camera.dy)
        painter.scale(camera.scale, camera.scale)
        painter.setPen(QColor(self.theme.edge))
        for row in self.mirror.line.tolist():
            painter.drawLine(QLineF(*row))
        painter.setBrush(QColor(self.theme.body))
        for row in self.mirror.rect.tolist():
            painter.drawRect(QRectF(*row))
