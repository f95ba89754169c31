"""The body of a block: shadow, glow, fill, category bar, border and badge, without its texts."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPen, QPixmap

from app.canvas.geometry import BADGE_AT, BADGE_R, NODE_H, NODE_W
from app.canvas.looks import COLOURS
from app.canvas.mirror import (
    ACTIVE,
    COMPOSITE,
    ERROR,
    REPEATED,
    SELECTED,
    SHARING,
    UNKNOWN,
    WARNING,
)
from app.canvas.pixmaps import Cache, Stamp
from app.theme import Theme, colour, sans

MARGIN = 14.0
RADIUS = 10.0
COMPOSITE_RADIUS = 14.0
STACK_PX = 4.0
BAR_W = 4.0
SPREAD = 7
ICON = QRectF(14, 11, 24, 24)
ON_WARN = "#1B1405"


class Chrome:
    """Paints bodies of blocks, each look once a scale."""

    def __init__(self, theme: Theme, cache: Cache) -> None:
        self._theme = theme
        self._cache = cache

    def pixmap(self, category: int, state: int, scale: float) -> QPixmap | Stamp:
        """The body of a block in px of the device; its corner lies `margin_px` from the edge."""
        margin = margin_px(scale)
        width, height = (math.ceil(side * scale) + 2 * margin for side in (NODE_W, NODE_H))

        def paint(painter: QPainter) -> None:
            painter.translate(margin, margin)
            painter.scale(scale, scale)
            self.paint(painter, category, state)

        return self._cache.get(("body", category, state, round(scale, 4)), width, height, paint)

    def paint(self, painter: QPainter, category: int, state: int) -> None:
        """Paints a body with its corner at the origin, in px of the canvas."""
        theme = self._theme
        body = QRectF(0, 0, NODE_W, NODE_H)
        unknown = bool(state & UNKNOWN)
        tone = theme.dim2 if unknown else theme.categories[COLOURS[category]]
        radius = COMPOSITE_RADIUS if state & COMPOSITE else RADIUS
        if state & REPEATED:
            self._paint_stack(painter, body, radius, tone)
        self._paint_shadow(painter, body, radius)
        if state & SELECTED:
            self._paint_glow(painter, body, radius, theme.accent)
        elif state & ERROR and not unknown:
            self._paint_glow(painter, body, radius, theme.error)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.field if unknown else theme.body))
        painter.drawRoundedRect(body, radius, radius)
        self._paint_category(painter, body, radius, tone)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._border(state, tone))
        painter.drawRoundedRect(body, radius, radius)
        if state & ACTIVE:
            painter.setPen(QPen(colour(theme.accent, 0.7), 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(body.adjusted(-4, -4, 4, 4), radius + 4, radius + 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(tone, 0.22 if theme.is_dark else 0.14))
        painter.drawRoundedRect(ICON, 6, 6)
        if state & SHARING:
            self._paint_link(painter, tone)
        if state & (ERROR | WARNING):
            self._paint_badge(painter, bool(state & ERROR))

    def _paint_stack(self, painter: QPainter, body: QRectF, radius: float, tone: str) -> None:
        """The corners of the blocks behind the first one of a repeat."""
        for by in (2 * STACK_PX, STACK_PX):
            painter.setPen(QPen(colour(tone, 0.6), 1))
            painter.setBrush(QColor(self._theme.body))
            painter.drawRoundedRect(body.translated(by, by), radius, radius)

    def _paint_link(self, painter: QPainter, tone: str) -> None:
        """Two links of a chain at the corner of the icon: the weights are those of another."""
        centre = ICON.bottomRight()
        painter.setPen(QPen(QColor(self._theme.body), 2))
        painter.setBrush(QColor(self._theme.body))
        painter.drawEllipse(centre, 7.5, 7.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tone), 1.4))
        painter.save()
        painter.translate(centre)
        painter.rotate(-45)
        painter.drawRoundedRect(QRectF(-5.5, -2, 6.5, 4), 2, 2)
        painter.drawRoundedRect(QRectF(-1, -2, 6.5, 4), 2, 2)
        painter.restore()

    def _paint_shadow(self, painter: QPainter, body: QRectF, radius: float) -> None:
        shade = QColor(0, 0, 0, 19) if self._theme.is_dark else QColor(16, 24, 40, 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        for by in range(SPREAD, 0, -1):
            around = body.adjusted(-by, -by + 3, by, by + 3)
            painter.drawRoundedRect(around, radius + by, radius + by)

    def _paint_glow(self, painter: QPainter, body: QRectF, radius: float, tone: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for by in range(SPREAD, 0, -1):
            painter.setBrush(colour(tone, 0.035 + 0.006 * (SPREAD - by)))
            painter.drawRoundedRect(body.adjusted(-by, -by, by, by), radius + by, radius + by)

    def _paint_category(self, painter: QPainter, body: QRectF, radius: float, tone: str) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(body, radius, radius)
        wash = QLinearGradient(body.topLeft(), body.topRight())
        wash.setColorAt(0, colour(tone, 0.17 if self._theme.is_dark else 0.10))
        wash.setColorAt(0.75, colour(tone, 0))
        painter.fillPath(shape, wash)
        bar = QPainterPath()
        bar.addRect(QRectF(0, 0, BAR_W, NODE_H))
        painter.fillPath(shape.intersected(bar), QColor(tone))

    def _border(self, state: int, tone: str) -> QPen:
        theme = self._theme
        if state & SELECTED:
            return QPen(QColor(theme.accent), 2)
        if state & UNKNOWN:
            return QPen(QColor(theme.dim2), 1.2, Qt.PenStyle.DashLine)
        if state & ERROR:
            return QPen(QColor(theme.error), 1.5)
        if state & COMPOSITE:
            return QPen(colour(tone, 0.7), 1.2, Qt.PenStyle.DashLine)
        return QPen(QColor(theme.border), 1)

    def _paint_badge(self, painter: QPainter, is_error: bool) -> None:
        theme, centre = self._theme, QPointF(*BADGE_AT)
        painter.setPen(QPen(QColor(theme.canvas), 2))
        painter.setBrush(QColor(theme.error if is_error else theme.warn))
        painter.drawEllipse(centre, BADGE_R, BADGE_R)
        painter.setPen(QColor("#FFFFFF" if is_error else ON_WARN))
        painter.setFont(sans(12, bold=True))
        box = QRectF(centre.x() - BADGE_R, centre.y() - BADGE_R, 2 * BADGE_R, 2 * BADGE_R)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "!")


def margin_px(scale: float) -> int:
    """How far a body's corner lies from the edge of its pixmap, in px of the device."""
    return math.ceil(MARGIN * scale)
