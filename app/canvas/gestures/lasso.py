"""Selecting what is in a loop that is drawn freely with the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.canvas.geometry import Bools, Floats
from app.canvas.gestures.base import Modifiers
from app.canvas.gestures.boxing import combined
from app.canvas.traits import LOCKED
from app.theme import colour
from graph.leading import WirePoint
from graph.locking import free_of

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session

LEAST_STEP_PX = 3.0


class Loop:
    """A closed loop that grows, and which of many points are in it.

    The loop is a fan of triangles from its first point; a point is inside where an odd number of
    them covers it, so that each step of the pointer costs one look at each point.
    """

    def __init__(self, points: Floats, start: tuple[float, float]) -> None:
        self._points = points
        self._first = self._last = np.array(start)
        self.inside: Bools = np.zeros(len(points), np.bool_)

    def grow(self, to: tuple[float, float]) -> None:
        """Leads the loop on to here, and from here straight back to its start."""
        corner = np.array(to)
        self.inside = self.inside ^ covered(self._points, self._first, self._last, corner)
        self._last = corner


def covered(points: Floats, a: Floats, b: Floats, c: Floats) -> Bools:
    """Which points are in a triangle; of two triangles with a side in common only one has it."""
    inside = np.zeros(len(points), np.bool_)
    x, y = points[:, 0], points[:, 1]
    for (x1, y1), (x2, y2) in ((a, b), (b, c), (c, a)):
        if y1 == y2:
            continue
        crosses = (y1 > y) != (y2 > y)
        # each side is worked out from its lower end, so that both its triangles agree
        low, high = ((x1, y1), (x2, y2)) if y1 < y2 else ((x2, y2), (x1, y1))
        at = low[0] + (y - low[1]) * ((high[0] - low[0]) / (high[1] - low[1]))
        inside ^= crosses & (x < at)
    return inside


def corners(rect: Floats) -> Floats:
    """The four corners of each of these rects, one after the other."""
    left, top, width, height = rect.T
    right, bottom = left + width, top + height
    return np.stack([left, top, right, top, right, bottom, left, bottom], 1).reshape(-1, 2)


class Lasso:
    """A loop after the pointer. Shift adds to the selection, Ctrl turns it over.

    What is locked is not caught.
    """

    def __init__(self, canvas: Canvas, session: Session, start: QPointF) -> None:
        self._canvas = canvas
        self._session = session
        self._before = session.selection
        self._chosen = session.selection
        self._remarks_before = self._remarks = session.chosen_remarks
        self._points_before = self._points = canvas.mirror.points.chosen
        mirror = canvas.mirror
        self._ids = np.array(mirror.ids, dtype=object)
        self._free = ((mirror.traits & LOCKED) == 0) & (mirror.rect[:, 2] > 0)
        self._remark_ids = np.array([each.id for each in mirror.remarks.remarks], dtype=object)
        middles = mirror.rect[:, :2] + mirror.rect[:, 2:] / 2
        at = canvas.at(start)
        self._course = QPolygonF([at])
        self._wire_points = np.array(
            [mirror.points.point(row) for row in range(len(mirror.points.at))], dtype=object
        ).reshape(-1, 2)
        points = np.concatenate([middles, corners(mirror.remarks.rect), mirror.points.at])
        self._loop = Loop(points, (at.x(), at.y()))

    def move(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Marks the blocks whose middles are in the loop, points, and remarks wholly in it."""
        at = self._canvas.at(pos)
        away = (at - self._course.last()).manhattanLength() * self._canvas.camera.scale
        if away >= LEAST_STEP_PX:
            self._course.append(at)
            self._loop.grow((at.x(), at.y()))
        ends = np.cumsum([len(self._ids), 4 * len(self._remark_ids)])
        blocks, remarks, points = np.split(self._loop.inside, ends)
        held = frozenset(self._ids[blocks & self._free].tolist())
        chosen = combined(self._before, held, modifiers)
        if chosen != self._chosen:
            self._chosen = chosen
            self._canvas.mirror.select(chosen)
        marked = self._remark_ids[remarks.reshape(-1, 4).all(1)].tolist()
        _, caught = free_of(self._canvas.mirror.document.graph, (), marked)
        self._remarks = combined(self._remarks_before, caught, modifiers)
        self._canvas.mirror.remarks.selection = self._remarks
        inside = frozenset(WirePoint(*point) for point in self._wire_points[points].tolist())
        self._points = combined(self._points_before, inside, modifiers)
        self._canvas.mirror.points.choose(self._points)

    def release(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Selects what is marked."""
        self.move(pos, modifiers)
        self._session.select(self._chosen, self._remarks)
        self._canvas.mirror.points.choose(self._points)

    def cancel(self) -> None:
        """Marks what was selected before."""
        self._canvas.mirror.select(self._session.selection)
        self._canvas.mirror.remarks.selection = self._session.chosen_remarks
        self._canvas.mirror.points.choose(self._points_before)

    def paint(self, painter: QPainter) -> None:
        """Draws the loop."""
        accent = self._canvas.theme.accent
        pen = QPen(QColor(accent), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(colour(accent, 0.10))
        painter.drawPolygon(self._course)
