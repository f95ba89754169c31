"""Moving the selected blocks; a single loose one can be dropped into an edge."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from app.canvas import adding, hits
from app.canvas.geometry import NODE_H, NODE_W
from app.canvas.gestures.base import Modifiers
from app.canvas.gestures.snapper import Snapper
from app.canvas.ghosts import paint_note
from app.canvas.highlights import NO_HIGHLIGHTS, Highlights
from app.canvas.mirror import Mirror
from app.canvas.told import told_move
from app.i18n import tr
from graph import edits, remark_edits
from graph.framing import carried
from graph.model import Document, Edge, NodeId
from graph.remarks import RemarkId

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session

SPLICE_REACH = 24.0


class MoveBlocks:
    """The selection sticks to the pointer. Blocks snap into line; Ctrl lets them go anywhere.

    Only the mirror shows the move until the release makes one edit of it.
    """

    def __init__(self, canvas: Canvas, session: Session, start: QPointF, grabbed: NodeId) -> None:
        self._canvas = canvas
        self._session = session
        self._start = canvas.at(start)
        self._grabbed = grabbed
        graph = session.document.graph
        self._chosen = session.selection, session.chosen_remarks
        self._ids, self._remarks = carried(graph, *self._chosen)
        node = session.document.node(grabbed)
        self._from = (node.x, node.y)
        self._step = (0.0, 0.0)
        self._snapper = Snapper(canvas, self._ids)
        self._pos = start
        self._edge: Edge | None = None
        self._can_splice = (
            len(self._ids) == 1
            and not self._remarks
            and adding.can_splice(session.document, grabbed, session.registry)
        )
        canvas.setCursor(Qt.CursorShape.SizeAllCursor)

    def move(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Shows the blocks at the pointer."""
        self._pos = pos
        to = self._canvas.at(pos) - self._start
        x, y = self._snapper.place(self._from[0] + to.x(), self._from[1] + to.y(), modifiers)
        self._step = (x - self._from[0], y - self._from[1])
        self._canvas.mirror.preview_move(self._ids, *self._step)
        self._canvas.mirror.remarks.preview_move(self._remarks, *self._step)
        if self._can_splice:
            self._edge = edge_under(self._canvas.mirror, x, y)
            self._canvas.highlight(Highlights(edge=self._edge))
        self._canvas.update()

    def release(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Moves the blocks in the document."""
        self.cancel()
        self._canvas.highlight(NO_HIGHLIGHTS)
        if self._edge is not None:
            at = (self._from[0] + self._step[0], self._from[1] + self._step[1])
            self._session.apply(tr("Insert into wire"), partial(self._splice, self._edge, at))
        elif self._step != (0.0, 0.0):
            label = told_move(self._session.document, *self._chosen)
            edit = partial(moved_by, ids=self._ids, step=self._step, remarks=self._remarks)
            self._session.apply(label, edit)

    def cancel(self) -> None:
        """Shows the blocks where they were."""
        self._canvas.mirror.end_preview()
        self._canvas.mirror.remarks.end_preview()

    def paint(self, painter: QPainter) -> None:
        """Tells where a block would be inserted, or what it is in line with."""
        self._snapper.paint(painter)
        if self._edge is not None:
            paint_splice(painter, self._canvas, self._edge, self._pos)

    def _splice(self, edge: Edge, at: tuple[float, float], document: Document) -> Document:
        return adding.splice_in(document, edge, self._grabbed, at, self._session.registry)


def paint_splice(painter: QPainter, canvas: Canvas, edge: Edge, pos: QPointF) -> None:
    """Tells where a block would be inserted: it hides the wire that is lit up."""
    nodes = canvas.mirror.document.graph.nodes
    above, below = nodes[edge.source].name, nodes[edge.target].name
    text = tr("Insert between “{above}” and “{below}”", above=above, below=below)
    paint_note(painter, canvas, canvas.theme, pos, text, canvas.theme.accent)


def edge_under(mirror: Mirror, x: float, y: float) -> Edge | None:
    """The edge that a block at this corner would be dropped into."""
    return hits.edge_at(mirror, x + NODE_W / 2, y + NODE_H / 2, SPLICE_REACH)


def moved_by(
    document: Document,
    ids: frozenset[NodeId],
    step: tuple[float, float],
    remarks: frozenset[RemarkId] = frozenset(),
) -> Document:
    """The document with blocks, frames and notes moved by so many px."""
    nodes = document.graph.nodes
    places = {id: (nodes[id].x + step[0], nodes[id].y + step[1]) for id in ids}
    return remark_edits.move(edits.move(document, places), remarks, step)
