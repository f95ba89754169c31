"""Several wires drawn at once: all of a port to another, or those of all selected blocks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from app import wire_bundles
from app.canvas import hits
from app.canvas.gestures.base import Modifiers
from app.canvas.gestures.wiring import MAGNET_PX, place
from app.canvas.ghosts import paint_loose_end, paint_note, paint_wire
from app.canvas.highlights import NO_HIGHLIGHTS, Highlights
from app.canvas.ports import PortRef
from app.canvas.wire_rules import ports_at
from app.i18n import tr_count
from graph import edits, joining
from graph.joining import Joined, Place
from graph.model import Document, Edge, NodeId

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session

MOST_DRAWN = 100


@dataclass(frozen=True)
class Bundle:
    """Wires that are drawn together.

    Attributes:
        fixed: their ends that stay.
        taken: the wires whose other ends are taken elsewhere; none where they are new.
        wants_input: whether they look for inputs.
    """

    fixed: tuple[PortRef, ...]
    wants_input: bool
    taken: tuple[Edge, ...] = ()

    def to(self, target: NodeId, port: PortRef | None, document: Document) -> Joined:
        """What becomes of them at a block, from this port of it on."""
        if self.wants_input:
            first = self._first(document, port)
            if self.taken:
                return joining.move_ends(document, self.taken, target, first)
            starts = [(fixed.node, fixed.name) for fixed in self.fixed]
            return joining.fan_in(document, starts, target, first)
        outs = edits.ports_of(document, target)[1]
        out = port.name if port is not None else next(iter(outs), "")
        if not out:
            reason = f"{edits.label(document, target)} has no output."
            return Joined(document, 0, (reason,) * len(self.fixed))
        if self.taken:
            return joining.move_starts(document, self.taken, (target, out))
        return joining.fan_out(document, (target, out), [fixed.node for fixed in self.fixed])

    def _first(self, document: Document, port: PortRef | None) -> Place | None:
        if port is None:
            return None
        ports = edits.ports_of(document, port.node)[0]
        is_many = any(each.name == port.name and each.many for each in ports)
        return Place(port.name, port.slot, is_many)


def all_of_port(document: Document, port: PortRef) -> Bundle | None:
    """All wires of a port, to be taken to another; None where it has none."""
    graph = document.graph
    if port.is_input:
        taken = graph.edges_into(port.node, port.name)
        fixed = tuple(PortRef(e.source, e.out, is_input=False) for e in taken)
    else:
        taken = tuple(e for e in graph.consumers_of(port.node) if e.out == port.name)
        fixed = tuple(PortRef(e.target, e.into, True, e.slot) for e in taken)
    return Bundle(fixed, port.is_input, taken) if taken else None


def of_selection(session: Session, canvas: Canvas, port: PortRef) -> Bundle | None:
    """Wires from all selected blocks, in their order across; None where there is only this one."""
    document, mirror = session.document, canvas.mirror
    if port.node not in session.selection or len(session.selection) < 2:
        return None
    nodes = [document.node(id) for id in session.selection]
    found = []
    for node in sorted(nodes, key=lambda node: (node.x, node.y)):
        ports = [p for p in ports_at(mirror, mirror.row[node.id]) if p.is_input == port.is_input]
        alike = [each for each in ports if each.name == port.name]
        found += (alike or ports)[-1:] if port.is_input else (alike or ports)[:1]
    return Bundle(tuple(found), not port.is_input) if len(found) > 1 else None


class DrawBundle:
    """Several wires to the pointer. Dropped on a port or a block, as many are drawn as fit.

    On empty canvas new ones are dropped, and those that were there before are removed.
    """

    def __init__(self, canvas: Canvas, session: Session, bundle: Bundle) -> None:
        self._canvas = canvas
        self._session = session
        self._bundle = bundle
        self._pos = QPointF()
        self._node: NodeId | None = None
        self._port: PortRef | None = None
        self._done: Joined | None = None
        self._judged: tuple[NodeId | None, PortRef | None] = (None, None)

    def move(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Finds the port or block under the pointer, and what would become of the wires there."""
        self._pos = pos
        at = self._canvas.at(pos)
        self._port = self._nearest(at)
        over = hits.node_at(self._canvas.mirror, at.x(), at.y())
        self._node = self._port.node if self._port is not None else over
        if (self._node, self._port) != self._judged:
            self._judged = (self._node, self._port)
            self._done = None
            if self._node is not None:
                self._done = self._bundle.to(self._node, self._port, self._session.document)
        self._canvas.highlight(
            Highlights(
                port=self._port, hidden=frozenset(self._bundle.taken),
                target=self._node if self._done is not None and self._done.drawn else None,
            )
        )  # fmt: skip
        self._canvas.update()

    def release(self, pos: QPointF, modifiers: Modifiers) -> None:
        """Draws the wires, or removes them."""
        self.move(pos, modifiers)
        self._canvas.highlight(NO_HIGHLIGHTS)
        taken = self._bundle.taken
        count = len(self._bundle.fixed)
        if self._node is not None:
            connect = tr_count(count, "Connect", "Connect {n} wires")
            label = wire_bundles.moving_label(count) if taken else connect
            wire_bundles.apply(
                self._session, label, partial(self._bundle.to, self._node, self._port)
            )
        elif taken:
            label = tr_count(count, "Delete wire", "Delete {n} wires")
            self._session.apply(label, partial(edits.disconnect, edges=taken))

    def cancel(self) -> None:
        """Leaves the wires where they were."""

    def paint(self, painter: QPainter) -> None:
        """Draws the wires, and what would become of them."""
        if self._pos.isNull():
            return
        theme, mirror = self._canvas.theme, self._canvas.mirror
        done = self._done
        is_refused = done is not None and not done.drawn
        tone = theme.error if is_refused else theme.accent
        there = place(mirror, self._port) if self._port is not None else None
        end = there or self._canvas.at(self._pos)
        straight = self._canvas.options.straight
        for port in self._bundle.fixed[:MOST_DRAWN]:
            here = place(mirror, port)
            if here is not None:
                ends = (here, end) if self._bundle.wants_input else (end, here)
                paint_wire(painter, *ends, tone, is_refused=is_refused, straight=straight)
        if there is None:
            paint_loose_end(painter, theme, end, tone)
        text = tr_count(len(self._bundle.fixed), "One wire", "{n} wires")
        if done is not None:
            tone = theme.warn if done.refused and done.drawn else tone
            text = wire_bundles.told(done)
        paint_note(painter, self._canvas, theme, self._pos, text, tone)

    def _nearest(self, at: QPointF) -> PortRef | None:
        """The nearest port of the kind that is wanted, within reach of the magnet."""
        mirror = self._canvas.mirror
        reach = MAGNET_PX / self._canvas.camera.scale
        box = (at.x() - reach, at.y() - reach, at.x() + reach, at.y() + reach)
        best, nearest = None, reach
        for row in mirror.nodes_in(box).tolist():
            for port in ports_at(mirror, row):
                spot = place(mirror, port)
                if spot is None or port.is_input != self._bundle.wants_input:
                    continue
                away = math.hypot(spot.x() - at.x(), spot.y() - at.y())
                if away < nearest:
                    best, nearest = port, away
        return best
