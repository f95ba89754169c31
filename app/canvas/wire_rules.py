"""Which ports a wire under way can be joined to, and why not the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from app.canvas.mirror import Mirror
from app.canvas.ports import PortRef
from app.i18n import tr
from graph import edits
from graph.infer import Typing, arguments
from graph.locking import REWIRED, why_held
from graph.model import Document, Edge, NodeId
from graph.order import downstream, upstream
from graph.problems import Refusal
from graph.registry import Registry
from graph.tensor import TensorType

MOST_BLOCKS_JUDGED = 600
MOST_PORTS_JUDGED = 60
"""The ports of a block that has more stand too close to be told apart."""


@dataclass(frozen=True)
class WireRules:
    """The rules for a wire of which one end, `fixed`, stays where it is.

    Attributes:
        document: the drawing without the wire, if it is one that is being taken elsewhere.
        typing: the types, which may be those from before it was taken.
    """

    document: Document
    typing: Typing
    fixed: PortRef
    registry: Registry

    def edge_to(self, port: PortRef) -> Edge:
        """The edge that joins the fixed end with this port."""
        start, end = (port, self.fixed) if self.fixed.is_input else (self.fixed, port)
        return Edge(start.node, start.name, end.node, end.name, end.slot)

    def why_not(self, port: PortRef) -> str:
        """Why a wire cannot end here at all; empty where it can."""
        if port.is_input == self.fixed.is_input:
            return tr("A wire leads from an output to an input.")
        if self.document.graph.nodes[port.node].locked:
            return why_held(self.document, port.node, REWIRED)
        if port.node == self.fixed.node or port.node in self._behind:
            edge = self.edge_to(port)
            return edits.why_not_connect(
                self.document, edge.source, edge.out, edge.target, edge.into, self.registry
            )
        return ""

    def why_refused(self, port: PortRef) -> str:
        """Why the block would refuse the type of what flows along such a wire.

        The wire can be drawn nevertheless: the problem that follows may offer a way to mend it.
        """
        edge = self.edge_to(port)
        type_ = self.typing.type_of(edge.source, edge.out)
        block = self.typing.blocks.get(edge.target)
        if type_ is None or block is None:
            return ""
        inputs = dict(self.typing.input_types(edge.target))
        declared = next((p for p in block.inputs if p.name == edge.into), None)
        if declared is None:
            return ""
        inputs[edge.into] = self._with(edge, type_) if declared.many else type_
        if any(not p.optional and p.name not in inputs for p in block.inputs):
            return ""
        try:
            block.output_types(*arguments(type(block), inputs))
        except Refusal as refusal:
            if refusal.port not in (None, edge.into):
                return ""
            text = refusal.text.rstrip(".")
            return f"{edits.label(self.document, edge.target)} {text}."
        return ""

    def why_faded(self, port: PortRef) -> str:
        """Why a port is no place for the wire, in whatever way; empty where it is one."""
        return self.why_not(port) or self.why_refused(port)

    def refusing(self, mirror: Mirror, rows: list[int]) -> frozenset[PortRef]:
        """The ports of these blocks that are no place for the wire; none where they are too many.

        So many blocks are in view only from so far away that no port is drawn.
        """
        if len(rows) > MOST_BLOCKS_JUDGED:
            return frozenset()
        return frozenset(
            port
            for row in rows
            if len(mirror.layouts[row].spots) <= MOST_PORTS_JUDGED
            for port in ports_at(mirror, row)
            if port != self.fixed and self.why_faded(port)
        )

    def place_in(self, mirror: Mirror, node: NodeId) -> PortRef | None:
        """The port of a block that takes the wire: the first free one, best one that fits."""
        open_ports = [
            port
            for port in ports_at(mirror, mirror.row[node])
            if not self.is_taken(port) and not self.why_not(port)
        ]
        return next(
            (p for p in open_ports if not self.why_refused(p)), next(iter(open_ports), None)
        )

    def is_taken(self, port: PortRef) -> bool:
        """Whether a wire leads into this port already."""
        if port.node not in self._taken:
            edges = self.document.graph.inputs_of(port.node)
            self._taken[port.node] = frozenset((edge.into, edge.slot) for edge in edges)
        return port.is_input and (port.name, port.slot) in self._taken[port.node]

    @cached_property
    def _taken(self) -> dict[NodeId, frozenset[tuple[str, int]]]:
        """The inputs, and the slots of many ports, that have a wire, of the blocks looked at."""
        return {}

    @cached_property
    def _behind(self) -> set[NodeId]:
        """The blocks to which a wire would close a circle."""
        walk = downstream if self.fixed.is_input else upstream
        return walk(self.document.graph, [self.fixed.node])

    def _with(self, edge: Edge, type_: TensorType) -> list[TensorType]:
        """What flows into a many port, this wire included, which moves others on."""
        there = self.document.graph.edges_into(edge.target, edge.into)
        types = [self.typing.type_of(e.source, e.out) for e in there]
        types.insert(edge.slot, type_)
        return [known for known in types if known is not None]


def ports_at(mirror: Mirror, row: int) -> list[PortRef]:
    """The ports of a block, inputs first."""
    node = mirror.ids[row]
    return [PortRef(node, s.name, s.is_input, s.slot) for s in mirror.layouts[row].spots]
