"""Which mark on a port stands for which kind of values, as pictures for a legend."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from app.canvas.geometry import PORT_R
from app.canvas.markers import paint_marker
from app.canvas.port_kinds import Kind, tones
from app.theme import Theme

SIDE_PX = 26
LARGER = 1.5


def marker_picture(kind: Kind, theme: Theme, ratio: float) -> QPixmap:
    """The mark of a kind, larger than on the canvas at 100 %."""
    pixmap = QPixmap(round(SIDE_PX * ratio), round(SIDE_PX * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(SIDE_PX / 2, SIDE_PX / 2)
        painter.scale(LARGER, LARGER)
        tone, ground = QColor(tones(theme)[kind]), QColor(theme.panel)
        paint_marker(painter, kind, PORT_R, tone, ground, letter=True)
    return pixmap
