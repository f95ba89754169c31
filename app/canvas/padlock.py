"""The mark of what is locked."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.theme import Theme

DISC_R = 8.5
BODY = QRectF(-4.2, -1.2, 8.4, 6.2)
SHACKLE = QRectF(-2.7, -5.2, 5.4, 7.0)


def paint_padlock(painter: QPainter, centre: QPointF, theme: Theme) -> None:
    """Paints a closed padlock on a disc of the colour of blocks."""
    painter.save()
    painter.translate(centre)
    painter.setPen(QPen(QColor(theme.dim), 1))
    painter.setBrush(QColor(theme.body))
    painter.drawEllipse(QPointF(0, 0), DISC_R, DISC_R)
    painter.setPen(QPen(QColor(theme.text), 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(SHACKLE, 0, 180 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.text))
    painter.drawRoundedRect(BODY, 1.2, 1.2)
    painter.restore()
