"""The searches that the canvas opens: to add, for a wire, into a wire, for another kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QCursor, QPainter

from app import library
from app.block_search import blocks_here
from app.canvas import added, adding, commands, offers
from app.canvas.geometry import NODE_H, NODE_W
from app.canvas.ghosts import paint_loose_end, paint_wire
from app.canvas.legs import middles
from app.canvas.likely import usual_after
from app.canvas.offers import Offer
from app.canvas.ports import PortRef
from app.canvas.ranking import Order
from app.canvas.search import BlockSearch, Choose
from app.canvas.snapping import snapped
from app.following import following
from app.i18n import tr
from graph import edits
from graph.block import Block
from graph.model import Document, Edge, NodeId
from graph.params import Value

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.session import Session

BESIDE_POINTER = QPoint(14, 10)
FIELD_AT_POINTER = QPoint(24, 22)
NO_ORDER = Order()


@dataclass(frozen=True)
class LooseWire:
    """A wire whose other end waits for a block to be chosen."""

    fixed: PortRef
    end: QPointF


class Searches:
    """Opens one search at a time, and draws the wire that it is for.

    Attributes:
        used: the kinds that were used last in any drawing, the newest first.
    """

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._open: BlockSearch | None = None
        self._wire: LooseWire | None = None
        self.used: Callable[[], Sequence[str]] = tuple

    def to_add(self, session: Session, pos: QPointF | None) -> None:
        """For a block at a place of the widget; without one after the selected block or wire."""
        edges = self._canvas.mirror.chosen_edges
        if pos is None and not session.selection and len(edges) == 1:
            (edge,) = edges
            if commands.may_rewire(session, edge.source, edge.target):
                self.to_insert(session, edge, self._middle_of(edge))
            return
        document, blocks = session.document, _offered(session)
        chosen = next(iter(session.selection)) if len(session.selection) == 1 else None
        if pos is None and chosen is not None:
            outs = edits.ports_of(document, chosen, session.registry)[1]
            type_ = session.typing.type_of(chosen, outs[0]) if outs else None
            taking = offers.offers_taking(blocks, type_, document.variables)
            others = [Offer(block) for block in blocks if not block.inputs]
            found = sorted([*taking, *others], key=lambda offer: bool(offer.reason))
            name = document.node(chosen).name
            goes_on = adding.only_wire_from(document, chosen, session.registry) is not None
            hint = (
                tr("Insert after “{name}”", name=name)
                if goes_on
                else (tr("Add after “{name}”", name=name))
            )
            add = partial(commands.add_block, self._canvas, session)
            branch = partial(add, branches=True) if goes_on else None
            node = document.node(chosen)
            below = self._canvas.camera.to_view(node.x + NODE_W / 2, node.y + NODE_H)
            at = QPoint(*map(round, below)) + BESIDE_POINTER
            usual = usual_after(node.kind, type_, following().after.get(node.kind, ()))
            self._show(session, found, add, at, hint, Order(usual=usual), branch)
            return
        place = pos if pos is not None else self._pointer()
        self._show(
            session, offers.offers_of(blocks), partial(self._add_at, session, place),
            place.toPoint() - FIELD_AT_POINTER, tr("Add a block, such as conv 64 3x3"),
        )  # fmt: skip

    def for_wire(self, session: Session, fixed: PortRef, pos: QPointF) -> None:
        """For the loose end of a wire that was dropped at a place of the widget."""
        blocks = _offered(session)
        end = session.document.node(fixed.node).kind
        if fixed.is_input:
            into = session.typing.blocks.get(fixed.node)
            found = offers.offers_giving(blocks, into, fixed.name)
            meant = offers.meant_for(into, fixed.name)
            order = Order(meant, following().before.get(end, ()))
            hint = tr("What feeds this input")
        else:
            type_ = session.typing.type_of(fixed.node, fixed.name)
            found = offers.offers_taking(blocks, type_, session.document.variables)
            order = Order(usual=usual_after(end, type_, following().after.get(end, ())))
            hint = tr("What this output feeds")
        wire = LooseWire(fixed, self._canvas.at(pos))
        add = partial(self._add_at_wire, session, wire)
        self._show(session, found, add, pos.toPoint() + BESIDE_POINTER, hint, order)
        self._wire = wire
        self._canvas.update()

    def to_insert(self, session: Session, edge: Edge, pos: QPointF) -> None:
        """For a block to put into a wire."""
        inner = filter(adding.can_stand_in_wire, _offered(session))
        found = offers.offers_taking(
            inner, session.typing.edge_type(edge), session.document.variables
        )

        def insert(kind: str, values: Mapping[str, Value]) -> None:
            _add(session, kind, values, adding.insert_into, edge=edge, registry=session.registry)

        at = pos.toPoint() - FIELD_AT_POINTER
        usual = following().after.get(session.document.node(edge.source).kind, ())
        self._show(session, found, insert, at, tr("Insert into this wire"), Order(usual=usual))

    def to_replace(self, session: Session, node: NodeId, pos: QPointF) -> None:
        """For a kind that a block is turned into."""
        document = session.document
        old = session.registry.find(document.node(node).kind)
        blocks = [block for block in blocks_here(session) if block is not old]
        edges = document.graph.inputs_of(node)
        if edges:
            type_ = session.typing.edge_type(edges[0])
            found = offers.offers_taking(blocks, type_, document.variables)
        else:
            found = offers.offers_of(blocks)
        name = document.node(node).name
        put = partial(commands.replace_kind, session, node)
        at = pos.toPoint() - FIELD_AT_POINTER
        self._show(session, found, put, at, tr("Replace “{name}” by", name=name))

    def close(self) -> None:
        """Closes what is open."""
        if self._open is not None:
            self._open.close_search()

    def paint(self, painter: QPainter) -> None:
        """Draws the wire that a search is for."""
        if self._wire is None:
            return
        here = self._canvas.mirror.place_of(self._wire.fixed)
        if here is None:
            return
        theme, end = self._canvas.theme, self._wire.end
        ends = (end, QPointF(*here)) if self._wire.fixed.is_input else (QPointF(*here), end)
        straight = self._canvas.options.straight
        paint_wire(painter, *ends, theme.accent, is_refused=False, straight=straight)
        paint_loose_end(painter, theme, end, theme.accent)

    def _show(
        self,
        session: Session,
        found: list[Offer],
        choose: Choose,
        at: QPoint,
        hint: str,
        order: Order = NO_ORDER,
        branch: Choose | None = None,
    ) -> None:
        self.close()
        self._canvas.cancel_gesture()
        here = offers.recent_kinds(
            session.history.steps[0].document, session.document, session.registry
        )
        recent = list(dict.fromkeys([*here, *self.used()]))
        search = BlockSearch(
            found, replace(order, recent=recent), choose, self._canvas.theme, self._canvas,
            hint=hint, variables=session.document.variables, branch=branch,
        )  # fmt: skip
        search.closed.connect(self._forget)
        self._open = search
        search.open_at(at)

    def _forget(self) -> None:
        self._open = None
        self._wire = None
        self._canvas.update()

    def _middle_of(self, edge: Edge) -> QPointF:
        mirror = self._canvas.mirror
        ((x, y),) = middles(mirror, np.array([mirror.edges.index(edge)])).tolist()
        return QPointF(*self._canvas.camera.to_view(x, y))

    def _pointer(self) -> QPointF:
        """Where the pointer is, or the middle of the view where it is elsewhere."""
        pos = self._canvas.mapFromGlobal(QCursor.pos())
        inside = self._canvas.underMouse() and self._canvas.rect().contains(pos)
        return QPointF(pos if inside else self._canvas.rect().center())

    def _add_at(
        self, session: Session, pos: QPointF, kind: str, values: Mapping[str, Value]
    ) -> None:
        at = self._canvas.at(pos)
        place = snapped(self._canvas.mirror, at.x() - NODE_W / 2, at.y() - NODE_H / 2)
        _add(session, kind, values, adding.add_at, at=place)

    def _add_at_wire(
        self, session: Session, wire: LooseWire, kind: str, values: Mapping[str, Value]
    ) -> None:
        y = wire.end.y() - (NODE_H if wire.fixed.is_input else 0)
        place = snapped(self._canvas.mirror, wire.end.x() - NODE_W / 2, y)
        _add(
            session, kind, values, adding.add_at_wire, at=place, fixed=wire.fixed,
            registry=session.registry,
        )  # fmt: skip


def _offered(session: Session) -> list[type[Block]]:
    """The blocks that can be added here, those of the library last."""
    return [*blocks_here(session), *library.blocks()]


def _add(
    session: Session,
    kind: str,
    values: Mapping[str, Value],
    edit: Callable[..., Document],
    **how: object,
) -> None:
    """Adds a block of a kind, with the definition that it needs where it is of the library."""
    kind, prepare = added.resolved(session, kind)
    if kind:
        added.add(session, kind, partial(edit, kind=kind, **how), prepare, values)
