"""Paints the mirror: few calls over many rows, in detail where it can be read."""

from __future__ import annotations

from typing import Literal

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from app.canvas.blocks import BlockPainter
from app.canvas.camera import Camera
from app.canvas.edges import EdgePainter
from app.canvas.frame import Detail, Frame, detail_at
from app.canvas.geometry import Bools, Floats, Ints
from app.canvas.grid import GridPainter
from app.canvas.highlights import NO_HIGHLIGHTS, Highlights
from app.canvas.labels import Labels
from app.canvas.marks import PortPainter
from app.canvas.mirror import SELECTED, Mirror
from app.canvas.pills import PillPainter
from app.canvas.pixmaps import Cache, PixmapCache
from app.canvas.remark_painter import RemarkPainter
from app.theme import Theme

REACH = 16.0
TITLES_FROM = 0.3
PORTS_FROM = 0.3
PILLS_FROM = 0.7
MOST_STACKED = 200
SMOOTH_MAP = 500
Ground = Literal["grid", "plain", "none"]


class ScenePainter:
    """Paints a mirror in the colours of a theme."""

    def __init__(self, mirror: Mirror, theme: Theme, cache: Cache | None = None) -> None:
        self.mirror = mirror
        self.theme = theme
        cache = cache or PixmapCache()
        self._labels = labels = Labels(mirror)
        self._grid = GridPainter(theme, cache)
        self._remarks = RemarkPainter(mirror, theme, cache)
        self._edges = EdgePainter(mirror, theme)
        self._blocks = BlockPainter(mirror, theme, labels, cache)
        self._ports = PortPainter(mirror, theme, cache)
        self._pills = PillPainter(mirror, theme, labels)

    def paint(
        self,
        painter: QPainter,
        camera: Camera,
        size: tuple[float, float],
        ratio: float,
        highlights: Highlights = NO_HIGHLIGHTS,
        *,
        ground: Ground = "grid",
        in_full: bool = False,
    ) -> None:
        """Paints what the camera sees of the drawing.

        Args:
            ground: what lies under it: the grid, its plain colour, or nothing.
            in_full: every detail, however many blocks there are and however small they are.
        """
        frame = Frame.of(painter, camera, size, ratio)
        if ground != "none":
            painter.fillRect(QRectF(0, 0, *size), QColor(self.theme.canvas))
        self._labels.refresh()
        if ground == "grid":
            self._grid.paint(frame)
        left, top, right, bottom = frame.seen
        seen = (left - REACH, top - REACH, right + REACH, bottom + REACH)
        self._remarks.paint(frame, seen, in_full=in_full)
        blocks, edges = self.mirror.nodes_in(seen), self.mirror.edges_in(seen)
        detail = Detail.NEAR if in_full else detail_at(camera.scale, len(blocks))
        self._edges.paint(frame, edges, detail, highlights)
        if detail is Detail.FAR:
            self._blocks.paint_far(frame, blocks)
            return
        if camera.scale >= PILLS_FROM:
            self._ports.paint_labels(frame, blocks)
            self._pills.paint(frame, edges)
        if highlights.target is not None:
            self._blocks.paint_target(frame, highlights.target)
        for layer in self._layers(blocks, detail):
            self._blocks.paint_bodies(frame, layer)
            if camera.scale >= TITLES_FROM:
                self._blocks.paint_titles(frame, layer)
                self._blocks.paint_glyphs(frame, layer)
            if detail is Detail.NEAR:
                self._blocks.paint_details(frame, layer)
            if camera.scale >= PORTS_FROM:
                self._ports.paint(frame, layer, highlights)

    def paint_map(self, frame: Frame) -> None:
        """Paints all blocks, frames and notes as coloured rects and nothing else."""
        self._remarks.paint_map(frame)
        rows = np.arange(len(self.mirror.ids))
        self._blocks.paint_far(frame, rows, smooth=len(rows) < SMOOTH_MAP)

    def _layers(self, rows: Ints, detail: Detail) -> list[Ints]:
        """Blocks to paint together, back to front: those that lie over others come later."""
        if detail is not Detail.NEAR or not 0 < len(rows) <= MOST_STACKED:
            return [rows]
        chosen = (self.mirror.state[rows] & SELECTED) != 0
        rows = np.concatenate([rows[~chosen], rows[chosen]])
        raised = covering(self.mirror.rect[rows])
        return [rows[~raised], *(np.array([row]) for row in rows[raised].tolist())]


def covering(rect: Floats) -> Bools:
    """Which of these rects lie over an earlier one."""
    left, top = rect[:, 0], rect[:, 1]
    right, bottom = left + rect[:, 2], top + rect[:, 3]
    meets = (
        (left[:, None] < right) & (right[:, None] > left)
        & (top[:, None] < bottom) & (bottom[:, None] > top)
    )  # fmt: skip
    return np.asarray(np.tril(meets, -1).any(1))
