"""Paints blocks: filled rects from afar, bodies and titles further in, everything from near."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.canvas.chrome import ICON, RADIUS, Chrome, margin_px
from app.canvas.collapsed import LIFT_PX
from app.canvas.frame import Frame, draw_copies, draw_rects
from app.canvas.geometry import NODE_W, Floats, Ints
from app.canvas.heat import COLD
from app.canvas.heat_painter import HeatPainter
from app.canvas.labels import BlockTexts, Labels
from app.canvas.looks import COLOURS
from app.canvas.mirror import Mirror
from app.canvas.pixmaps import Cache
from app.canvas.text import Pen
from app.canvas.traits import BYPASSED, COLLAPSED, ERROR, MUTED, SELECTED, STATES, UNKNOWN
from app.theme import Theme, mono, sans
from graph.model import NodeId

TEXT_X = 46.0
TITLE_Y, NAME_Y, SUMMARY_Y = 21.0, 36.0, 55.0
RIGHT = 12.0
LEAST_TITLE_PX, TITLE_STEP = 9.0, 4
SUMMARY_X = 14.0
GAP = 8.0
GLYPH_Y = 27.0
RING = 3.0
CHEVRON_ROOM, LEAST_NAME_PX = 30.0, 16.0
QUIET = UNKNOWN | BYPASSED | MUTED
"""Blocks of which the texts are dim."""
NEUTRAL = COLOURS.index("merge")
"""The colour of bodies that a heat map is painted on."""


class BlockPainter:
    """Paints the blocks of a mirror."""

    def __init__(self, mirror: Mirror, theme: Theme, labels: Labels, cache: Cache) -> None:
        self._mirror = mirror
        self._theme = theme
        self._labels = labels
        self._chrome = Chrome(theme, cache)
        self._heat = heat = HeatPainter(mirror, theme, cache)
        quiet = theme.text if heat.is_on else theme.dim
        self._fills = [QColor(theme.categories[key]) for key in COLOURS] + [QColor(theme.dim2)]
        self._title = Pen(sans(13, bold=True), theme.text)
        self._quiet_title = Pen(sans(13, bold=True), theme.dim)
        self._large: dict[tuple[int, str], Pen] = {}
        self._name = Pen(sans(11), quiet)
        self._times = Pen(sans(12, bold=True), theme.categories["composite"])
        self._mode = Pen(sans(10), theme.dim2)
        self._summary = Pen(mono(10), theme.text if heat.is_on else theme.pill_text)
        self._quiet_summary = Pen(mono(10), theme.dim)
        self._count = Pen(mono(10), theme.text if heat.is_on else theme.dim2)
        tones = [theme.categories[key] for key in COLOURS] + [theme.dim]
        self._glyphs = [Pen(sans(11, bold=True), tone) for tone in tones]
        self._small_glyphs = [Pen(sans(8, bold=True), tone) for tone in tones]

    def paint_far(self, frame: Frame, rows: Ints, *, smooth: bool = False) -> None:
        """Paints blocks as rects, by their category or their heat; wrong ones stand out."""
        mirror, heat = self._mirror, self._heat.rows()
        frame.use_device(smooth=smooth)
        frame.painter.setPen(Qt.PenStyle.NoPen)
        of_each = mirror.category if heat is None else heat.level
        fills = self._fills if heat is None else self._heat.fills
        for place, fill in enumerate(fills):
            self._fill(frame, rows[of_each[rows] == place], fill)
        if heat is not None:
            self._fill(frame, rows[of_each[rows] == COLD], QColor(self._theme.dim2))
        state = mirror.state[rows]
        self._fill(frame, rows[(state & (BYPASSED | MUTED)) != 0], QColor(self._theme.border))
        self._fill(frame, rows[(state & ERROR) != 0], QColor(self._theme.error))

    def paint_chosen_far(self, frame: Frame, rows: Ints, *, smooth: bool = False) -> None:
        """Paints over the selected ones of these blocks, seen from afar."""
        frame.use_device(smooth=smooth)
        frame.painter.setPen(Qt.PenStyle.NoPen)
        chosen = rows[(self._mirror.state[rows] & SELECTED) != 0]
        self._fill(frame, chosen, QColor(self._theme.text))

    def _fill(self, frame: Frame, rows: Ints, tone: QColor) -> None:
        if len(rows):
            rects = self._mirror.rect[rows] * frame.scale
            rects[:, 0] += frame.dx
            rects[:, 1] += frame.dy
            rects[:, 2:] = np.maximum(rects[:, 2:], 1.0)
            frame.painter.setBrush(tone)
            draw_rects(frame.painter, rects)

    def paint_bodies(self, frame: Frame, rows: Ints) -> None:
        """Paints bodies, those that look alike in one go."""
        mirror = self._mirror
        margin = margin_px(frame.scale)
        corners = np.round(frame.on_device(mirror.rect[rows, :2])) - margin
        category = np.full(len(rows), NEUTRAL) if self._heat.is_on else mirror.category[rows]
        looks = category * STATES + mirror.state[rows]
        frame.use_device(smooth=False)
        # np.unique would load numpy.ma first, which takes longer than the first frame
        for look in sorted(set(looks.tolist())):
            pixmap = self._chrome.pixmap(look // STATES, look % STATES, frame.scale)
            half = np.array([pixmap.width(), pixmap.height()]) / 2
            draw_copies(frame.painter, pixmap, corners[looks == look] + half)
        self._heat.paint(frame, rows)

    def paint_titles(self, frame: Frame, rows: Ints) -> None:
        """Writes titles."""
        painter = frame.painter
        corners, ends = self._corners(frame, rows), self._ends(rows)
        frame.use_canvas()
        quiet = (self._mirror.traits[rows] & QUIET) != 0
        for pen, wanted in ((self._title, ~quiet), (self._quiet_title, quiet)):
            pen.use(painter)
            for place in np.flatnonzero(wanted).tolist():
                x, y = corners[place]
                texts = self._labels.block(int(rows[place]))
                laid = pen.lay(texts.title, ends[place] - TEXT_X - self._times_room(texts))
                pen.draw(painter, x + TEXT_X, y + TITLE_Y, laid)
        self._write_at_right(painter, rows, corners, self._times, "times", TITLE_Y)

    def paint_large_titles(self, frame: Frame, rows: Ints, *, counts: bool) -> None:
        """Writes titles as large as can be read from further away, and how often blocks repeat."""
        px = math.ceil(LEAST_TITLE_PX * frame.ratio / frame.scale / TITLE_STEP) * TITLE_STEP
        corners = self._corners(frame, rows)
        heights: list[float] = self._mirror.rect[rows, 3].tolist()
        frame.use_canvas()
        quiet = (self._mirror.traits[rows] & QUIET) != 0
        for tone, wanted in ((self._theme.text, ~quiet), (self._theme.dim, quiet)):
            pen = self._large.get((px, tone))
            if pen is None:
                pen = self._large[px, tone] = Pen(sans(px, bold=True), tone)
            pen.use(frame.painter)
            down = (pen.metrics.ascent() - pen.metrics.descent()) / 2
            for place in np.flatnonzero(wanted).tolist():
                (x, y), middle = corners[place], heights[place] / 2
                texts = self._labels.block(int(rows[place]))
                taken = self._times_room(texts) if counts else 0.0
                laid = pen.lay(texts.title, NODE_W - TEXT_X - GAP - taken)
                pen.draw(frame.painter, x + TEXT_X, y + middle + down, laid)
        if counts:
            self._write_at_right(frame.painter, rows, corners, self._times, "times", TITLE_Y)

    def _times_room(self, texts: BlockTexts) -> float:
        return self._times.lay(texts.times).width + GAP if texts.times else 0.0

    def _write_at_right(
        self,
        painter: QPainter,
        rows: Ints,
        corners: list[list[float]],
        pen: Pen,
        what: str,
        baseline: float,
    ) -> None:
        """Writes what few blocks have at their right."""
        pen.use(painter)
        for row, end, (x, y) in zip(rows.tolist(), self._ends(rows), corners, strict=True):
            text = getattr(self._labels.block(row), what)
            if text:
                laid = pen.lay(text)
                pen.draw(painter, x + end - laid.width, y + baseline, laid)

    def paint_glyphs(self, frame: Frame, rows: Ints) -> None:
        """Writes the letters in the icons."""
        painter = frame.painter
        corners, traits = self._corners(frame, rows), self._mirror.traits[rows].tolist()
        frame.use_canvas()
        last = None
        for row, bits, (x, y) in zip(rows.tolist(), traits, corners, strict=True):
            glyph = self._labels.block(row).glyph
            pens = self._glyphs if len(glyph) < 3 else self._small_glyphs
            pen = pens[-1 if bits & QUIET else self._mirror.category[row]]
            laid = pen.lay(glyph)
            if pen is not last:
                pen.use(painter)
                last = pen
            baseline = y + GLYPH_Y - (LIFT_PX if bits & COLLAPSED else 0.0)
            pen.draw(painter, x + ICON.center().x() - laid.width / 2, baseline, laid)

    def paint_details(self, frame: Frame, rows: Ints) -> None:
        """Writes names, parameters and parameter counts; of collapsed blocks their names."""
        collapsed = (self._mirror.traits[rows] & COLLAPSED) != 0
        if collapsed.any():
            self._write_names_beside(frame, rows[collapsed])
            rows = rows[~collapsed]
        painter = frame.painter
        numbers, corners = rows.tolist(), self._corners(frame, rows)
        texts = [self._labels.block(row) for row in numbers]
        heat = self._heat.rows()
        told = [text.off or (heat.text(row) if heat else text.count)
                for row, text in zip(numbers, texts, strict=True)]  # fmt: skip
        counts = [
            (self._name if text.off else self._count).lay(word)
            for word, text in zip(told, texts, strict=True)
        ]
        frame.use_canvas()
        self._name.use(painter)
        for text, (x, y) in zip(texts, corners, strict=True):
            taken = self._mode.lay(text.mode).width + GAP if text.mode else 0.0
            laid = self._name.lay(text.name, NODE_W - TEXT_X - RIGHT - taken)
            self._name.draw(painter, x + TEXT_X, y + NAME_Y, laid)
        self._write_at_right(painter, rows, corners, self._mode, "mode", NAME_Y)
        for is_off, pen in ((False, self._summary), (True, self._quiet_summary)):
            pen.use(painter)
            for text, count, (x, y) in zip(texts, counts, corners, strict=True):
                if bool(text.off) is is_off:
                    taken = count.width + GAP if count.width else 0.0
                    laid = pen.lay(text.summary, NODE_W - SUMMARY_X - RIGHT - taken)
                    pen.draw(painter, x + SUMMARY_X, y + SUMMARY_Y, laid)
        for is_off, pen in ((False, self._count), (True, self._name)):
            pen.use(painter)
            for text, count, (x, y) in zip(texts, counts, corners, strict=True):
                if count.width and bool(text.off) is is_off:
                    pen.draw(painter, x + NODE_W - RIGHT - count.width, y + SUMMARY_Y, count)

    def _write_names_beside(self, frame: Frame, rows: Ints) -> None:
        """Writes the names of collapsed blocks behind their titles."""
        corners, ends = self._corners(frame, rows), self._ends(rows)
        frame.use_canvas()
        self._name.use(frame.painter)
        for row, end, (x, y) in zip(rows.tolist(), ends, corners, strict=True):
            texts = self._labels.block(row)
            left = TEXT_X + self._title.lay(texts.title).width + GAP
            room = end - left - self._times_room(texts)
            if room >= LEAST_NAME_PX:
                name = f"{texts.name} · {texts.off}" if texts.off else texts.name
                if texts.off and self._name.lay(name).width > room:
                    name = texts.off
                laid = self._name.lay(name, room)
                self._name.draw(frame.painter, x + left, y + TITLE_Y, laid)

    def paint_target(self, frame: Frame, id: NodeId) -> None:
        """Paints a ring around a block that would take what is dropped."""
        row = self._mirror.row.get(id)
        if row is None:
            return
        x, y, width, height = self._mirror.rect[row].tolist()
        frame.use_canvas()
        frame.painter.setBrush(Qt.BrushStyle.NoBrush)
        frame.painter.setPen(QPen(QColor(self._theme.accent), 1.5))
        ring = QRectF(x - RING, y - RING, width + 2 * RING, height + 2 * RING)
        frame.painter.drawRoundedRect(ring, RADIUS + RING, RADIUS + RING)

    def _ends(self, rows: Ints) -> list[float]:
        """Where texts at the right of these blocks end, from their left sides."""
        collapsed = (self._mirror.traits[rows] & COLLAPSED) != 0
        ends: list[float] = np.where(collapsed, NODE_W - CHEVRON_ROOM, NODE_W - RIGHT).tolist()
        return ends

    def _corners(self, frame: Frame, rows: Ints) -> list[list[float]]:
        """Corners where the bodies are really drawn, on whole px of the device."""
        device: Floats = np.round(frame.on_device(self._mirror.rect[rows, :2]))
        corners: list[list[float]] = (
            (device - np.array([frame.dx, frame.dy])) / frame.scale
        ).tolist()
        return corners
