"""Paints over blocks that are switched off: a veil, and a line where their input goes through."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.canvas.chrome import COMPOSITE_RADIUS, RADIUS
from app.canvas.frame import Frame
from app.canvas.geometry import Ints
from app.canvas.mirror import Mirror
from app.canvas.traits import BYPASSED, COMPOSITE, MUTED
from app.theme import Theme, colour

BYPASS_VEIL, MUTE_VEIL = 0.5, 0.74
LINE_W = 2.0


class VeilPainter:
    """Paints the veils of a mirror's blocks."""

    def __init__(self, mirror: Mirror, theme: Theme) -> None:
        self._mirror = mirror
        self._theme = theme

    def paint(self, frame: Frame, rows: Ints) -> None:
        """Paints over the bodies of those of these blocks that are off, below their texts."""
        state = self._mirror.state[rows]
        off = (state & (BYPASSED | MUTED)) != 0
        if not off.any():
            return
        frame.use_canvas()
        painter = frame.painter
        for row, bits in zip(rows[off].tolist(), state[off].tolist(), strict=True):
            x, y, width, height = self._mirror.rect[row].tolist()
            radius = COMPOSITE_RADIUS if bits & COMPOSITE else RADIUS
            veil = MUTE_VEIL if bits & MUTED else BYPASS_VEIL
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(self._theme.canvas, veil))
            box = QRectF(x, y, width, height).adjusted(-1, -1, 1, 1)
            painter.drawRoundedRect(box, radius, radius)
            if not bits & MUTED:
                self._paint_way(painter, row, x, y)
        painter.setBrush(Qt.BrushStyle.NoBrush)  # SVG writes with the opacity of the brush

    def _paint_way(self, painter: QPainter, row: int, x: float, y: float) -> None:
        """The way of a value from the first input to the first output."""
        spots = self._mirror.layouts[row].spots
        ins = [spot for spot in spots if spot.is_input]
        outs = [spot for spot in spots if not spot.is_input]
        if ins and outs:
            painter.setPen(QPen(QColor(self._theme.edge), LINE_W))
            start, end = (QPointF(x + spot.x, y + spot.y) for spot in (ins[0], outs[0]))
            painter.drawLine(start, end)
