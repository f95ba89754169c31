"""Marks the blocks that were found on the canvas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.canvas.chrome import RADIUS
from app.canvas.frame import draw_rects
from app.canvas.mirror import Mirror
from app.theme import Theme, colour
from graph.model import NodeId

RING = 4.0
RINGS_UP_TO = 400
"""More blocks than this are covered and not ringed: so many rings take too long to draw."""


def paint_found(painter: QPainter, mirror: Mirror, theme: Theme, nodes: Sequence[NodeId]) -> None:
    """Draws a ring around each of these blocks, or the frame it is hidden in, px of the canvas."""
    rows = [mirror.row[id] for id in nodes if id in mirror.row]
    if not rows:
        return
    boxes = dict.fromkeys(mirror.folds.box_of(mirror, row) for row in rows)
    corners = np.array(list(boxes))
    rects = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], 1)
    rects += np.array([-RING, -RING, 2 * RING, 2 * RING])
    painter.save()
    if len(rows) > RINGS_UP_TO:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(theme.warn, 0.5))
        draw_rects(painter, np.ascontiguousarray(rects))
    else:
        pen = QPen(QColor(theme.warn), 2.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(colour(theme.warn, 0.14))
        for rect in rects.tolist():
            painter.drawRoundedRect(QRectF(*rect), RADIUS + RING, RADIUS + RING)
    painter.restore()
