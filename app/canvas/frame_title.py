"""The triangle before a frame's title, which collapses and opens it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from app.canvas.geometry import Box
from graph.framing import TITLE_PX
from graph.remarks import BAR_HIGH, Frame, Remark

TRIANGLE_X, TRIANGLE_R = 15.0, 4.5
TITLE_X = 27.0
REACH_X = (4.0, 26.0)


def is_bar(remark: Remark) -> bool:
    """Whether this is a collapsed frame, which is drawn as a bar."""
    return isinstance(remark, Frame) and remark.is_collapsed


def title_height(frame: Frame) -> float:
    """How high the part of a frame is in which its title stands."""
    return BAR_HIGH if frame.is_collapsed else TITLE_PX


def is_on_triangle(frame: Frame, box: Box, x: float, y: float) -> bool:
    """Whether a place of the canvas is on the triangle of a frame that is shown in a box."""
    left, top, _, _ = box
    return REACH_X[0] <= x - left <= REACH_X[1] and 0 <= y - top <= title_height(frame)


def paint_triangle(painter: QPainter, frame: Frame, x: float, y: float, tone: str) -> None:
    """Paints it, pointing down where the frame is open, for a frame with its corner there."""
    r = TRIANGLE_R
    at = QPointF(x + TRIANGLE_X, y + title_height(frame) / 2)
    across, along = QPointF(r, 0), QPointF(0, r)
    if frame.is_collapsed:
        across, along = along, across
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tone))
    painter.drawPolygon(QPolygonF([at - across - along * 0.6, at + across - along * 0.6,
                                   at + along]))  # fmt: skip
    painter.setBrush(Qt.BrushStyle.NoBrush)
