"""Paints pills on edges: what shape flows along them."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from app.canvas import legs
from app.canvas.frame import Frame, draw_copies
from app.canvas.geometry import PILL_H, Bools, Box, Floats, Ints
from app.canvas.labels import WAITING, Labels
from app.canvas.mirror import REFUSED, Mirror
from app.canvas.pixmaps import Cache, Stamp
from app.canvas.text import Pen
from app.canvas.traits import SELECTED
from app.theme import Theme, mono

PADDING = 7.0
WIDEST = 150.0
BASELINE = 3.6
LIFT = 3.0
LEAST_ROOM = 26.0
COVERED_W = 36.0
# of pills that say the same this close together, one is shown
NEARBY = (48.0, 24.0)
AT_ONCE = 1000


class PillPainter:
    """Paints the pills of a mirror's edges."""

    def __init__(self, mirror: Mirror, theme: Theme, labels: Labels, cache: Cache) -> None:
        self._cache = cache
        self._mirror = mirror
        self._theme = theme
        self._labels = labels
        font = mono(10)
        self._pens = {
            "plain": Pen(font, theme.pill_text),
            "waiting": Pen(font, theme.dim2),
            "chosen": Pen(font, theme.accent),
            "refused": Pen(font, theme.error),
            "doubted": Pen(font, theme.warn),
        }
        tones = {
            "plain": theme.border, "waiting": theme.border, "chosen": theme.accent,
            "refused": theme.error, "doubted": theme.warn,
        }  # fmt: skip
        self._borders = {name: QPen(QColor(tone), 1) for name, tone in tones.items()}

    def paint(self, frame: Frame, rows: Ints, part: Box) -> None:
        """Paints the pills of these edges in a box of the canvas, where there is room for them."""
        rows, middles = self._worth_showing(rows, part)
        frame.use_device(smooth=False)
        told: set[tuple[str, int, int]] = set()
        alike: dict[int, tuple[QPixmap | Stamp, list[tuple[float, float]]]] = {}
        for row, (x, y) in zip(rows.tolist(), middles.tolist(), strict=True):
            y += self._aside(row)
            text = self._labels.pill(row)
            tone = self._tone(row, text)
            here = (text, round(x / NEARBY[0]), round(y / NEARBY[1]))
            if here in told and tone in ("plain", "waiting"):
                continue
            told.add(here)
            pill = self._pill(text, tone, frame.scale)
            alike.setdefault(id(pill), (pill, []))[1].append((x, y))
        for pill, places in alike.values():
            half = np.array([[pill.width(), pill.height()]]) / 2
            corners = np.floor(frame.on_device(np.array(places)) - half + 0.5)
            draw_copies(frame.painter, pill, corners + half)

    def _pill(self, text: str, tone: str, scale: float) -> QPixmap | Stamp:
        """A pill in px of the device."""
        pen = self._pens[tone]
        laid = pen.lay(text, WIDEST)
        width = max(laid.width + 2 * PADDING, PILL_H)

        def paint(painter: QPainter) -> None:
            painter.scale(scale, scale)
            painter.setBrush(QColor(self._theme.pill))
            painter.setPen(self._borders[tone])
            body = QRectF(1, 1, width, PILL_H)
            painter.drawRoundedRect(body, PILL_H / 2, PILL_H / 2)
            pen.use(painter)
            left = body.center().x() - laid.width / 2
            pen.draw(painter, left, body.center().y() + BASELINE, laid)

        across, down = (math.ceil((side + 2) * scale) for side in (width, PILL_H))
        return self._cache.get(("pill", text, tone, round(scale, 4)), across, down, paint)

    def _worth_showing(self, rows: Ints, part: Box) -> tuple[Ints, Floats]:
        """The edges whose pills have room and are seen, or tell what is wrong; and where."""
        mirror = self._mirror
        middles = legs.middles(mirror, rows)
        left, top, right, bottom = part
        x, y = middles.T
        seen = (x > left - WIDEST) & (x < right + WIDEST) & (y > top - PILL_H)
        seen &= y < bottom + PILL_H
        rows, middles = rows[seen], middles[seen]
        line = mirror.line[rows]
        length = np.abs(line[:, 2] - line[:, 0]) + np.abs(line[:, 3] - line[:, 1])
        around = (left - WIDEST, top - PILL_H, right + WIDEST, bottom + PILL_H)
        blocks = mirror.rect[mirror.nodes_in(around)]
        has_room = (length >= LEAST_ROOM) | mirror.points.is_led[rows]
        fine = has_room & ~covered(blocks, middles)
        shown = fine | (mirror.edge_state[rows] != 0)
        return rows[shown], middles[shown]

    def _aside(self, row: int) -> float:
        """How far a pill moves away from the names of ports above or below it."""
        mirror = self._mirror
        above = mirror.layouts[mirror.source[row]].labelled[1]
        below = mirror.layouts[mirror.target[row]].labelled[0]
        return LIFT * (int(above) - int(below))

    def _tone(self, row: int, text: str) -> str:
        mirror = self._mirror
        if mirror.edge_state[row]:
            return "refused" if mirror.edge_state[row] & REFUSED else "doubted"
        if text == WAITING:
            return "waiting"
        ends = mirror.state[mirror.source[row]] | mirror.state[mirror.target[row]]
        is_chosen = ends & SELECTED or mirror.edges[row] in mirror.chosen_edges
        return "chosen" if is_chosen else "plain"


def covered(rect: Floats, middles: Floats) -> Bools:
    """Which pills have their middle hidden by a block, and then say less than nothing."""
    if len(middles) > AT_ONCE:  # a table of all pills by all blocks may not fit into the memory
        parts = [middles[at : at + AT_ONCE] for at in range(0, len(middles), AT_ONCE)]
        return np.concatenate([covered(rect, part) for part in parts])
    half_w, half_h = COVERED_W / 2, PILL_H / 4
    left, top = rect[:, 0] - half_w, rect[:, 1] - half_h
    right, bottom = rect[:, 0] + rect[:, 2] + half_w, rect[:, 1] + rect[:, 3] + half_h
    x, y = middles[:, :1], middles[:, 1:]
    return np.asarray(((left < x) & (x < right) & (top < y) & (y < bottom)).any(1))
