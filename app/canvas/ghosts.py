"""What the canvas shows of things that are not there yet: blocks, wires and short notes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.canvas.edges import EDGE_W, HALO_W, course_path
from app.canvas.geometry import NODE_H, NODE_W, PORT_HOT_R
from app.i18n import tr
from app.theme import Theme, category_icon, colour, sans
from graph.block import Block

NOTE_W = 320.0
NOTE_FROM_POINTER = QPointF(16, 20)


def paint_block(
    painter: QPainter, theme: Theme, x: float, y: float, block: type[Block] | None
) -> None:
    """A block that would stand at this corner."""
    body = QRectF(x, y, NODE_W, NODE_H)
    painter.setPen(QPen(QColor(theme.accent), 1.5, Qt.PenStyle.DashLine))
    painter.setBrush(colour(theme.body, 0.86))
    painter.drawRoundedRect(body, 10, 10)
    if block is None:
        return
    kind = block.kind
    icon = category_icon(theme, kind.category.colour, kind.glyph, 24)
    painter.drawPixmap(QPointF(x + 14, y + 11), icon.pixmap(24, 24, icon.Mode.Normal))
    painter.setPen(QColor(theme.text))
    painter.setFont(sans(13, bold=True))
    room = QRectF(x + 46, y + 11, NODE_W - 58, 24)
    title = QFontMetricsF(painter.font()).elidedText(
        tr(kind.title), Qt.TextElideMode.ElideRight, room.width()
    )
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, title)


def paint_outline(painter: QPainter, theme: Theme, box: QRectF) -> None:
    """A frame or note that would stand here."""
    painter.setPen(QPen(QColor(theme.accent), 1.5, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 8, 8)


def paint_wire(
    painter: QPainter,
    start: QPointF,
    end: QPointF,
    tone: str,
    *,
    is_refused: bool,
    straight: bool = False,
) -> None:
    """A wire from an output to an input, dashed where it would be refused."""
    path = course_path(start.x(), start.y(), end.x(), end.y(), None, straight=straight)
    style = Qt.PenStyle.DashLine if is_refused else Qt.PenStyle.SolidLine
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour(tone, 0.18), HALO_W, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawPath(path)
    painter.setPen(QPen(QColor(tone), EDGE_W, style, Qt.PenCapStyle.FlatCap))
    painter.drawPath(path)


def paint_loose_end(painter: QPainter, theme: Theme, at: QPointF, tone: str) -> None:
    """The end of a wire under the pointer."""
    painter.setPen(QPen(QColor(theme.canvas), 2))
    painter.setBrush(QColor(tone))
    painter.drawEllipse(at, PORT_HOT_R - 1, PORT_HOT_R - 1)


def place_for_note(size: QSizeF, pos: QPointF, canvas: QWidget) -> QPointF:
    """The corner of a note beside the pointer, within the widget and clear of what is on it."""
    room = QRectF(canvas.rect()).adjusted(6, 6, -6, -6)
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    taken = [
        QRectF(child.geometry())
        for child in canvas.findChildren(QWidget, options=direct)
        if child.isVisible()
    ]
    right, below = pos.x() + NOTE_FROM_POINTER.x(), pos.y() + NOTE_FROM_POINTER.y()
    left, above = right - size.width() - 2 * NOTE_FROM_POINTER.x(), pos.y() - size.height() - 14
    corners = [
        QPointF(round(x) + 0.5, round(y) + 0.5) for y in (below, above) for x in (right, left)
    ]
    for corner in corners:
        box = QRectF(corner, size)
        if room.contains(box) and not any(box.intersects(other) for other in taken):
            return corner
    return corners[0]


def paint_note(
    painter: QPainter, canvas: QWidget, theme: Theme, pos: QPointF, text: str, tone: str
) -> None:
    """A note beside the pointer at a place of the widget, where nothing hides it."""
    painter.save()
    painter.resetTransform()
    font = sans(12)
    flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
    words = QFontMetricsF(font).boundingRect(QRectF(0, 0, NOTE_W, 1000), int(flags), text)
    box = QRectF(0, 0, words.width() + 26, words.height() + 14)
    box.moveTo(place_for_note(box.size(), pos, canvas))
    painter.setPen(QColor(theme.border))
    painter.setBrush(QColor(theme.body))
    painter.drawRoundedRect(box, 7, 7)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tone))
    painter.drawRoundedRect(QRectF(box.left() + 5, box.top() + 6, 3, box.height() - 12), 1.5, 1.5)
    painter.setFont(font)
    painter.setPen(QColor(theme.text))
    painter.drawText(box.adjusted(15, 7, -8, -5), int(flags), text)
    painter.restore()
