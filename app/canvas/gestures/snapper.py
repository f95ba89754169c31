"""Snapping while blocks are dragged: into line with what is in view, or onto the grid."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.canvas import guides
from app.canvas.camera import Camera
from app.canvas.geometry import NODE_H, NODE_W, Bools
from app.canvas.gestures.base import Modifiers
from app.canvas.guides import Line, Neighbours, Snap
from graph.layout import ROW_PX
from graph.model import NodeId

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas

Point = tuple[float, float]
FREE = Qt.KeyboardModifier.ControlModifier
CAP_PX = 4.0


class Snapper:
    """Where a block under the pointer comes to rest, for one drag."""

    def __init__(
        self,
        canvas: Canvas,
        moving: Iterable[NodeId] = (),
        free: Modifiers = FREE,
        held: NodeId | None = None,
    ) -> None:
        """Begins a drag.

        Args:
            moving: the blocks that are dragged, which no block snaps to.
            free: with this key held, blocks go anywhere.
            held: the one under the pointer; None where it is not there yet.
        """
        self._canvas = canvas
        self._free = free
        box = canvas.mirror.rect[canvas.mirror.row[held]].tolist() if held is not None else None
        self._size = (NODE_W, box[3] if box else NODE_H)
        mirror = canvas.mirror
        self._stays: Bools = np.ones(len(mirror.ids), np.bool_)
        self._stays[[mirror.row[id] for id in moving if id in mirror.row]] = False
        self._seen: tuple[Camera, Neighbours] | None = None
        self._snap: Snap | None = None

    def place(self, x: float, y: float, held: Modifiers) -> Point:
        """The corner of a block that is dragged to about here."""
        if held & self._free or not self._canvas.options.snaps:
            self._snap = None
            return (x, y)
        reach = guides.reach_at(self._canvas.camera.scale)
        self._snap = guides.snap((x, y), self._size, self._neighbours(), reach, ROW_PX)
        return (self._snap.x, self._snap.y)

    def _neighbours(self) -> Neighbours:
        """The blocks in view; looked for anew when the view moves."""
        canvas = self._canvas
        if self._seen is None or self._seen[0] != canvas.camera:
            rows = canvas.mirror.nodes_in(canvas.camera.seen(canvas.width(), canvas.height()))
            rows = rows[self._stays[rows]]
            self._seen = (canvas.camera, Neighbours.of(canvas.mirror.rect[rows]))
        return self._seen[1]

    def paint(self, painter: QPainter) -> None:
        """Draws what the block is in line with, and equal distances."""
        if self._snap is None:
            return
        pen = QPen(QColor(self._canvas.theme.accent), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLines([QLineF(*line) for line in self._snap.lines])
        cap = CAP_PX / self._canvas.camera.scale
        for gap in self._snap.gaps:
            painter.drawLines([QLineF(*line) for line in (gap, *_caps(gap, cap))])


def _caps(gap: Line, cap: float) -> list[Line]:
    """The short strokes at the ends of a distance."""
    x1, y1, x2, y2 = gap
    across = (0.0, cap) if y1 == y2 else (cap, 0.0)
    return [
        (x - across[0], y - across[1], x + across[0], y + across[1])
        for x, y in ((x1, y1), (x2, y2))
    ]
