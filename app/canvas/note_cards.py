"""Paints notes as cards with their Markdown on them."""

from __future__ import annotations

from collections import OrderedDict

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
from app.canvas.frame import draw_copies
from app.canvas.markdown import laid_out
from app.canvas.pixmaps import Cache
from app.canvas.tones import card_of, tone_of
from app.i18n import tr
from app.theme import Theme, colour, sans
from graph.remarks import Note

NOTE_RADIUS = 8.0
PAD = 12.0
FADE = 22.0
MOST_DOCUMENTS = 200
MOST_CARD_PX = 3_000_000


class CardPainter:
    """Paints notes in the colours of a theme; what was laid out is kept."""

    def __init__(self, theme: Theme, cache: Cache) -> None:
        self._theme = theme
        self._cache = cache
        self._texts: OrderedDict[tuple[str, float], QTextDocument] = OrderedDict()

    def paint(self, view: View, note: Note, box: QRectF) -> None:
        """The card of a note: a pixmap, or drawn anew where it is larger than pixmaps should be."""
        width, height = round(box.width() * view.scale), round(box.height() * view.scale)
        if width * height > MOST_CARD_PX:
            view.use_canvas()
            view.painter.save()
            view.painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
            self._draw(view.painter, note, box)
            view.painter.restore()
            return

        def draw(painter: QPainter) -> None:
            painter.scale(view.scale, view.scale)
            self._draw(painter, note, QRectF(0, 0, box.width(), box.height()))

        key = ("note", note.text, note.color, width, height, view.scale)
        pixmap = self._cache.get(key, width, height, draw)
        view.use_device(smooth=False)
        x, y = round(box.x() * view.scale + view.dx), round(box.y() * view.scale + view.dy)
        draw_copies(view.painter, pixmap, np.array([[x + width / 2, y + height / 2]]))

    def _draw(self, painter: QPainter, note: Note, box: QRectF) -> None:
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
