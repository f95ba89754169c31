"""Moving the selected blocks, out of their wires if wanted; a single one into an edge."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from app import locks
from app.canvas import adding, hits
from app.canvas.geometry import NODE_H, NODE_W
from app.canvas.gestures.base import Modifiers
from app.canvas.gestures.loosening import Loosened, Shake
from app.canvas.gestures.snapper import Snapper
from app.canvas.ghosts import paint_note
from app.canvas.highlights import NO_HIGHLIGHTS, Highlights
from app.canvas.mirror import Mirror
from app.canvas.told import told_move
from app.i18n import tr
from app.messages import Message
from graph import edits, leading, pulling, remark_edits
from graph.leading import WirePoint
from graph.locking import is_held, refuse_locked
from graph.model import Document, Edge, NodeId
from graph.problems import UserError
from graph.remarks import RemarkId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.canvas.canvas import Canvas
    from app.session import Session

SPLICE_REACH = 24.0


class MoveBlocks:
    """The selection sticks to the pointer. Blocks snap into line; Ctrl lets them go anywhere.

    Shaking them cuts the wires that join them to others. Only the mirror shows the move until the
    release makes one edit of it.
    """

    def __init__(
        self,
        canvas: Canvas,
        session: Session,
        start: QPointF,
        grabbed: NodeId,
        *,
        heals: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begins to move the selection.

        Args:
            grabbed: the block under the pointer.
            heals: the blocks come out of their chains, which close behind them.
            clock: the time in seconds.
        """
        self._canvas = canvas
        self._session = session
        self._start = canvas.at(start)
        self._grabbed = grabbed
        self._chosen = session.selection, session.chosen_remarks
        self._points = locks.free_points(session, canvas.mirror.points.chosen)
        self._ids, self._remarks = locks.movable(session)
        node = session.document.node(grabbed)
        self._from = (node.x, node.y)
        self._step = (0.0, 0.0)
        self._snapper = Snapper(canvas, self._ids, held=grabbed)
        self._pos = start
        self._edge: Edge | None = None
        self._shake, self._clock = Shake(), clock
        self._loose: Loosened | None = None
        self._label = ""
        self._can_splice = self._is_loose(session.document)
        if heals:
            self._loosen(pulling.pulled_out, tr("Take out of the chain"))
        canvas.setCursor(Qt.CursorShape.SizeAllCursor)

    def _is_loose(self, document: Document) -> bool:
        """Whether what is dragged can be put into an edge."""
        is_one = len(self._ids) == 1 and not self._remarks
        return is_one and adding.can_splice(document, self._grabbed, self._session.registry)

    def _loosen(self, edit: Callable[[Document, Iterable[NodeId]], Document], label: str) -> None:
        """Lets go of the wires that join what is dragged to the rest."""
        ids = self._ids

        def loosened(document: Document) -> Document:
            refuse_locked(document, after := edit(document, ids))
            return after

        try:
            self._loose = Loosened.by(loosened, self._session.document)
        except UserError as error:
            self._session.message.emit(Message(str(error)))
        if self._loose is not None:
            self._label = label
            self._can_splice = self._is_loose(self._loose.document)

    def move(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Shows the blocks at the pointer."""
        self._pos = pos
        if self._shake.note(pos.x(), pos.y(), self._clock()) and self._loose is None:
            self._loosen(pulling.cut_off, tr("Disconnect"))
        to = self._canvas.at(pos) - self._start
        x, y = self._snapper.place(self._from[0] + to.x(), self._from[1] + to.y(), modifiers)
        self._step = (x - self._from[0], y - self._from[1])
        self._canvas.mirror.preview_move(self._ids, *self._step)
        self._canvas.mirror.remarks.preview_move(self._remarks, *self._step)
        self._canvas.mirror.preview_points(self._points, *self._step)
        gone = self._loose.gone if self._loose is not None else frozenset()
        if self._can_splice:
            edge = edge_under(self._canvas.mirror, x, y)
            self._edge = edge if edge not in gone else None
        self._canvas.highlight(Highlights(edge=self._edge, hidden=gone))
        self._canvas.update()

    def release(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Moves the blocks in the document."""
        self.cancel()
        self._canvas.highlight(NO_HIGHLIGHTS)
        if self._edge is not None:
            at = (self._from[0] + self._step[0], self._from[1] + self._step[1])
            self._session.apply(tr("Insert into wire"), partial(self._splice, self._edge, at))
        elif self._step != (0.0, 0.0) or self._loose is not None:
            label = self._label or told_move(self._session.document, *self._chosen)
            self._session.apply(label, self._moved)

    def _moved(self, document: Document) -> Document:
        if self._loose is not None:
            document = self._loose.edit(document)
        return moved_by(document, self._ids, self._step, self._remarks, self._points)

    def cancel(self) -> None:
        """Shows the blocks where they were."""
        self._canvas.mirror.end_preview()
        self._canvas.mirror.remarks.end_preview()

    def paint(self, painter: QPainter) -> None:
        """Tells where a block would be inserted, or what it is in line with."""
        self._snapper.paint(painter)
        if self._loose is not None:
            self._loose.paint(painter, self._canvas.mirror, self._canvas.theme)
        if self._edge is not None:
            paint_splice(painter, self._canvas, self._edge, self._pos)

    def _splice(self, edge: Edge, at: tuple[float, float], document: Document) -> Document:
        if self._loose is not None:
            document = self._loose.edit(document)
        return adding.splice_in(document, edge, self._grabbed, at, self._session.registry)


def paint_splice(painter: QPainter, canvas: Canvas, edge: Edge, pos: QPointF) -> None:
    """Tells where a block would be inserted: it hides the wire that is lit up."""
    nodes = canvas.mirror.document.graph.nodes
    above, below = nodes[edge.source].name, nodes[edge.target].name
    text = tr("Insert between “{above}” and “{below}”", above=above, below=below)
    paint_note(painter, canvas, canvas.theme, pos, text, canvas.theme.accent)


def edge_under(mirror: Mirror, x: float, y: float) -> Edge | None:
    """The edge that a block at this corner would be dropped into; none at a locked block."""
    edge = hits.edge_at(mirror, x + NODE_W / 2, y + NODE_H / 2, SPLICE_REACH)
    return None if edge is None or is_held(mirror.document.graph, edge) else edge


def moved_by(
    document: Document,
    ids: frozenset[NodeId],
    step: tuple[float, float],
    remarks: frozenset[RemarkId] = frozenset(),
    points: frozenset[WirePoint] = frozenset(),
) -> Document:
    """The document with blocks, frames, notes and points of wires moved by so many px."""
    nodes = document.graph.nodes
    places = {id: (nodes[id].x + step[0], nodes[id].y + step[1]) for id in ids}
    moved = edits.move(document, places)
    # those of wires between blocks that are moved have gone along
    apart = [point for point in points if not {point.edge.source, point.edge.target} <= ids]
    moved = leading.move_points(moved, apart, step)
    return remark_edits.move(moved, remarks, step)
