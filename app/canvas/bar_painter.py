"""Paints collapsed frames: a bar with the title, what is behind it, and where its wires end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from app.canvas.chrome import paint_badge
from app.canvas.frame import Frame as View
from app.canvas.frame_title import TITLE_X, paint_triangle
from app.canvas.geometry import PORT_R
from app.canvas.mirror import Mirror
from app.canvas.padlock import paint_padlock
from app.canvas.remark_rows import LABELS_BELOW
from app.canvas.text import Pen
from app.canvas.tones import tone_of
from app.i18n import tr_count
from app.theme import Theme, blended, sans
from graph.problems import Severity
from graph.remarks import Frame, RemarkId

RADIUS = 10.0
PAD, GAP = 12.0, 8.0
LEAST_TITLE = 40.0
LABEL_SIZE, LABEL_PAD = 11, 6.0
PADLOCK_AT = 3.0
Bar = tuple[Frame, list[float]]


@dataclass
class Behind:
    """What is behind a bar: how many blocks, whether wires end there, and what is wrong."""

    blocks: int = 0
    takes: bool = False
    gives: bool = False
    worst: Severity | None = None


class BarPainter:
    """Paints the collapsed frames of a mirror in the colours of a theme."""

    def __init__(self, mirror: Mirror, theme: Theme) -> None:
        self._mirror = mirror
        self._theme = theme
        self._title = Pen(sans(13, bold=True), theme.text)
        self._count = Pen(sans(11), theme.dim)
        self._label = Pen(sans(LABEL_SIZE, bold=True), theme.text)
        self._behind: tuple[int, Mapping[RemarkId, Behind]] = (-1, {})

    def paint(self, view: View, bars: list[Bar]) -> None:
        """Paints bars; each is a frame and the left, top, width and height of what is drawn."""
        if not bars:
            return
        view.use_canvas()
        behind = self._known()
        for frame, box in bars:
            self._paint_bar(view, frame, box, behind.get(frame.id, Behind()))
        view.painter.setBrush(Qt.BrushStyle.NoBrush)
        if _is_small(view):
            self._write_small(view, bars)

    def holds_selected(self) -> set[RemarkId]:
        """The frames that hide a block that is selected."""
        frame = self._mirror.folds.frame
        return {frame[id] for id in self._mirror.selection if id in frame} if frame else set()

    def _paint_bar(self, view: View, frame: Frame, box: list[float], behind: Behind) -> None:
        painter, theme = view.painter, self._theme
        x, y, width, height = box
        tone = tone_of(theme, frame.color)
        painter.setPen(QPen(QColor(blended(theme.canvas, tone, 0.7)), 1.2))
        painter.setBrush(QColor(blended(theme.body, tone, 0.2 if theme.is_dark else 0.12)))
        painter.drawRoundedRect(QRectF(*box), RADIUS, RADIUS)
        if not _is_small(view):
            paint_triangle(painter, frame, x, y, blended(theme.text, tone, 0.4))
            self._write(view, frame, box, behind.blocks)
        painter.setPen(QPen(QColor(theme.canvas), 2))
        painter.setBrush(QColor(theme.port))
        for wired, at in ((behind.takes, y), (behind.gives, y + height)):
            if wired:
                painter.drawEllipse(QPointF(x + width / 2, at), PORT_R, PORT_R)
        if frame.locked:
            paint_padlock(painter, QPointF(x + PADLOCK_AT, y + PADLOCK_AT), theme)
        if behind.worst is not None:
            corner = QPointF(x + width - 4, y + 4)
            paint_badge(painter, theme, corner, is_error=behind.worst is Severity.ERROR)

    def _write(self, view: View, frame: Frame, box: list[float], blocks: int) -> None:
        x, y, width, height = box
        room, baseline = width - TITLE_X - PAD, y + height / 2 + 5
        count = self._count.lay(tr_count(blocks, "1 block", "{n} blocks"))
        if room - count.width - GAP >= LEAST_TITLE or not frame.title:
            self._count.use(view.painter)
            self._count.draw(view.painter, x + width - PAD - count.width, baseline - 1, count)
            room -= count.width + GAP
        if frame.title:
            self._title.use(view.painter)
            laid = self._title.lay(frame.title, room)
            self._title.draw(view.painter, x + TITLE_X, baseline, laid)

    def _write_small(self, view: View, bars: list[Bar]) -> None:
        """Writes titles in letters that can be read from further away."""
        scale, ratio = view.scale / view.ratio, view.ratio
        view.painter.resetTransform()
        self._label.use(view.painter)
        for frame, (x, y, width, height) in bars:
            if frame.title and height * scale >= LABEL_SIZE:
                laid = self._label.lay(frame.title, width * scale - 2 * LABEL_PAD)
                left = x * scale + view.dx / ratio + LABEL_PAD
                middle = (y + height / 2) * scale + view.dy / ratio
                self._label.draw(view.painter, left, middle + LABEL_SIZE / 3 + 0.5, laid)

    def _known(self) -> Mapping[RemarkId, Behind]:
        if self._behind[0] != self._mirror.version:
            self._behind = (self._mirror.version, behind_bars(self._mirror))
        return self._behind[1]


def _is_small(view: View) -> bool:
    """Whether titles cannot be read that are as large as those of blocks."""
    return view.scale / view.ratio < LABELS_BELOW


def behind_bars(mirror: Mirror) -> Mapping[RemarkId, Behind]:
    """What is behind each bar of a mirror that hides a block."""
    found: dict[RemarkId, Behind] = {}
    for id, frame in mirror.folds.frame.items():
        bar = found.setdefault(frame, Behind())
        bar.blocks += 1
        problem = mirror.badges.get(id)
        if problem is not None and bar.worst is not Severity.ERROR:
            bar.worst = problem.severity
    width = mirror.rect[:, 2]
    ends = (width[mirror.source] == 0) | (width[mirror.target] == 0)
    frame_of = mirror.folds.frame
    for row in mirror.folds.drawn(mirror, np.flatnonzero(ends)).tolist():
        edge = mirror.edges[row]
        if edge.source in frame_of:
            found[frame_of[edge.source]].gives = True
        if edge.target in frame_of:
            found[frame_of[edge.target]].takes = True
    return found
