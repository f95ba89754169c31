"""Paints what blocks cost over their bodies: a broad bar at the left and a veil of its tone."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPixmap

from app.canvas.chrome import COMPOSITE_RADIUS, RADIUS, body_of, margin_px
from app.canvas.frame import Frame, draw_copies
from app.canvas.geometry import BADGE_AT, BADGE_R, Ints
from app.canvas.heat import COLD, HeatRows
from app.canvas.mirror import Mirror
from app.canvas.options import Heat
from app.canvas.pixmaps import Cache, Stamp
from app.canvas.ramp import tones
from app.canvas.traits import COLLAPSED, COMPOSITE, ERROR, WARNING
from app.theme import Theme, colour

BAR_W = 10.0
VEIL_DARK, VEIL_LIGHT = 0.22, 0.20
INSET = 1.0


class HeatPainter:
    """Paints the heat of a mirror's blocks."""

    def __init__(self, mirror: Mirror, theme: Theme, cache: Cache) -> None:
        self._mirror = mirror
        self._theme = theme
        self._cache = cache
        self._tones = tones(theme)
        self.fills = [QColor(tone) for tone in self._tones]
        self.is_on = mirror.options.heat is not Heat.OFF and mirror.heat.costs is not None

    def rows(self) -> HeatRows | None:
        """The heat of the blocks; None where it is not wanted."""
        return self._mirror.heat.rows(self._mirror.options.heat, self._mirror.ids)

    def paint(self, frame: Frame, rows: Ints) -> None:
        """Paints the heat of these blocks over their bodies, those that look alike in one go."""
        found = self.rows()
        if found is None or not len(rows):
            return
        level, state = found.level[rows], self._mirror.state[rows]
        flagged = (state & (ERROR | WARNING)) != 0
        looks = level * 8 + 2 * flagged + ((state & COMPOSITE) != 0)
        looks += 4 * ((state & COLLAPSED) != 0)
        corners = np.round(frame.on_device(self._mirror.rect[rows, :2])) - margin_px(frame.scale)
        frame.use_device(smooth=False)
        for look in sorted(set(looks[level != COLD].tolist())):
            pixmap = self._pixmap(look, frame.scale)
            half = np.array([pixmap.width(), pixmap.height()]) / 2
            draw_copies(frame.painter, pixmap, corners[looks == look] + half)

    def _pixmap(self, look: int, scale: float) -> QPixmap | Stamp:
        margin = margin_px(scale)
        level, flagged, composite = look // 8, bool(look & 2), bool(look & 1)
        body = body_of(COLLAPSED if look & 4 else 0)
        width, height = (round(s * scale) + 2 * margin for s in (body.width(), body.height()))

        def paint(painter: QPainter) -> None:
            painter.translate(margin, margin)
            painter.scale(scale, scale)
            shape = _shape(body, COMPOSITE_RADIUS if composite else RADIUS, flagged)
            bar = QPainterPath()
            bar.addRect(QRectF(0, 0, BAR_W, body.height()))
            painter.setPen(Qt.PenStyle.NoPen)
            veil = VEIL_DARK if self._theme.is_dark else VEIL_LIGHT
            painter.fillPath(shape, colour(self._tones[level], veil))
            painter.fillPath(shape.intersected(bar), self.fills[level])

        return self._cache.get(("heat", look, round(scale, 4)), width, height, paint)


def _shape(body: QRectF, radius: float, flagged: bool) -> QPainterPath:
    """The body within its border, without the place of the badge."""
    shape = QPainterPath()
    inner = body.adjusted(INSET, INSET, -INSET, -INSET)
    shape.addRoundedRect(inner, radius - INSET, radius - INSET)
    if flagged:
        badge = QPainterPath()
        badge.addEllipse(QPointF(*BADGE_AT), BADGE_R + 1, BADGE_R + 1)
        shape = shape.subtracted(badge)
    return shape
