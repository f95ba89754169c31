"""Paints frames and notes, behind the wires and blocks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QLinearGradient,
    QPainter,
    QPalette,
    QPen,
    QTextDocument,
)

from app.canvas.frame import Frame as View
from app.canvas.frame import draw_copies, draw_rects
from app.canvas.geometry import Box, Ints
from app.canvas.markdown import laid_out
from app.canvas.mirror import Mirror
from app.canvas.pixmaps import Cache
from app.canvas.remark_rows import LABEL_PX, LABELS_BELOW
from app.canvas.text import Pen
from app.i18n import tr
from app.theme import Theme, blended, colour, sans
from graph.framing import TITLE_PX
from graph.remarks import COLORS, Frame, Note, Remark

RADIUS = 10.0
NOTE_RADIUS = 8.0
PAD = 12.0
TEXTS_FROM = 0.3
MOST_ROUNDED = 150
LEAST_LABEL_PX = 36.0
TITLE_SIZE, LABEL_SIZE = 13, 11
FADE = 22.0
MOST_DOCUMENTS = 200
MOST_CARD_PX = 3_000_000
CATEGORIES = {
    "grey": "merge", "blue": "conv", "teal": "norm", "green": "io", "yellow": "act",
    "red": "loss", "purple": "pool", "pink": "linear",
}  # fmt: skip


def tone_of(theme: Theme, color: str) -> str:
    """The colour of that name in a theme, as `#rrggbb`; an unknown one is the first."""
    return theme.categories[CATEGORIES.get(color, CATEGORIES[COLORS[0]])]


def card_of(theme: Theme, color: str) -> str:
    """The ground of a note, on which text of the theme can be read."""
    return blended(theme.body, tone_of(theme, color), 0.16 if theme.is_dark else 0.12)


class RemarkPainter:
    """Paints the remarks of a mirror in the colours of a theme."""

    def __init__(self, mirror: Mirror, theme: Theme, cache: Cache) -> None:
        self._rows = mirror.remarks
        self._theme = theme
        self._cache = cache
        self._title = Pen(sans(TITLE_SIZE, bold=True), theme.text)
        self._label = Pen(sans(LABEL_SIZE, bold=True), theme.text)
        self._texts: OrderedDict[tuple[str, float], QTextDocument] = OrderedDict()

    def paint(self, view: View, seen: Box, *, in_full: bool = False) -> None:
        """Paints what touches a box; with `in_full` in every detail, however small it is."""
        label = LABEL_PX * view.ratio / view.scale
        left, top, right, bottom = seen
        rows = self._rows.in_box((left, top, right, bottom + label))
        if not len(rows):
            return
        with_texts = in_full or view.scale / view.ratio >= TEXTS_FROM
        self._paint_bodies(view, rows, with_texts)
        remarks = [self._rows.remarks[row] for row in rows.tolist()]
        boxes = self._rows.rect[rows].tolist()
        for remark, box in zip(remarks, boxes, strict=True):
            if isinstance(remark, Note) and with_texts:
                self._paint_card(view, remark, QRectF(*box))
        self._paint_titles(view, zip(remarks, boxes, strict=True))
        self._paint_rings(view, zip(remarks, boxes, strict=True))

    def paint_map(self, view: View) -> None:
        """Paints all of them as plain areas."""
        self._paint_plain(view, range(len(self._rows.remarks)))

    def _paint_bodies(self, view: View, rows: Ints, with_texts: bool) -> None:
        frames = [r for r in rows.tolist() if isinstance(self._rows.remarks[r], Frame)]
        notes = [r for r in rows.tolist() if not isinstance(self._rows.remarks[r], Frame)]
        if len(frames) > MOST_ROUNDED:
            self._paint_plain(view, frames)
        else:
            view.use_canvas()
            for row in frames:
                self._paint_frame(view.painter, row)
        if not with_texts:
            self._paint_plain(view, notes)

    def _paint_plain(self, view: View, rows: Iterable[int]) -> None:
        """Rects of one colour after another, in few calls."""
        view.use_device(smooth=False)
        view.painter.setPen(Qt.PenStyle.NoPen)
        for is_frame in (True, False):
            by_color: dict[str, list[int]] = {}
            for row in rows:
                remark = self._rows.remarks[row]
                if isinstance(remark, Frame) == is_frame:
                    by_color.setdefault(remark.color, []).append(row)
            for color, chosen in by_color.items():
                tone = tone_of(self._theme, color)
                view.painter.setBrush(colour(tone, 0.2 if is_frame else 0.6))
                rects = self._rows.rect[chosen] * view.scale
                rects[:, 0] += view.dx
                rects[:, 1] += view.dy
                draw_rects(view.painter, rects)

    def _paint_frame(self, painter: QPainter, row: int) -> None:
        remark = self._rows.remarks[row]
        tone = tone_of(self._theme, remark.color)
        box = QRectF(*self._rows.rect[row].tolist())
        painter.setPen(QPen(colour(tone, 0.55), 1.2))
        painter.setBrush(colour(tone, 0.10 if self._theme.is_dark else 0.08))
        painter.drawRoundedRect(box, RADIUS, RADIUS)

    def _paint_titles(self, view: View, remarks: Iterable[tuple[Remark, list[float]]]) -> None:
        """Inside of frames; above them, in letters that can be read, where they are small."""
        scale = view.scale / view.ratio
        inside = scale >= LABELS_BELOW
        pen = self._title if inside else self._label
        if inside:
            view.use_canvas()
        else:
            view.painter.resetTransform()
            view.painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        pen.use(view.painter)
        for remark, (x, y, width, height) in remarks:
            if not isinstance(remark, Frame) or not remark.title:
                continue
            if inside and height >= TITLE_PX:
                laid = pen.lay(remark.title, width - 2 * PAD)
                pen.draw(view.painter, x + PAD, y + TITLE_PX / 2 + 5, laid)
            elif not inside and width * scale >= LEAST_LABEL_PX:
                laid = pen.lay(remark.title, width * scale - 4)
                at_x, at_y = x * scale + view.dx / view.ratio, y * scale + view.dy / view.ratio
                pen.draw(view.painter, at_x + 2, at_y - 5, laid)

    def _paint_rings(self, view: View, remarks: Iterable[tuple[Remark, list[float]]]) -> None:
        view.use_canvas()
        pen = QPen(QColor(self._theme.accent), 2)
        pen.setCosmetic(True)
        for remark, box in remarks:
            if remark.id in self._rows.selection:
                radius = RADIUS if isinstance(remark, Frame) else NOTE_RADIUS
                view.painter.setPen(pen)
                view.painter.setBrush(Qt.BrushStyle.NoBrush)
                view.painter.drawRoundedRect(QRectF(*box), radius, radius)

    def _paint_card(self, view: View, note: Note, box: QRectF) -> None:
        """The card of a note: a pixmap, or drawn anew where it is larger than pixmaps should be."""
        width, height = round(box.width() * view.scale), round(box.height() * view.scale)
        if width * height > MOST_CARD_PX:
            view.use_canvas()
            view.painter.save()
            view.painter.setClipRect(box)
            self._draw_card(view.painter, note, box)
            view.painter.restore()
            return

        def draw(painter: QPainter) -> None:
            painter.scale(view.scale, view.scale)
            self._draw_card(painter, note, QRectF(0, 0, box.width(), box.height()))

        key = ("note", note.text, note.color, width, height, view.scale)
        pixmap = self._cache.get(key, width, height, draw)
        view.use_device(smooth=False)
        x, y = round(box.x() * view.scale + view.dx), round(box.y() * view.scale + view.dy)
        draw_copies(view.painter, pixmap, np.array([[x + width / 2, y + height / 2]]))

    def _draw_card(self, painter: QPainter, note: Note, box: QRectF) -> None:
        tone, ground = tone_of(self._theme, note.color), card_of(self._theme, note.color)
        painter.setPen(QPen(colour(tone, 0.6), 1))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), NOTE_RADIUS, NOTE_RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone))
        painter.drawRoundedRect(QRectF(box.x() + 5, box.y() + PAD, 3, box.height() - 2 * PAD), 1, 1)
        room = box.adjusted(PAD + 2, PAD - 2, -PAD, -PAD + 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)  # Qt would fill check boxes with it
        painter.save()
        painter.setClipRect(room, Qt.ClipOperation.IntersectClip)
        painter.translate(room.topLeft())
        if note.text.strip():
            text = self._laid(note.text, room.width())
            self._write(painter, text, QRectF(0, 0, room.width(), room.height()))
            is_cut = text.size().height() > room.height() + 1
        else:
            is_cut = False
            painter.setPen(QColor(self._theme.dim))
            painter.setFont(sans(12))
            painter.drawText(QPointF(0, 14), tr("Double-click to write"))
        painter.restore()
        if is_cut:
            self._fade(painter, room, ground)

    def _laid(self, text: str, width: float) -> QTextDocument:
        key = (text, width)
        found = self._texts.get(key)
        if found is None:
            found = self._texts[key] = laid_out(text, width, self._theme)
            if len(self._texts) > MOST_DOCUMENTS:
                self._texts.popitem(last=False)
        self._texts.move_to_end(key)
        return found

    def _write(self, painter: QPainter, text: QTextDocument, clip: QRectF) -> None:
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, QColor(self._theme.text))
        context.clip = clip
        text.documentLayout().draw(painter, context)

    def _fade(self, painter: QPainter, room: QRectF, ground: str) -> None:
        """Tells that there is more: the last lines sink into the card."""
        bottom = QRectF(room.left(), room.bottom() - FADE, room.width(), FADE)
        fade = QLinearGradient(bottom.topLeft(), bottom.bottomLeft())
        fade.setColorAt(0, colour(ground, 0))
        fade.setColorAt(1, QColor(ground))
        painter.fillRect(bottom, fade)
