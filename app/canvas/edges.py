"""Paints edges: hairlines from afar, curves from near, and those that matter in colour."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen

from app.canvas import geometry, legs
from app.canvas.frame import Detail, Frame, draw_lines
from app.canvas.geometry import Bools, Floats, Ints
from app.canvas.highlights import Highlights
from app.canvas.mirror import REFUSED, Mirror
from app.canvas.options import Others
from app.canvas.wire_looks import of_selection, others_are
from app.theme import Theme, blended
from graph.model import Edge

LONG_PX = 1500.0
SHORTEST_PX = 2.5
HALO_W = 7.0
EDGE_W = 2.0
FLAT = Qt.PenCapStyle.FlatCap
MOST_PATHS = 20_000
MOST_WIDE = 2000
"""Of more curves in view none can be told from its neighbours; thin ones are drawn faster."""
FADED = 0.35
Course = tuple[float, float, float, float, float | None]


class EdgePainter:
    """Paints the edges of a mirror."""

    def __init__(self, mirror: Mirror, theme: Theme) -> None:
        self._mirror = mirror
        self._theme = theme
        self._paths: dict[Course, QPainterPath] = {}
        self._faded = blended(theme.canvas, theme.edge, FADED)
        self._tone = QColor(theme.edge)
        self._hidden: tuple[frozenset[Edge], int, Bools] | None = None

    def without(self, hidden: frozenset[Edge], rows: Ints) -> Ints:
        """These edges but for those that a gesture draws elsewhere, or not at all."""
        mirror = self._mirror
        if not hidden:
            return rows
        if self._hidden is None or self._hidden[:2] != (hidden, mirror.version):
            stays = np.array([edge not in hidden for edge in mirror.edges], np.bool_)
            self._hidden = (hidden, mirror.version, stays)
        kept: Ints = rows[self._hidden[2][rows]]
        return kept

    def paint(self, frame: Frame, rows: Ints, detail: Detail, highlights: Highlights) -> None:
        """Paints these edges: plain ones first, then those that stand out."""
        mirror = self._mirror
        is_faded = others_are(mirror, Others.FADED)
        self._tone = QColor(self._faded if is_faded else self._theme.edge)
        if detail is Detail.FAR:
            self._paint_far(frame, rows)
            if is_faded:
                self._tone = QColor(self._theme.edge)
                self._paint_far(frame, rows[of_selection(mirror, rows)])
            return
        chosen = of_selection(mirror, rows)
        stands_out = chosen | (mirror.edge_state[rows] != 0)
        if np.count_nonzero(chosen) <= MOST_WIDE:
            self._paint_halos(frame, rows[chosen])
        plain = rows[~stands_out]
        if detail is Detail.MID or len(plain) > MOST_WIDE:
            self._paint_mid(frame, plain)
        else:
            self._paint_near(frame, plain)
        self._paint_special(frame, rows[stands_out])
        lit = mirror.edge_row(highlights.edge) if highlights.edge is not None else None
        if lit is not None:
            self._paint_halos(frame, np.array([lit]))
            self._paint_special(frame, np.array([lit]))

    def _paint_far(self, frame: Frame, rows: Ints) -> None:
        lines = frame.on_device(legs.lines(self._mirror, rows))
        length = np.abs(lines[:, 2] - lines[:, 0]) + np.abs(lines[:, 3] - lines[:, 1])
        lines = np.ascontiguousarray(lines[length > SHORTEST_PX])
        frame.use_device(smooth=False)
        frame.painter.setPen(QPen(self._tone, 0))
        draw_lines(frame.painter, lines)

    def _paint_mid(self, frame: Frame, rows: Ints) -> None:
        # a cosmetic pen of 1 px is hundreds of times faster than a wide one over so many curves
        pen = QPen(self._tone, 1)
        pen.setCosmetic(True)
        together = QPainterPath()
        for path in self._paths_of(rows):
            together.addPath(path)
        frame.use_canvas()
        frame.painter.setPen(pen)
        frame.painter.setBrush(Qt.BrushStyle.NoBrush)
        frame.painter.drawPath(together)

    def _paint_near(self, frame: Frame, rows: Ints) -> None:
        line = self._mirror.line[rows]
        span = np.abs(line[:, 2] - line[:, 0]) + np.abs(line[:, 3] - line[:, 1])
        box, is_led = self._mirror.box[rows], self._mirror.points.is_led[rows]
        span = np.where(is_led, (box[:, 2:] - box[:, :2]).sum(1), span)
        is_long = span * frame.scale > LONG_PX
        frame.use_canvas()
        frame.painter.setPen(QPen(self._tone, EDGE_W, Qt.PenStyle.SolidLine, FLAT))
        frame.painter.setBrush(Qt.BrushStyle.NoBrush)
        for path in self._paths_of(rows[~is_long]):
            frame.painter.drawPath(path)
        if is_long.any():
            self._paint_long(frame, rows[is_long])

    def _paint_long(self, frame: Frame, rows: Ints) -> None:
        """Paints only the parts in view: Qt takes long over what is far outside."""
        courses = legs.courses(self._mirror, rows)[0]
        segments = parts_in_view(frame.on_device(courses), frame.width, frame.height)
        frame.use_device(smooth=True)
        width = EDGE_W * frame.scale
        pen = QPen(self._tone, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap)
        frame.painter.setPen(pen)
        draw_lines(frame.painter, segments)

    def _paint_halos(self, frame: Frame, rows: Ints) -> None:
        """Paints what shines around chosen edges: below all edges, so that it need not let through.

        A translucent pen takes many times as long.
        """
        tone = QColor(blended(self._theme.canvas, self._theme.accent, 0.18))
        frame.use_canvas()
        frame.painter.setBrush(Qt.BrushStyle.NoBrush)
        frame.painter.setPen(QPen(tone, HALO_W, Qt.PenStyle.SolidLine, FLAT))
        for path in self._paths_of(rows):
            frame.painter.drawPath(path)

    def _paint_special(self, frame: Frame, rows: Ints) -> None:
        theme, painter = self._theme, frame.painter
        frame.use_canvas()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        states = self._mirror.edge_state[rows].tolist()
        for path, state in zip(self._paths_of(rows), states, strict=True):
            tone = theme.accent
            if state:
                tone = theme.error if state & REFUSED else theme.warn
            style = Qt.PenStyle.DashLine if state else Qt.PenStyle.SolidLine
            painter.setPen(QPen(QColor(tone), EDGE_W, style, FLAT))
            painter.drawPath(path)

    def _paths_of(self, rows: Ints) -> list[QPainterPath]:
        """The courses of edges; those that did not move since the last frame are kept."""
        mirror = self._mirror
        lines, lanes = mirror.line[rows].tolist(), mirror.lane[rows].tolist()
        straight = mirror.options.straight
        if len(self._paths) > MOST_PATHS:
            self._paths.clear()
        is_led = mirror.points.is_led[rows]
        through = legs.paths(mirror, rows[is_led]) if is_led.any() else iter(())
        found = []
        for (x1, y1, x2, y2), lane, led in zip(lines, lanes, is_led.tolist(), strict=True):
            if led:
                found.append(next(through))
                continue
            key = (x1, y1, x2, y2, None if math.isnan(lane) else lane)
            path = self._paths.get(key)
            if path is None:
                path = self._paths[key] = course_path(*key, straight=straight)
            found.append(path)
        return found


def parts_in_view(courses: Floats, width: float, height: float) -> Floats:
    """The segments of polylines that may be seen, as rows of x1, y1, x2, y2."""
    segments = np.concatenate([courses[:, :-1], courses[:, 1:]], 2).reshape(-1, 4)
    x, y = segments[:, 0::2], segments[:, 1::2]
    seen = (x.max(1) >= 0) & (x.min(1) <= width) & (y.max(1) >= 0) & (y.min(1) <= height)
    return np.ascontiguousarray(segments[seen])


def course_path(
    x1: float, y1: float, x2: float, y2: float, lane: float | None, *, straight: bool = False
) -> QPainterPath:
    """The course of one edge, as Qt draws it."""
    path = QPainterPath(QPointF(x1, y1))
    if lane is None and straight and y2 - y1 >= geometry.STRAIGHT_FROM:
        path.lineTo(x2, y2)
        return path
    if lane is None:
        bend = max(geometry.BEND, abs(y2 - y1) / 2)
        path.cubicTo(x1, y1 + bend, x2, y2 - bend, x2, y2)
        return path
    corners, radii = geometry.lane_corners(np.array([[x1, y1, x2, y2]]), np.array([lane]))
    points = [QPointF(x, y) for x, y in corners[0].tolist()]
    for place, radius in enumerate(radii[0].tolist(), start=1):
        here = points[place]
        path.lineTo(_short_of(here, points[place - 1], radius))
        path.quadTo(here, _short_of(here, points[place + 1], radius))
    path.lineTo(points[-1])
    return path


def _short_of(corner: QPointF, other: QPointF, by: float) -> QPointF:
    step = other - corner
    length = abs(step.x()) + abs(step.y())
    return corner + step * (by / length) if length else corner
