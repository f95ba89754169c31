"""Paints frames and notes, behind the wires and blocks."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.canvas.bar_painter import Bar, BarPainter
from app.canvas.frame import Frame as View
from app.canvas.frame import draw_rects
from app.canvas.frame_title import TITLE_X, is_bar, paint_triangle
from app.canvas.geometry import Box
from app.canvas.mirror import Mirror
from app.canvas.note_cards import NOTE_RADIUS, PAD, CardPainter
from app.canvas.padlock import paint_padlock
from app.canvas.pixmaps import Cache
from app.canvas.remark_rows import LABEL_PX, LABELS_BELOW
from app.canvas.text import Pen
from app.canvas.tones import card_of, tone_of
from app.theme import Theme, blended, colour, sans
from graph.framing import TITLE_PX
from graph.remarks import Frame, Note, Remark

RADIUS = 10.0
TEXTS_FROM = 0.45
ROUNDED_FROM = 0.35
LEAST_LABEL_PX = 36.0
"""A frame that is smaller on the screen has no title: blocks would cover it."""
TITLE_SIZE, LABEL_SIZE = 13, 11
LABEL_PAD, LABEL_GROUND = 4.0, 0.78
PADLOCK_PX = 22.0
LONGEST_LINE = 400
MARKS = "#*->_` \t"
INNER_MARKS = re.compile(r"\*+(?=\S)|(?<=\S)\*+|`")
"""What makes words bold or slanted, or sets code apart; a lone * is one of the words."""
Placed = tuple[Remark, list[float]]


class RemarkPainter:
    """Paints the remarks of a mirror in the colours of a theme."""

    def __init__(self, mirror: Mirror, theme: Theme, cache: Cache) -> None:
        self._rows = mirror.remarks
        self._bars = BarPainter(mirror, theme)
        self._theme = theme
        self._cards = CardPainter(theme, cache)
        self._title = Pen(sans(TITLE_SIZE, bold=True), theme.text)
        self._label = Pen(sans(LABEL_SIZE, bold=True), theme.text)

    def paint(
        self,
        view: View,
        seen: Box,
        *,
        in_full: bool = False,
        which: Callable[[Remark], bool] = lambda _: True,
    ) -> None:
        """Paints what touches a box; with `in_full` in every detail, however small it is."""
        left, top, right, bottom = seen
        label = LABEL_PX * view.ratio / view.scale
        rows = self._rows.in_box((left, top, right, bottom + label)).tolist()
        if not rows:
            return
        placed = [(self._rows.remarks[row], self._rows.rect[row].tolist()) for row in rows]
        placed = [each for each in placed if which(each[0])]
        frames = [each for each in placed if isinstance(each[0], Frame)]
        notes = [each for each in placed if isinstance(each[0], Note)]
        scale = view.scale / view.ratio
        if in_full or scale >= ROUNDED_FROM:
            frames, bars = apart(frames)
            self._paint_frames(view, frames)
            self._bars.paint(view, bars)
        else:
            self._paint_plain(view, frames, 0.55, lambda color: self._tint(color, self._shade))
        view.painter.setBrush(Qt.BrushStyle.NoBrush)  # SVG writes with the opacity of the brush
        if in_full or scale >= TEXTS_FROM:
            for note, box in notes:
                assert isinstance(note, Note)
                self._cards.paint(view, note, QRectF(*box))
        else:
            self._paint_small_notes(view, notes)
        view.painter.setBrush(Qt.BrushStyle.NoBrush)
        if scale >= LABELS_BELOW:
            self._paint_titles(view, frames)
            self._paint_padlocks(view, placed)
        self._paint_rings(view, placed)

    def paint_labels(self, view: View, seen: Box) -> None:
        """Writes the titles of small frames above them, over whatever stands there."""
        scale = view.scale / view.ratio
        if scale >= LABELS_BELOW:
            return
        left, top, right, bottom = seen
        rows = self._rows.in_box((left, top, right, bottom + LABEL_PX / scale)).tolist()
        frames = [(self._rows.remarks[row], self._rows.rect[row].tolist()) for row in rows]
        self._use_view(view, self._label)
        for frame, (x, y, width, height) in frames:
            is_small = min(width, height) * scale < LEAST_LABEL_PX
            if isinstance(frame, Frame) and frame.title and not is_small:
                laid = self._label.lay(frame.title, width * scale - 2 * LABEL_PAD)
                at_x, at_y = x * scale + view.dx / view.ratio, y * scale + view.dy / view.ratio
                card = QRectF(at_x, at_y - LABEL_PX, laid.width + 2 * LABEL_PAD, LABEL_PX - 1)
                view.painter.setPen(Qt.PenStyle.NoPen)
                view.painter.setBrush(colour(self._theme.canvas, LABEL_GROUND))
                view.painter.drawRoundedRect(card, 4, 4)
                view.painter.setBrush(Qt.BrushStyle.NoBrush)
                self._label.use(view.painter)
                self._label.draw(view.painter, at_x + LABEL_PAD, at_y - 5, laid)

    def paint_still(self, view: View, seen: Box) -> None:
        """Paints what touches a box and is where the document has it."""
        self.paint(view, seen, which=lambda each: each.id not in self._rows.previewed)

    def paint_moving(self, view: View, seen: Box) -> None:
        """Paints what is being moved or resized."""
        if self._rows.previewed:
            self.paint(view, seen, which=lambda each: each.id in self._rows.previewed)

    def paint_map(self, view: View) -> None:
        """Paints all of them as plain areas."""
        placed = list(zip(self._rows.remarks, self._rows.rect.tolist(), strict=True))
        frames = [each for each in placed if isinstance(each[0], Frame)]
        notes = [each for each in placed if isinstance(each[0], Note)]
        self._paint_plain(view, frames, 0.0, lambda color: self._tint(color, 0.2))
        self._paint_plain(view, notes, 0.0, lambda color: self._tint(color, 0.6))

    @property
    def _shade(self) -> float:
        return 0.10 if self._theme.is_dark else 0.08

    def _tint(self, color: str, alpha: float) -> QColor:
        return colour(tone_of(self._theme, color), alpha)

    def _paint_frames(self, view: View, frames: list[Placed]) -> None:
        view.use_canvas()
        for frame, box in frames:
            tone = tone_of(self._theme, frame.color)
            view.painter.setPen(QPen(colour(tone, 0.55), 1.2))
            view.painter.setBrush(colour(tone, self._shade))
            view.painter.drawRoundedRect(QRectF(*box), RADIUS, RADIUS)

    def _paint_plain(
        self, view: View, placed: list[Placed], line: float, fill: Callable[[str], QColor]
    ) -> None:
        """Rects, all of one colour in a call.

        Args:
            line: how opaque their outlines are; 0 for none.
            fill: what a colour of that name is filled with.
        """
        view.use_device(smooth=False)
        by_color: dict[str, list[list[float]]] = {}
        for remark, box in placed:
            by_color.setdefault(remark.color, []).append(box)
        for color, boxes in by_color.items():
            tone = tone_of(self._theme, color)
            edge = QColor(blended(self._theme.canvas, tone, line))  # translucent lines are slow
            pen = QPen(edge) if line else QPen(Qt.PenStyle.NoPen)
            view.painter.setPen(pen)
            view.painter.setBrush(fill(color))
            rects = np.array(boxes) * view.scale
            rects[:, :2] += view.dx, view.dy
            draw_rects(view.painter, rects)

    def _paint_small_notes(self, view: View, notes: list[Placed]) -> None:
        """Cards with their first line, in letters that can be read."""
        self._paint_plain(view, notes, 0.6, lambda color: QColor(card_of(self._theme, color)))
        scale = self._use_view(view, self._label)
        for note, (x, y, width, height) in notes:
            if width * scale < LEAST_LABEL_PX or height * scale < LABEL_SIZE:
                continue
            laid = self._label.lay(first_words(note), width * scale - 6)
            at_x, at_y = x * scale + view.dx / view.ratio, y * scale + view.dy / view.ratio
            baseline = at_y + min(height * scale / 2 + 4, LABEL_SIZE + 3)
            self._label.draw(view.painter, at_x + 4, baseline, laid)

    def _paint_titles(self, view: View, frames: list[Placed]) -> None:
        view.use_canvas()
        for frame, (x, y, width, height) in frames:
            if not isinstance(frame, Frame) or height < TITLE_PX:
                continue
            tone = blended(self._theme.text, tone_of(self._theme, frame.color), 0.5)
            paint_triangle(view.painter, frame, x, y, tone)
            self._title.use(view.painter)
            room = width - TITLE_X - PAD - (PADLOCK_PX if frame.locked else 0.0)
            laid = self._title.lay(frame.title, room)
            self._title.draw(view.painter, x + TITLE_X, y + TITLE_PX / 2 + 5, laid)

    def _paint_padlocks(self, view: View, placed: list[Placed]) -> None:
        view.use_canvas()
        for remark, (x, y, width, _) in placed:
            if remark.locked and not is_bar(remark):
                at = QPointF(x + width - PADLOCK_PX / 2 - 2, y + TITLE_PX / 2)
                paint_padlock(view.painter, at, self._theme)
        view.painter.setBrush(Qt.BrushStyle.NoBrush)

    def _use_view(self, view: View, pen: Pen) -> float:
        """Writes in px of the widget from now on; how many of these a px of the canvas has."""
        view.painter.resetTransform()
        view.painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        pen.use(view.painter)
        return view.scale / view.ratio

    def _paint_rings(self, view: View, placed: list[Placed]) -> None:
        view.use_canvas()
        pen = QPen(QColor(self._theme.accent), 2)
        pen.setCosmetic(True)
        chosen = self._rows.selection | self._bars.holds_selected()
        for remark, box in placed:
            if remark.id in chosen:
                radius = RADIUS if isinstance(remark, Frame) else NOTE_RADIUS
                view.painter.setPen(pen)
                view.painter.setBrush(Qt.BrushStyle.NoBrush)
                view.painter.drawRoundedRect(QRectF(*box), radius, radius)


def apart(frames: list[Placed]) -> tuple[list[Placed], list[Bar]]:
    """The open ones of these frames, and the collapsed ones."""
    bars = [(each, box) for each, box in frames if isinstance(each, Frame) and each.is_collapsed]
    return [each for each in frames if not is_bar(each[0])], bars


def first_words(note: Remark) -> str:
    """The first line of a note, without the marks before it and in it."""
    text = note.text if isinstance(note, Note) else ""
    lines = (INNER_MARKS.sub("", line.strip(MARKS)) for line in text[:LONGEST_LINE].splitlines())
    return next((line for line in lines if line), "")
