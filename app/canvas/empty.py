"""What an empty canvas says: how to begin."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.i18n import tr
from app.theme import Theme, mono, sans

HEADING = "Draw a network"
STEPS = (
    ("Drag", "a block from the list on the left onto the canvas"),
    ("Tab", "or double click: search for a block by name"),
    ("File › Examples", "open a drawing that is ready to train"),
)
ROW_H = 32.0
KEY_PADDING = 8.0
GAP = 12.0
KEY_H = 20.0


def paint_hint(painter: QPainter, theme: Theme, width: float, height: float) -> None:
    """Paints the first steps in the middle of a view."""
    key_font, text_font, heading_font = mono(11), sans(13), sans(16, bold=True)
    keys, words = QFontMetricsF(key_font), QFontMetricsF(text_font)
    rows = [(tr(key), tr(text)) for key, text in STEPS]
    key_w = max(keys.horizontalAdvance(key) for key, _ in rows) + 2 * KEY_PADDING
    total = key_w + GAP + max(words.horizontalAdvance(text) for _, text in rows)
    left, top = (width - total) / 2, height / 2 - ROW_H * 2
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(heading_font)
    painter.setPen(QColor(theme.text))
    heading = QRectF(0, top - 14, width, ROW_H)
    painter.drawText(heading, Qt.AlignmentFlag.AlignCenter, tr(HEADING))
    for number, (key, text) in enumerate(rows, start=1):
        y = top + number * ROW_H + 8
        chip_w = keys.horizontalAdvance(key) + 2 * KEY_PADDING
        chip = QRectF(left + key_w - chip_w, y - KEY_H / 2, chip_w, KEY_H)
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.setBrush(QColor(theme.field))
        painter.drawRoundedRect(chip, 5, 5)
        painter.setFont(key_font)
        painter.setPen(QColor(theme.text))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, key)
        painter.setFont(text_font)
        painter.setPen(QColor(theme.dim))
        baseline = y + words.ascent() / 2 - words.descent() / 2
        painter.drawText(QPointF(left + key_w + GAP, baseline), text)
