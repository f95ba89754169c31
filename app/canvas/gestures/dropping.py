"""Blocks that are about to be added: dragged from the palette, or copies of others."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from app.canvas import added, adding
from app.canvas.geometry import NODE_H, NODE_W
from app.canvas.gestures.base import Modifiers
from app.canvas.gestures.moving import edge_under, paint_splice
from app.canvas.gestures.snapper import Snapper
from app.canvas.ghosts import paint_block, paint_outline
from app.canvas.highlights import NO_HIGHLIGHTS, Highlights
from app.i18n import tr
from graph import clipboard
from graph.kinds import kinds_of
from graph.model import Edge, NodeId

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session


class DropBlock:
    """A new block under the pointer; dropped on an edge it is put into that."""

    def __init__(self, canvas: Canvas, session: Session, kind: str) -> None:
        self._canvas = canvas
        self._session = session
        self._kind, self._prepare = added.resolved(session, kind)
        document = self._prepare(session.document) if self._prepare else session.document
        self._block = kinds_of(document, session.registry).find(self._kind)
        self._at: tuple[float, float] | None = None
        self._pos = QPointF()
        self._snapper = Snapper(canvas)
        self._edge: Edge | None = None

    def move(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Shows the block at the pointer."""
        self._pos = pos
        at = self._canvas.at(pos)
        x, y = self._snapper.place(at.x() - NODE_W / 2, at.y() - NODE_H / 2, modifiers)
        self._at = (x, y)
        is_inner = self._block is not None and adding.can_stand_in_wire(self._block)
        self._edge = edge_under(self._canvas.mirror, x, y) if is_inner else None
        self._canvas.highlight(Highlights(edge=self._edge))
        self._canvas.update()

    def release(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Adds the block and selects it."""
        self.move(pos, modifiers)
        self._canvas.highlight(NO_HIGHLIGHTS)
        assert self._at is not None
        session, at = self._session, self._at
        edit: adding.Edit = partial(adding.add_at, kind=self._kind, at=at)
        if self._edge is not None:
            edit = partial(
                adding.insert_into,
                edge=self._edge, kind=self._kind, registry=session.registry, at=at,
            )  # fmt: skip
        if self._kind:
            added.add(session, self._kind, edit, self._prepare)

    def cancel(self) -> None:
        """Adds nothing."""

    def paint(self, painter: QPainter) -> None:
        """Draws where the block would be added; what it is hangs on the pointer."""
        if self._at is None:
            return
        self._snapper.paint(painter)
        paint_block(painter, self._canvas.theme, *self._at, None)
        if self._edge is not None:
            paint_splice(painter, self._canvas, self._edge, self._pos)


class DropCopies:
    """Copies of the selected blocks under the pointer."""

    def __init__(self, canvas: Canvas, session: Session, start: QPointF, grabbed: NodeId) -> None:
        self._canvas = canvas
        self._session = session
        self._start = canvas.at(start)
        node = session.document.node(grabbed)
        self._from = (node.x, node.y)
        self._step = (0.0, 0.0)
        self._snapper = Snapper(canvas, free=Qt.KeyboardModifier.AltModifier)
        canvas.setCursor(Qt.CursorShape.DragCopyCursor)

    def move(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Shows the copies at the pointer."""
        to = self._canvas.at(pos) - self._start
        x, y = self._snapper.place(self._from[0] + to.x(), self._from[1] + to.y(), modifiers)
        self._step = (x - self._from[0], y - self._from[1])
        self._canvas.update()

    def release(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Adds the copies and selects them."""
        if self._step == (0.0, 0.0):
            return
        session = self._session
        before = session.document
        clip = clipboard.copy(before, session.selection, session.chosen_remarks)
        pasted, ids = clipboard.paste(before, clip, self._step, linked=True)
        if session.apply(tr("Duplicate"), lambda _: pasted):
            session.select(ids, pasted.graph.remarks.keys() - before.graph.remarks.keys())

    def cancel(self) -> None:
        """Adds nothing."""

    def paint(self, painter: QPainter) -> None:
        """Draws the copies, and what they are in line with."""
        self._snapper.paint(painter)
        for remark_id in self._session.chosen_remarks:
            remark = self._session.document.graph.remarks[remark_id]
            box = QRectF(remark.x, remark.y, remark.width, remark.height)
            paint_outline(painter, self._canvas.theme, box.translated(*self._step))
        for id in self._session.selection:
            node = self._session.document.node(id)
            x, y = node.x + self._step[0], node.y + self._step[1]
            block = self._session.registry.find(node.kind)
            paint_block(painter, self._canvas.theme, x, y, block)
