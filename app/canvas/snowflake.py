"""The mark of a block whose weights are frozen."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.theme import Theme

RADIUS = 7.5
ARM, BARB_AT, BARB = 5.2, 3.2, 1.9
ICE = {True: "#8FD3FF", False: "#0B6FB8"}
"""Its colour on dark and on light blocks."""


def paint_snowflake(painter: QPainter, centre: QPointF, theme: Theme) -> None:
    """Paints six arms with two barbs each on a disc of the colour of blocks."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.body))
    painter.drawEllipse(centre, RADIUS, RADIUS)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(ICE[theme.is_dark]), 1.2))
    painter.save()
    painter.translate(centre)
    for _ in range(6):
        painter.drawLine(QPointF(0, 0), QPointF(0, -ARM))
        for side in (-1, 1):
            tip = QPointF(side * BARB, -BARB_AT - BARB)
            painter.drawLine(QPointF(0, -BARB_AT), tip)
        painter.rotate(60)
    painter.restore()
