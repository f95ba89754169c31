"""The body of a block: shadow, glow, fill, category bar, border and badge, without its texts."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPen, QPixmap

from app.canvas.collapsed import LIFT_PX, height_of, paint_chevron
from app.canvas.frame import draw_copies
from app.canvas.geometry import BADGE_AT, BADGE_R, NODE_W
from app.canvas.looks import COLOURS
from app.canvas.padlock import paint_padlock
from app.canvas.pixmaps import Cache, Stamp
from app.canvas.snowflake import paint_snowflake
from app.canvas.traits import (
    ACTIVE,
    COLLAPSED,
    COMPOSITE,
    ERROR,
    FROZEN,
    LOCKED,
    REPEATED,
    SELECTED,
    SHARING,
    UNKNOWN,
    WARNING,
)
from app.theme import Theme, blended, colour, sans

MARGIN = 14.0
RADIUS = 10.0
COMPOSITE_RADIUS = 14.0
STACK_PX = 4.0
BAR_W = 4.0
SPREAD = 7
WASH_DARK, WASH_LIGHT = 0.17, 0.10
"""How much of the category's colour is at the left of a body."""
ICON = QRectF(14, 11, 24, 24)
LOCK_AT = QPointF(3.0, 3.0)
ON_WARN = "#1B1405"


class Chrome:
    """Paints bodies of blocks, each look once a scale."""

    def __init__(self, theme: Theme, cache: Cache) -> None:
        self._theme = theme
        self._cache = cache

    def pixmap(self, category: int, state: int, scale: float) -> QPixmap | Stamp:
        """The body of a block in px of the device; its corner lies `margin_px` from the edge."""
        margin = margin_px(scale)
        sides = (NODE_W, height_of(state))
        width, height = (math.ceil(side * scale) + 2 * margin for side in sides)

        light = state & (COMPOSITE | SELECTED | ERROR | UNKNOWN | COLLAPSED)

        def below(painter: QPainter) -> None:
            painter.translate(margin, margin)
            painter.scale(scale, scale)
            self._paint_light(painter, light)

        def paint(painter: QPainter) -> None:
            # bodies of all categories lie on the same light, which takes the longest to paint
            lit = self._cache.get(("light", light, round(scale, 4)), width, height, below)
            painter.save()
            painter.translate(margin, margin)
            painter.scale(scale, scale)
            if state & REPEATED:
                self._paint_stack(painter, category, state)
            painter.restore()
            draw_copies(painter, lit, np.array([[width / 2, height / 2]]))
            painter.translate(margin, margin)
            painter.scale(scale, scale)
            self._paint_body(painter, category, state)

        return self._cache.get(("body", category, state, round(scale, 4)), width, height, paint)

    def _paint_light(self, painter: QPainter, state: int) -> None:
        """The shadow, and the glow of what is selected or wrong."""
        body, radius = body_of(state), _radius(state)
        self._paint_shadow(painter, body, radius)
        if state & SELECTED:
            self._paint_glow(painter, body, radius, self._theme.accent)
        elif state & ERROR and not state & UNKNOWN:
            self._paint_glow(painter, body, radius, self._theme.error)

    def _paint_body(self, painter: QPainter, category: int, state: int) -> None:
        """The rest, with its corner at the origin, in px of the canvas."""
        theme, body, radius = self._theme, body_of(state), _radius(state)
        icon = ICON.translated(0, -LIFT_PX) if state & COLLAPSED else ICON
        tone = self._tone(category, state)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = theme.field if state & UNKNOWN else theme.body
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(body, radius, radius)
        self._paint_category(painter, body, radius, tone, ground)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._border(state, tone))
        painter.drawRoundedRect(body, radius, radius)
        if state & ACTIVE:
            painter.setPen(QPen(colour(theme.accent, 0.7), 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(body.adjusted(-4, -4, 4, 4), radius + 4, radius + 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(tone, 0.22 if theme.is_dark else 0.14))
        painter.drawRoundedRect(icon, 6, 6)
        if state & SHARING:
            self._paint_link(painter, icon.bottomRight(), tone)
        if state & FROZEN:
            paint_snowflake(painter, icon.topRight(), theme)
        if state & COLLAPSED:
            paint_chevron(painter, theme.dim)
        if state & LOCKED:
            paint_padlock(painter, LOCK_AT, theme)
        if state & (ERROR | WARNING):
            paint_badge(painter, theme, QPointF(*BADGE_AT), is_error=bool(state & ERROR))

    def _tone(self, category: int, state: int) -> str:
        return self._theme.dim2 if state & UNKNOWN else self._theme.categories[COLOURS[category]]

    def _paint_stack(self, painter: QPainter, category: int, state: int) -> None:
        """The corners of the blocks behind the first one of a repeat."""
        tone, radius, body = self._tone(category, state), _radius(state), body_of(state)
        for by in (2 * STACK_PX, STACK_PX):
            painter.setPen(QPen(colour(tone, 0.6), 1))
            painter.setBrush(QColor(self._theme.body))
            painter.drawRoundedRect(body.translated(by, by), radius, radius)

    def _paint_link(self, painter: QPainter, centre: QPointF, tone: str) -> None:
        """Two links of a chain at the corner of the icon: the weights are those of another."""
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

    def _paint_category(
        self, painter: QPainter, body: QRectF, radius: float, tone: str, ground: str
    ) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(body, radius, radius)
        wash = QLinearGradient(body.topLeft(), body.topRight())
        # opaque: PDF would show a gradient of clear colours as one of solid ones
        share = WASH_DARK if self._theme.is_dark else WASH_LIGHT
        wash.setColorAt(0, QColor(blended(ground, tone, share)))
        wash.setColorAt(0.75, QColor(ground))
        painter.fillPath(shape, wash)
        painter.fillPath(_bar(radius, body.height()), QColor(tone))

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


def paint_badge(painter: QPainter, theme: Theme, centre: QPointF, *, is_error: bool) -> None:
    """Paints the "!" of what is wrong, or may be."""
    painter.setPen(QPen(QColor(theme.canvas), 2))
    painter.setBrush(QColor(theme.error if is_error else theme.warn))
    painter.drawEllipse(centre, BADGE_R, BADGE_R)
    painter.setPen(QColor("#FFFFFF" if is_error else ON_WARN))
    painter.setFont(sans(12, bold=True))
    box = QRectF(centre.x() - BADGE_R, centre.y() - BADGE_R, 2 * BADGE_R, 2 * BADGE_R)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "!")


@lru_cache
def _bar(radius: float, height: float) -> QPainterPath:
    """The bar at the left of a body, within its corners; not by a clip, which SVG may not know."""
    shape, bar = QPainterPath(), QPainterPath()
    shape.addRoundedRect(QRectF(0, 0, NODE_W, height), radius, radius)
    bar.addRect(QRectF(0, 0, BAR_W, height))
    return shape.intersected(bar)


def body_of(state: int) -> QRectF:
    """The box of a body whose corner is the origin."""
    return QRectF(0, 0, NODE_W, height_of(state))


def _radius(state: int) -> float:
    return COMPOSITE_RADIUS if state & COMPOSITE else RADIUS


def margin_px(scale: float) -> int:
    """How far a body's corner lies from the edge of its pixmap, in px of the device."""
    return math.ceil(MARGIN * scale)
