"""Paints pills on edges: what shape flows along them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPen

from app.canvas import geometry
from app.canvas.frame import Frame
from app.canvas.geometry import PILL_H, Floats, Ints
from app.canvas.labels import WAITING, Labels
from app.canvas.mirror import REFUSED, SELECTED, Mirror
from app.canvas.text import Pen
from app.theme import Theme, mono

PADDING = 7.0
WIDEST = 150.0
BASELINE = 3.6
# pills move away from the names of ports below them
LIFT = 3.0
LEAST_ROOM = 26.0
COVERED_W = 36.0


class PillPainter:
    """Paints the pills of a mirror's edges."""

    def __init__(self, mirror: Mirror, theme: Theme, labels: Labels) -> None:
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
        self._borders = {
            "plain": theme.border, "waiting": theme.border, "chosen": theme.accent,
            "refused": theme.error, "doubted": theme.warn,
        }  # fmt: skip

    def paint(self, frame: Frame, rows: Ints) -> None:
        """Paints the pills of these edges, where there is room for them."""
        mirror, painter = self._mirror, frame.painter
        line = mirror.line[rows]
        length = np.abs(line[:, 2] - line[:, 0]) + np.abs(line[:, 3] - line[:, 1])
        rows = rows[(length >= LEAST_ROOM) | (mirror.edge_state[rows] != 0)]
        middles = geometry.middles(mirror.line[rows], mirror.lane[rows]).tolist()
        left, top, right, bottom = frame.seen
        frame.use_canvas()
        painter.setBrush(QColor(self._theme.pill))
        covers = mirror.rect[mirror.nodes_in(frame.seen)]
        for row, (x, y) in zip(rows.tolist(), middles, strict=True):
            if is_covered(covers, x, y) and not mirror.edge_state[row]:
                continue
            if not (left - WIDEST < x < right + WIDEST and top - PILL_H < y < bottom + PILL_H):
                continue
            if mirror.layouts[mirror.target[row]].labelled[0]:
                y -= LIFT
            text = self._labels.pill(row)
            tone = self._tone(row, text)
            pen = self._pens[tone]
            laid = pen.lay(text, WIDEST)
            width = max(laid.width + 2 * PADDING, PILL_H)
            painter.setPen(QPen(QColor(self._borders[tone]), 1))
            pill = QRectF(x - width / 2, y - PILL_H / 2, width, PILL_H)
            painter.drawRoundedRect(pill, PILL_H / 2, PILL_H / 2)
            pen.use(painter)
            pen.draw(painter, x - laid.width / 2, y + BASELINE, laid)

    def _tone(self, row: int, text: str) -> str:
        mirror = self._mirror
        if mirror.edge_state[row]:
            return "refused" if mirror.edge_state[row] & REFUSED else "doubted"
        if text == WAITING:
            return "waiting"
        ends = mirror.state[mirror.source[row]] | mirror.state[mirror.target[row]]
        return "chosen" if ends & SELECTED else "plain"


def is_covered(rect: Floats, x: float, y: float) -> bool:
    """Whether a block hides the middle of a pill, which then says less than nothing."""
    half_w, half_h = COVERED_W / 2, PILL_H / 4
    left, top = rect[:, 0] - half_w, rect[:, 1] - half_h
    right, bottom = rect[:, 0] + rect[:, 2] + half_w, rect[:, 1] + rect[:, 3] + half_h
    return bool(((left < x) & (x < right) & (top < y) & (y < bottom)).any())
