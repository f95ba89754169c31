"""The shapes of ports: each kind of values has its own, and wears its letter."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from app.canvas.port_kinds import Kind
from app.theme import sans

RING_W = 2.0
WIDEST = 1.35
"""A shape reaches so many radii from its middle."""
HOLE = 0.56
SQUARE, BAR, DIAMOND = 0.96, 0.84, 1.3
ROUND_PX = 1.5
LETTER_PX = 7


def paint_marker(
    painter: QPainter,
    kind: Kind,
    radius: float,
    tone: QColor,
    ground: QColor,
    *,
    is_hollow: bool = False,
    letter: bool = False,
) -> None:
    """Draws a port around the origin; a hollow one leaves its middle open.

    Args:
        ground: the colour around it and of its letter.
    """
    shape = marker_path(kind, radius)
    painter.setPen(QPen(ground, RING_W, j=Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(tone)
    painter.drawPath(shape)
    painter.setPen(Qt.PenStyle.NoPen)
    if is_hollow:
        painter.setBrush(ground)
        painter.drawPath(marker_path(kind, radius * HOLE))
    elif letter and kind.letter:
        painter.setBrush(ground)
        painter.drawPath(_letter_path(kind, radius))


@lru_cache(maxsize=64)
def marker_path(kind: Kind, radius: float) -> QPainterPath:
    """The outline of a kind's shape around the origin."""
    r, path = radius, QPainterPath()
    if kind is Kind.ANY:
        path.addEllipse(QPointF(0, 0), r, r)
    elif kind is Kind.TOKENS:
        reach = DIAMOND * r
        corners = [(0.0, -reach), (reach, 0.0), (0.0, reach), (-reach, 0.0)]
        _polygon(path, corners)
    elif kind is Kind.NUMBER:
        _polygon(path, [(-WIDEST * r, -r), (WIDEST * r, -r), (0.0, WIDEST * r)])
    else:
        half_w, half_h = {
            Kind.IMAGE: (SQUARE, SQUARE),
            Kind.SEQUENCE: (WIDEST, BAR),
            Kind.VECTOR: (BAR, WIDEST),
        }[kind]
        box = QRectF(-half_w * r, -half_h * r, 2 * half_w * r, 2 * half_h * r)
        path.addRoundedRect(box, ROUND_PX, ROUND_PX)
    return path


def _polygon(path: QPainterPath, corners: list[tuple[float, float]]) -> None:
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    path.closeSubpath()


@lru_cache(maxsize=32)
def _letter_path(kind: Kind, radius: float) -> QPainterPath:
    """The letter as an outline, so that it is the same in pictures made of lines."""
    path = QPainterPath()
    path.addText(QPointF(0, 0), sans(LETTER_PX, bold=True), kind.letter)
    box = path.boundingRect()
    above = 0.18 * radius if kind is Kind.NUMBER else 0.0
    path.translate(-box.center().x(), -box.center().y() - above)
    return path
