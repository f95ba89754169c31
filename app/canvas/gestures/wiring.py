"""Drawing a wire from a port, or taking the end of one to another port."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from app.canvas import hits
from app.canvas.camera import Camera
from app.canvas.gestures.base import Modifiers
from app.canvas.ghosts import paint_loose_end, paint_note, paint_wire
from app.canvas.highlights import NO_HIGHLIGHTS, Highlights
from app.canvas.mirror import Mirror
from app.canvas.ports import PortRef
from app.canvas.wire_rules import WireRules, ports_at
from app.i18n import tr
from graph import edits
from graph.joining import join
from graph.model import Document, Edge, NodeId

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.canvas.gestures.editor import Editor
    from app.session import Session

MAGNET_PX = 26.0


class DrawWire:
    """A wire from the port `fixed` to the pointer.

    Near a port that takes it, it snaps there; over a block it picks a free port; on empty canvas a
    search shows what fits, or a wire that was there before is removed.
    """

    def __init__(
        self, editor: Editor, session: Session, fixed: PortRef, taken: Edge | None = None
    ) -> None:
        """Begins at a port; `taken` is the edge whose other end is taken elsewhere."""
        self._editor = editor
        self._canvas: Canvas = editor.canvas
        self._session = session
        self._fixed = fixed
        self._taken = taken
        document = session.document
        without = edits.disconnect(document, [taken]) if taken else document
        self._rules = WireRules(without, session.typing, fixed, session.registry)
        self._pos = QPointF()
        self._port: PortRef | None = None
        self._node: NodeId | None = None
        self._reason = ""
        self._is_refused = False
        self._judged: tuple[Camera, frozenset[PortRef]] | None = None

    def move(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Finds the port under the pointer, or near it."""
        self._pos = pos
        at = self._canvas.at(pos)
        mirror = self._canvas.mirror
        self._node = hits.node_at(mirror, at.x(), at.y())
        self._port, self._reason = self._find(at)
        self._is_refused = self._port is None and bool(self._reason)
        if self._port is not None:
            self._reason = self._rules.why_refused(self._port)
        self._canvas.highlight(
            Highlights(
                port=self._port,
                refusing=self._refusing(),
                hidden=frozenset([self._taken] if self._taken else []),
                target=self._node if self._port and self._node == self._port.node else None,
            )
        )

    def release(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Connects, or offers what could be connected, or removes the wire."""
        self.move(pos, modifiers)
        self._canvas.highlight(NO_HIGHLIGHTS)
        if self._port is not None:
            self._connect(self._rules.edge_to(self._port))
        elif self._is_refused:
            self._canvas.request_help.emit(self._reason)
        elif self._node is None and self._taken is not None:
            self._session.apply(tr("Delete wire"), partial(edits.disconnect, edges=[self._taken]))
        elif self._node is None:
            self._editor.search_for_wire(self._fixed, pos)

    def cancel(self) -> None:
        """Leaves the wire where it was."""

    def paint(self, painter: QPainter) -> None:
        """Draws the wire, and why it is refused."""
        here = place(self._canvas.mirror, self._fixed)
        if here is None or self._pos.isNull():
            return
        theme = self._canvas.theme
        tone = theme.accent
        if self._reason:
            tone = theme.error if self._is_refused else theme.warn
        there = place(self._canvas.mirror, self._port) if self._port else None
        end = there or self._canvas.at(self._pos)
        ends = (end, here) if self._fixed.is_input else (here, end)
        straight = self._canvas.options.straight
        paint_wire(painter, *ends, tone, is_refused=bool(self._reason), straight=straight)
        if there is None:
            paint_loose_end(painter, theme, end, tone)
        if self._reason:
            paint_note(painter, self._canvas, theme, self._pos, self._reason, tone)

    def _find(self, at: QPointF) -> tuple[PortRef | None, str]:
        """The port that takes the wire here; or None, and why the one here does not."""
        mirror, rules = self._canvas.mirror, self._rules
        exact = hits.port_at(mirror, at.x(), at.y())
        if exact == self._fixed:
            return None, ""
        if exact is not None:
            reason = rules.why_not(exact)
            if not reason:
                return exact, ""
            if exact.is_input != self._fixed.is_input:
                return None, reason
        near = self._nearest(at)
        if near is not None:
            return near, ""
        if self._node is None and exact is not None and exact.node != self._fixed.node:
            return None, self._why_not_alike()
        if self._node is None or self._node == self._fixed.node:
            return None, ""
        chosen = rules.place_in(mirror, self._node) or self._nearest(at, taken=True)
        return (chosen, "") if chosen else (None, self._why_not_node(self._node))

    def _nearest(self, at: QPointF, *, taken: bool = False) -> PortRef | None:
        """The nearest port that takes the wire, within reach of the magnet.

        Over a block it is one of its own, and a free one unless `taken` says otherwise.
        """
        mirror = self._canvas.mirror
        over = self._node if self._node != self._fixed.node else None
        reach = MAGNET_PX / self._canvas.camera.scale
        box = (at.x() - reach, at.y() - reach, at.x() + reach, at.y() + reach)
        best, nearest = None, reach
        rows = [mirror.row[over]] if over is not None else mirror.nodes_in(box).tolist()
        for row in rows:
            for port in ports_at(mirror, row):
                spot = place(mirror, port)
                if spot is None or port.is_input == self._fixed.is_input:
                    continue
                if over is not None and not taken and self._rules.is_taken(port):
                    continue
                away = math.hypot(spot.x() - at.x(), spot.y() - at.y())
                if away < nearest and not self._rules.why_not(port):
                    best, nearest = port, away
        return best

    def _why_not_alike(self) -> str:
        if self._fixed.is_input:
            return tr("Both ends are inputs; a wire leads from an output to an input.")
        return tr("Both ends are outputs; a wire leads from an output to an input.")

    def _why_not_node(self, node: NodeId) -> str:
        mirror = self._canvas.mirror
        ports = ports_at(mirror, mirror.row[node])
        fitting = [port for port in ports if port.is_input != self._fixed.is_input]
        reasons = [self._rules.why_not(port) for port in fitting]
        if reasons and all(reasons):
            return reasons[0]
        block = edits.label(self._session.document, node)
        if fitting:
            return tr("All inputs of {block} are taken.", block=block)
        if self._fixed.is_input:
            return tr("{block} has no output.", block=block)
        return tr("{block} has no input.", block=block)

    def _refusing(self) -> frozenset[PortRef]:
        """The ports in view that are no place for the wire; judged anew when the view moves."""
        canvas = self._canvas
        if self._judged is None or self._judged[0] != canvas.camera:
            rows = canvas.mirror.nodes_in(canvas.camera.seen(canvas.width(), canvas.height()))
            refusing = self._rules.refusing(canvas.mirror, rows.tolist())
            self._judged = (canvas.camera, refusing)
        return self._judged[1]

    def _connect(self, edge: Edge) -> None:
        if edge == self._taken:
            return
        label = tr("Re-route wire") if self._taken else tr("Connect")
        self._session.apply(label, partial(self._joined, edge))

    def _joined(self, edge: Edge, document: Document) -> Document:
        if self._taken is not None:
            document = edits.disconnect(document, [self._taken])
            edge = replace(edge, via=self._taken.via)
        return join(document, edge, self._session.registry)


def place(mirror: Mirror, port: PortRef) -> QPointF | None:
    """Where a port is on the canvas."""
    at = mirror.place_of(port)
    return QPointF(*at) if at else None
