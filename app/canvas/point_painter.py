"""Paints the points that wires are led through, where they can be taken hold of."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPen

from app.canvas.frame import Frame
from app.canvas.geometry import Ints
from app.canvas.highlights import Highlights
from app.canvas.mirror import Mirror
from app.canvas.options import Others
from app.canvas.wire_looks import of_selection, others_are
from app.theme import Theme

POINT_R, CHOSEN_R, HOT_R = 4.0, 6.0, 6.5
RING_W = 2.0
SEEN_FROM = 0.3
MOST_SEEN = 3000


class PointPainter:
    """Paints the points of a mirror's edges."""

    def __init__(self, mirror: Mirror, theme: Theme) -> None:
        self._mirror = mirror
        self._theme = theme

    def paint(self, frame: Frame, rows: Ints, highlights: Highlights) -> None:
        """Paints the points of these edges that are in view; those that are chosen on top."""
        points = self._mirror.points
        if not len(points.at) or frame.scale / frame.ratio < SEEN_FROM:
            return
        left, top, right, bottom = frame.seen
        x, y = points.at.T
        seen = (x >= left - HOT_R) & (x <= right + HOT_R)
        seen &= (y >= top - HOT_R) & (y <= bottom + HOT_R)
        found = np.flatnonzero(seen & np.isin(points.edge, rows))
        if not len(found) or len(found) > MOST_SEEN:
            return
        frame.use_canvas()
        self._paint_plain(frame, found, highlights)
        self._paint_chosen(frame, points.rows_of(points.chosen))
        if highlights.point is not None:
            self._paint_hot(frame, points.rows_of([highlights.point]))

    def _paint_plain(self, frame: Frame, rows: Ints, highlights: Highlights) -> None:
        """Dots in the colour of their wires, apart from these by a rim."""
        mirror, theme, painter = self._mirror, self._theme, frame.painter
        edges = mirror.points.edge[rows]
        chosen = of_selection(mirror, edges).tolist()
        lit = mirror.edge_row(highlights.edge) if highlights.edge is not None else None
        is_faded = others_are(mirror, Others.FADED)
        painter.setPen(QPen(QColor(theme.canvas), RING_W))
        for row, edge, of_it in zip(rows.tolist(), edges.tolist(), chosen, strict=True):
            if is_faded and not of_it:
                continue
            painter.setBrush(QColor(theme.accent if of_it or edge == lit else theme.edge))
            painter.drawEllipse(self._at(row), POINT_R, POINT_R)

    def _paint_chosen(self, frame: Frame, rows: Ints) -> None:
        painter = frame.painter
        painter.setPen(QPen(QColor(self._theme.accent), RING_W))
        painter.setBrush(QColor(self._theme.text))
        for row in rows.tolist():
            painter.drawEllipse(self._at(row), CHOSEN_R, CHOSEN_R)

    def _paint_hot(self, frame: Frame, rows: Ints) -> None:
        painter = frame.painter
        painter.setPen(QPen(QColor(self._theme.accent), RING_W))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for row in rows.tolist():
            painter.drawEllipse(self._at(row), HOT_R + RING_W, HOT_R + RING_W)

    def _at(self, row: int) -> QPointF:
        return QPointF(*self._mirror.points.at[row].tolist())
