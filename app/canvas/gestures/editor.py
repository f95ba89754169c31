"""Turns what a person does on the canvas into edits of the document."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
)

from app.canvas import hits
from app.canvas.gestures.base import Gesture, Modifiers
from app.i18n import tr
from graph import edits

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas


class Editor:
    """The editing half of a canvas; `Canvas` forwards events and commands to it."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def press(self, event: QMouseEvent) -> Gesture | None:
        """What a press of the left button begins; None where nothing follows."""
        at = self.canvas.at(event.position())
        node = hits.node_at(self.canvas.mirror, at.x(), at.y())
        if self.canvas.session is not None:
            self.canvas.session.select([node] if node else [])
        return None

    def double_click(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Answers a double click of the left button."""

    def key_press(self, event: QKeyEvent) -> bool:
        """Answers a key; whether it was used."""
        return False

    def context_menu(self, event: QContextMenuEvent) -> None:
        """Shows what can be done at a place."""

    def drag_enter(self, event: QDragEnterEvent) -> None:
        """Accepts what can be dropped."""

    def drag_move(self, event: QDragMoveEvent) -> None:
        """Follows a drag from elsewhere."""

    def drag_leave(self) -> None:
        """Forgets a drag from elsewhere."""

    def drop(self, event: QDropEvent) -> None:
        """Adds what was dropped."""

    def paint(self, painter: QPainter) -> None:
        """Draws over the canvas, in px of the canvas, beside what the gesture draws."""

    def add_block(self, kind: str) -> None:
        """Adds a block in the middle of the view and selects it."""
        session = self.canvas.session
        if session is None:
            return
        middle = self.canvas.at(QPointF(self.canvas.rect().center()))
        id = edits.next_node_id(session.document)
        label = tr("Add {title}", title=tr(edits.kind_title(kind, session.registry)))
        if session.apply(label, partial(edits.add, kind=kind, at=(middle.x(), middle.y()))):
            session.select([id])

    def cut(self) -> None:
        """Copies and removes the selected blocks."""

    def copy(self) -> None:
        """Copies the selected blocks."""

    def paste(self) -> None:
        """Adds what was copied."""

    def duplicate(self) -> None:
        """Adds the selected blocks once more."""

    def delete_selection(self) -> None:
        """Removes the selected blocks."""
        session = self.canvas.session
        if session is not None and session.selection:
            session.apply(tr("Delete"), partial(edits.remove, ids=session.selection))

    def select_all(self) -> None:
        """Selects every block."""
        if self.canvas.session is not None:
            self.canvas.session.select(self.canvas.session.document.graph.nodes)

    def focus_search(self, pos: QPointF | None) -> None:
        """Opens the search for a block to add, at a place of the view or in its middle."""

    def auto_layout(self) -> None:
        """Places all blocks anew."""
