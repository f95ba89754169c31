"""Paints the mirror: few calls over many rows, in detail where it can be read."""

from __future__ import annotations

from functools import partial
from time import thread_time
from typing import Literal

import numpy as np
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter

from app.canvas.blocks import BlockPainter
from app.canvas.camera import Camera
from app.canvas.edges import EdgePainter
from app.canvas.frame import Detail, Frame, detail_at
from app.canvas.geometry import Bools, Box, Floats, Ints
from app.canvas.grid import GridPainter
from app.canvas.highlights import NO_HIGHLIGHTS, Highlights
from app.canvas.labels import Labels
from app.canvas.layer import Layer
from app.canvas.marks import PortPainter
from app.canvas.mirror import Mirror
from app.canvas.options import Others
from app.canvas.pills import PillPainter
from app.canvas.pixmaps import Cache, PixmapCache
from app.canvas.point_painter import PointPainter
from app.canvas.remark_painter import RemarkPainter
from app.canvas.still import Still, moved_by, moving_edges, moving_rows
from app.canvas.stretched import SLOW_S, Stretched
from app.canvas.traits import SELECTED
from app.canvas.veils import VeilPainter
from app.canvas.wire_looks import look, of_selection, others_are, shown
from app.theme import Theme

REACH = 16.0
TITLES_FROM = 0.42
PORTS_FROM = 0.42
PILLS_FROM = 0.7
MOST_STACKED = 200
MOST_NAMED = 300
"""Of more blocks, that small, nobody reads the titles."""
SMOOTH_MAP = 500
Ground = Literal["grid", "plain", "none"]
PILL_REACH = 130.0
LARGE = 300
FEW = 20
NO_ROWS: Ints = np.empty(0, np.intp)


