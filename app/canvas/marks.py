"""Paints ports: full ones, rings for optional ones, and a plus where one more wire may go."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from app.canvas.frame import Frame, draw_copies
from app.canvas.geometry import BADGE_AT, BADGE_R, NODE_W, PORT_HOT_R, PORT_R, Floats, Ints
from app.canvas.highlights import Highlights
from app.canvas.markers import RING_W, WIDEST, paint_marker
from app.canvas.mirror import Mirror
from app.canvas.pixmaps import Cache, Stamp
from app.canvas.port_kinds import Kind, PortKinds, tones
from app.canvas.ports import PortLayout, PortRef, Spot
from app.canvas.text import Pen
from app.theme import Theme, sans

LETTERS_FROM = 0.95
FADED = 0.3
LABEL_GAP = 8.0
WIDEST_LABEL = 64.0
LABEL_ABOVE = -4.0
LABEL_BELOW = 10.5


class PortPainter:
    """Paints the ports of a mirror's blocks."""

    def __init__(self, mirror: Mirror, theme: Theme, cache: Cache) -> None:
        self._mirror = mirror
        self._theme = theme
        self._cache = cache
        self._kinds = PortKinds(mirror)
        self._tones = {kind: QColor(tone) for kind, tone in tones(theme).items()}
        self._pen = Pen(sans(9), theme.dim)
        self._small_pen = Pen(sans(8), theme.dim)

    def paint(self, frame: Frame, rows: Ints, highlights: Highlights) -> None:
        """Paints the ports of these blocks; the ports of blocks that look alike in one go."""
        mirror = self._mirror
        alike: dict[tuple[int, tuple[Kind, ...]], tuple[PortLayout, list[int]]] = {}
        for row in rows.tolist():
            layout, kinds = mirror.layouts[row], self._kinds.of(row)
            alike.setdefault((id(layout), kinds), (layout, []))[1].append(row)
        refusing = highlights.refusing
        frame.use_device(smooth=False)
        for (_, kinds), (layout, members) in alike.items():
            corners = mirror.rect[members, :2]
            for spot, kind in zip(layout.spots, kinds, strict=True):
                centres = _whole(frame.on_device(corners + np.array([spot.x, spot.y])))
                pixmap = self._pixmap(spot, kind, PORT_R, frame, False)
                if refusing:
                    faded = np.array([_ref(mirror, row, spot) in refusing for row in members])
                    draw_copies(frame.painter, pixmap, centres[faded], FADED)
                    centres = centres[~faded]
                draw_copies(frame.painter, pixmap, centres)
        self._paint_hot(frame, highlights.port)

    def paint_labels(self, frame: Frame, rows: Ints) -> None:
        """Writes the names of ports beside them, where a block has several."""
        mirror = self._mirror
        frame.use_canvas()
        for row in rows.tolist():
            layout = mirror.layouts[row]
            if not any(layout.labelled):
                continue
            x, y = mirror.rect[row, :2].tolist()
            has_badge = mirror.ids[row] in mirror.badges
            for spot, room in labelled_spots(
                layout, BADGE_AT[0] - BADGE_R if has_badge else NODE_W
            ):
                fits = self._pen.metrics.horizontalAdvance(spot.name) <= room
                pen = self._pen if fits else self._small_pen
                baseline = LABEL_ABOVE if spot.is_input else LABEL_BELOW
                pen.use(frame.painter)
                laid = pen.lay(spot.name, room)
                pen.draw(frame.painter, x + spot.x + LABEL_GAP, y + spot.y + baseline, laid)

    def _paint_hot(self, frame: Frame, port: PortRef | None) -> None:
        place = self._mirror.place_of(port) if port is not None else None
        if port is None or place is None:
            return
        row = self._mirror.row[port.node]
        spot = self._mirror.layouts[row].find(port.is_input, port.name, port.slot)
        if spot is not None:
            kind = self._kinds.of(row)[self._mirror.layouts[row].spots.index(spot)]
            pixmap = self._pixmap(spot, kind, PORT_HOT_R, frame, True)
            draw_copies(frame.painter, pixmap, _whole(frame.on_device(np.array([place]))))

    def _pixmap(
        self, spot: Spot, kind: Kind, radius: float, frame: Frame, hot: bool
    ) -> QPixmap | Stamp:
        scale = frame.scale
        side = 2 * math.ceil((radius * WIDEST + RING_W) * scale) + 1
        letter = scale / frame.ratio >= LETTERS_FROM

        def paint(painter: QPainter) -> None:
            painter.translate(side / 2, side / 2)
            painter.scale(scale, scale)
            self._paint_port(painter, spot, kind, radius, hot, letter)

        looks = (kind, spot.optional, spot.is_free, letter)
        return self._cache.get(("port", *looks, radius, hot, round(scale, 4)), side, side, paint)

    def _paint_port(
        self, painter: QPainter, spot: Spot, kind: Kind, radius: float, hot: bool, letter: bool
    ) -> None:
        theme = self._theme
        tone = QColor(theme.accent) if hot else self._tones[kind]
        ground = QColor(theme.canvas)
        hollow = spot.optional or spot.is_free
        paint_marker(painter, kind, radius, tone, ground, is_hollow=hollow, letter=letter)
        if spot.is_free:
            painter.setPen(QPen(tone, 1.4))
            arm = radius - 2.4
            painter.drawLine(QPointF(-arm, 0), QPointF(arm, 0))
            painter.drawLine(QPointF(0, -arm), QPointF(0, arm))


def _whole(places: Floats) -> Floats:
    """Centres in the middle of a px, so that a pixmap of an odd number of px is not blurred."""
    return np.floor(places) + 0.5


def _ref(mirror: Mirror, row: int, spot: Spot) -> PortRef:
    return PortRef(mirror.ids[row], spot.name, spot.is_input, spot.slot)


def labelled_spots(layout: PortLayout, end: float) -> list[tuple[Spot, float]]:
    """The spots whose names are shown, each with its room; of a many port only the first.

    Names of inputs end before `end`, where the badge is.
    """
    found = []
    for is_input, shown in zip((True, False), layout.labelled, strict=True):
        spots = [spot for spot in layout.spots if spot.is_input == is_input]
        for place, spot in enumerate(spots if shown else []):
            is_last = place + 1 == len(spots)
            after = spots[place + 1].x - PORT_R - 1 if not is_last else spot.x + WIDEST_LABEL
            if is_last and is_input:
                after = min(after, end)
            if spot.slot == 0:
                found.append((spot, max(after - spot.x - LABEL_GAP, 6.0)))
    return found
