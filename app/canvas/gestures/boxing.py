"""Selecting what is in a box that is drawn with the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.canvas import hits
from app.canvas.gestures.base import Modifiers
from app.theme import colour
from graph.locking import free_of

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session

Key = Qt.KeyboardModifier
Id = TypeVar("Id")


class BoxSelect:
    """A box between the press and the pointer. Shift adds to the selection, Ctrl turns it over.

    What is locked is not caught.
    """

    def __init__(self, canvas: Canvas, session: Session, start: QPointF) -> None:
        self._canvas = canvas
        self._session = session
        self._start = canvas.at(start)
        self._end = self._start
        self._before = session.selection
        self._chosen = session.selection
        self._remarks_before = self._remarks = session.chosen_remarks
        self._points_before = self._points = canvas.mirror.points.chosen

    def move(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Marks what the box touches; panels follow at the end, for they take their time."""
        self._end = self._canvas.at(pos)
        drawn = self._box()
        box = (drawn.left(), drawn.top(), drawn.right(), drawn.bottom())
        mirror = self._canvas.mirror
        touched = frozenset(hits.caught_by(mirror, box))
        self._chosen = combined(self._before, touched, modifiers)
        self._canvas.mirror.select(self._chosen)
        _, caught = free_of(mirror.document.graph, (), mirror.remarks.caught_by(box))
        self._remarks = combined(self._remarks_before, caught, modifiers)
        self._canvas.mirror.remarks.selection = self._remarks
        self._points = combined(self._points_before, mirror.points.caught_by(box), modifiers)
        mirror.points.choose(self._points)

    def release(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Selects what is marked."""
        self.move(pos, modifiers)
        self._session.select(self._chosen, self._remarks)
        self._canvas.mirror.points.choose(self._points)

    def cancel(self) -> None:
        """Marks what was selected before."""
        self._canvas.mirror.select(self._session.selection)
        self._canvas.mirror.remarks.selection = self._session.chosen_remarks
        self._canvas.mirror.points.choose(self._points_before)

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


def combined(before: frozenset[Id], touched: frozenset[Id], modifiers: Modifiers) -> frozenset[Id]:
    """The selection after touching blocks and the like with these modifiers held."""
    if modifiers & Key.ControlModifier:
        return before ^ touched
    return before | touched if modifiers & Key.ShiftModifier else touched