class ScenePainter:
    """Paints a mirror in the colours of a theme."""

    def __init__(self, mirror: Mirror, theme: Theme, cache: Cache | None = None) -> None:
        self.mirror = mirror
        self.theme = theme
        cache = cache or PixmapCache()
        self.labels = labels = Labels(mirror)
        self._grid = GridPainter(theme, cache)
        self._remarks = RemarkPainter(mirror, theme, cache)
        self._edges = EdgePainter(mirror, theme)
        self._points = PointPainter(mirror, theme)
        self._shows_points = False
        self._blocks = BlockPainter(mirror, theme, labels, cache)
        self._ports = PortPainter(mirror, theme, cache)
        self._pills = PillPainter(mirror, theme, labels, cache)
        self._veils = VeilPainter(mirror, theme)
        self._layer, self._moving = Layer(), Layer(clear=True)
        self._stretched = Stretched()
        self._takes_s = 0.0

    def paint(
        self,
        painter: QPainter,
        camera: Camera,
        size: tuple[float, float],
        ratio: float,
        highlights: Highlights = NO_HIGHLIGHTS,
        *,
        keep: bool = False,
        zooms: bool = False,
        ground: Ground = "grid",
        in_full: bool = False,
        only: QRect | None = None,
        points: bool = False,
    ) -> None:
        """Paints what the camera sees of the drawing.

        Args:
            keep: what stays is kept for the next frame, which is soon and much like this one.
            zooms: the next frame is soon, at another scale; what takes long may be stretched.
            ground: what lies under it: the grid, its plain colour, or nothing.
            in_full: every detail, however many blocks there are and however small they are.
            only: what is to be painted, in px of Qt, where that is not all.
            points: those that wires are led through, for them to be taken hold of.
        """
        self.labels.refresh()
        self._shows_points = points
        frame = Frame.of(painter, camera, size, ratio)
        seen = len(self.mirror.nodes_in(_around(frame.seen, REACH)))
        detail = Detail.NEAR if in_full else detail_at(camera.scale, seen)
        if keep and len(self.mirror.ids) >= LARGE:
            self._paint_kept(painter, camera, size, ratio, detail, highlights)
            return
        self._layer.forget()
        self._moving.forget()

        def whole(frame: Frame, part: Box) -> None:
            self._paint_ground(frame, part, ground)
            self._remarks.paint(frame, _around(part, REACH), in_full=in_full)
            self._paint_part(frame, part, detail, highlights)
            if detail is Detail.FAR:
                self._blocks.paint_chosen_far(frame, self.mirror.nodes_in(part))
            self._remarks.paint_labels(frame, part)

        if zooms and self._takes_s > SLOW_S:
            key = (size, ratio, highlights, self.mirror.version)
            paint = partial(whole, part=frame.seen)
            self._stretched.draw(painter, camera, size, ratio, key, paint, self._paint_roughly)
            return
        self._stretched.forget()
        start = thread_time()
        whole(frame, frame.seen if only is None else frame.of_view(only))
        if only is None or (only.width(), only.height()) == size:
            self._takes_s = thread_time() - start

    def _paint_kept(
        self, painter: QPainter, camera: Camera, size: tuple[float, float], ratio: float,
        detail: Detail, highlights: Highlights,
    ) -> None:  # fmt: skip
        moving, led = moving_rows(self.mirror), moving_edges(self.mirror)

        def paint(frame: Frame, part: Box) -> None:
            self._paint_ground(frame, part, "grid")
            self._remarks.paint_still(frame, _around(part, REACH))
            self._paint_part(frame, part, detail, highlights, moving, led)

        still = Still(self.mirror, detail)
        key = (camera.scale, detail, highlights, still, look(self.mirror))
        self._layer.draw(painter, camera, size, ratio, key, paint)
        frame = Frame.of(painter, camera, size, ratio)
        self._remarks.paint_moving(frame, _around(frame.seen, REACH))
        if len(moving) or len(led):
            self._paint_moving(painter, camera, size, ratio, detail, highlights)
        if detail is Detail.FAR:
            self._blocks.paint_chosen_far(frame, self.mirror.nodes_in(frame.seen))
        self._remarks.paint_labels(frame, frame.seen)

    @property
    def is_stretched(self) -> bool:
        """Whether the last frame was one of another view."""
        return self._stretched.is_shown

    def _paint_roughly(self, frame: Frame, but: Box) -> None:
        """Paints where blocks are and nothing else, except in a box."""
        self._paint_ground(frame, frame.seen, "plain")
        rows = self.mirror.nodes_in(frame.seen)
        left, top, width, height = self.mirror.rect[rows].T
        inside = (left > but[0]) & (top > but[1])
        inside &= (left + width < but[2]) & (top + height < but[3])
        self._blocks.paint_far(frame, rows[~inside])

    def _paint_ground(self, frame: Frame, part: Box, ground: Ground) -> None:
        frame.use_canvas()
        left, top, right, bottom = _around(part, 1.0 / frame.scale)
        if ground != "none":
            area = QRectF(left, top, right - left, bottom - top)
            frame.painter.fillRect(area, QColor(self.theme.canvas))
        if ground == "grid":
            self._grid.paint(frame, part)

    def _paint_part(
        self,
        frame: Frame,
        part: Box,
        detail: Detail,
        highlights: Highlights,
        without: Ints = NO_ROWS,
        led: Ints = NO_ROWS,
    ) -> None:
        """Paints what lies in a box of the canvas, without these blocks and edges."""
        mirror = self.mirror
        blocks = mirror.nodes_in(_around(part, REACH))
        edges = mirror.edges_in(_around(part, PILL_REACH))
        if len(without) or len(led):
            blocks = blocks[~np.isin(blocks, without)]
            edges = edges[~np.isin(edges, led)]
        self._paint_edges(frame, part, blocks, edges, detail, highlights)
        if highlights.target is not None and detail is not Detail.FAR:
            self._blocks.paint_target(frame, highlights.target)
        self._paint_blocks(frame, blocks, detail, highlights)

    def _paint_moving(
        self, painter: QPainter, camera: Camera, size: tuple[float, float], ratio: float,
        detail: Detail, highlights: Highlights,
    ) -> None:  # fmt: skip
        """Paints blocks that are being moved over all others, and their edges below these.

        Those that move together look the same all the time, with the edges between them.
        """
        mirror, moving = self.mirror, moving_rows(self.mirror)
        frame = Frame.of(painter, camera, size, ratio)
        seen = _around(frame.seen, PILL_REACH)
        edges = moving_edges(mirror)
        ends = np.isin(mirror.source[edges], moving) & np.isin(mirror.target[edges], moving)
        within, across = edges[ends], edges[~ends]
        across = np.intersect1d(across, mirror.edges_in(seen), assume_unique=True)
        self._paint_edges(frame, frame.seen, NO_ROWS, across, detail, highlights)
        if detail is not Detail.FAR and len(across):
            others = np.setdiff1d(mirror.nodes_in(seen), moving, assume_unique=True)
            others = others[touched(mirror.rect[others], mirror.box[across])]
            self._paint_blocks(frame, others, detail, highlights)

        def paint(frame: Frame, part: Box) -> None:
            blocks = np.intersect1d(moving, mirror.nodes_in(_around(part, REACH)), True)
            edges = np.intersect1d(within, mirror.edges_in(_around(part, PILL_REACH)), True)
            self._paint_edges(frame, part, blocks, edges, detail, highlights)
            self._paint_blocks(frame, blocks, detail, highlights)

        if detail is Detail.FAR or len(moving) < FEW:
            paint(frame, frame.seen)
        else:
            key = (camera.scale, detail, highlights, Still(mirror, detail, of_moving=True))
            self._moving.draw(painter, camera, size, ratio, key, paint, moved_by(mirror))

    def _paint_edges(
        self, frame: Frame, part: Box, blocks: Ints, edges: Ints, detail: Detail,
        highlights: Highlights,
    ) -> None:  # fmt: skip
        edges = self._edges.without(highlights.hidden, shown(self.mirror, edges))
        self._edges.paint(frame, edges, detail, highlights)
        if detail is not Detail.FAR and self._shows_points:
            self._points.paint(frame, edges, highlights)
        if others_are(self.mirror, Others.FADED):
            edges = edges[of_selection(self.mirror, edges)]
        if detail is not Detail.FAR and frame.scale / frame.ratio >= PILLS_FROM:
            self._ports.paint_labels(frame, blocks)
            self._pills.paint(frame, edges, part)

    def _paint_blocks(
        self, frame: Frame, blocks: Ints, detail: Detail, highlights: Highlights
    ) -> None:
        if detail is Detail.FAR:
            self._blocks.paint_far(frame, blocks)
            return
        scale = frame.scale / frame.ratio
        for layer in self._layers(blocks, detail):
            self._blocks.paint_bodies(frame, layer)
            self._veils.paint(frame, layer)
            if detail is Detail.MID and len(blocks) <= MOST_NAMED:
                self._blocks.paint_large_titles(frame, layer, counts=scale >= TITLES_FROM)
            elif scale >= TITLES_FROM:
                self._blocks.paint_titles(frame, layer)
            if scale >= TITLES_FROM:
                self._blocks.paint_glyphs(frame, layer)
            if detail is Detail.NEAR:
                self._blocks.paint_details(frame, layer)
            if scale >= PORTS_FROM:
                self._ports.paint(frame, layer, highlights)

    def paint_map(self, frame: Frame) -> None:
        """Paints all blocks, frames and notes as coloured rects and nothing else."""
        self._remarks.paint_map(frame)
        rows = np.flatnonzero(self.mirror.rect[:, 2] > 0)
        smooth = len(rows) < SMOOTH_MAP
        self._blocks.paint_far(frame, rows, smooth=smooth)
        self._blocks.paint_chosen_far(frame, rows, smooth=smooth)

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


def touched(rect: Floats, boxes: Floats) -> Bools:
    """Which of these rects meet one of these boxes of left, top, right, bottom."""
    left, top = rect[:, :1], rect[:, 1:2]
    right, bottom = left + rect[:, 2:3], top + rect[:, 3:]
    return np.asarray(
        (
            (left < boxes[:, 2]) & (right > boxes[:, 0])
            & (top < boxes[:, 3]) & (bottom > boxes[:, 1])
        ).any(1)
    )  # fmt: skip


def _around(box: Box, reach: float) -> Box:
    return box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach
