"""Paints the grid: a dot every 24 px, a larger one every fifth."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from app.canvas.frame import Frame, draw_copies
from app.canvas.geometry import GRID, Box, Floats
from app.canvas.pixmaps import Cache, Stamp
from app.theme import Theme

MAJOR_EVERY = 5
MINOR_R, MAJOR_R = 1.0, 1.4
SMALLEST_STEP_PX = 11.0


def dots(frame: Frame, part: Box, step: float, skip: int = 0) -> Floats:
    """The places of a grid's dots on the device, without every `skip`-th of every such row."""
    left, top, right, bottom = part
    across = np.arange(math.floor(left / step), math.ceil(right / step) + 1)
    down = np.arange(math.floor(top / step), math.ceil(bottom / step) + 1)
    x, y = np.meshgrid(across, down)
    places = np.stack([x.ravel(), y.ravel()], 1).astype(np.float64)
    if skip:
        major = (places[:, 0] % skip == 0) & (places[:, 1] % skip == 0)
        places = places[~major]
    # half a px beside a whole one: the dot's pixmap has an odd number of px
    return np.floor(frame.on_device(places * step)) + 0.5


class GridPainter:
    """Paints the dots of the grid that are far enough apart."""

    def __init__(self, theme: Theme, cache: Cache) -> None:
        self._theme = theme
        self._cache = cache

    def paint(self, frame: Frame, part: Box) -> None:
        """Paints the grid over a part of the canvas."""
        frame.use_device(smooth=False)
        if GRID * frame.scale / frame.ratio >= SMALLEST_STEP_PX:
            minor = self._dot(self._theme.grid, MINOR_R, frame)
            draw_copies(frame.painter, minor, dots(frame, part, GRID, MAJOR_EVERY))
        if GRID * MAJOR_EVERY * frame.scale / frame.ratio >= SMALLEST_STEP_PX:
            major = self._dot(self._theme.grid_major, MAJOR_R, frame)
            draw_copies(frame.painter, major, dots(frame, part, GRID * MAJOR_EVERY))

    def _dot(self, tone: str, radius: float, frame: Frame) -> QPixmap | Stamp:
        shrunk = min(max(frame.scale / frame.ratio, 0.5), 1.0)
        radius = radius * shrunk * frame.ratio
        side = 2 * math.ceil(radius) + 1

        def paint(painter: QPainter) -> None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tone))
            painter.drawEllipse(QPointF(side / 2, side / 2), radius, radius)

        return self._cache.get(("dot", tone, round(radius, 2)), side, side, paint)
