"""Selecting the blocks in a box that is drawn with the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.canvas import hits
from app.canvas.gestures.base import Modifiers
from app.theme import colour
from graph.model import NodeId

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session

Key = Qt.KeyboardModifier


class BoxSelect:
    """A box between the press and the pointer. Shift adds to the selection, Ctrl turns it over."""

    def __init__(self, canvas: Canvas, session: Session, start: QPointF) -> None:
        self._canvas = canvas
        self._session = session
        self._start = canvas.at(start)
        self._end = self._start
        self._before = session.selection
        self._chosen = session.selection

    def move(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Marks what the box touches; panels follow at the end, for they take their time."""
        self._end = self._canvas.at(pos)
        box = self._box()
        touched = frozenset(
            hits.nodes_in(self._canvas.mirror, (box.left(), box.top(), box.right(), box.bottom()))
        )
        self._chosen = combined(self._before, touched, modifiers)
        self._canvas.mirror.select(self._chosen)

    def release(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Selects what is marked."""
        self.move(pos, modifiers)
        self._session.select(self._chosen)

    def cancel(self) -> None:
        """Marks what was selected before."""
        self._canvas.mirror.select(self._session.selection)

    def paint(self, painter: QPainter) -> None:
        """Draws the box."""
        accent = self._canvas.theme.accent
        pen = QPen(QColor(accent), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(colour(accent, 0.10))
        painter.drawRect(self._box())

    def _box(self) -> QRectF:
        return QRectF(self._start, self._end).normalized()


def combined(
    before: frozenset[NodeId], touched: frozenset[NodeId], modifiers: Modifiers
) -> frozenset[NodeId]:
    """The selection after touching blocks with these modifiers held."""
    if modifiers & Key.ControlModifier:
        return before ^ touched
    return before | touched if modifiers & Key.ShiftModifier else touched
