"""What is lit up on the canvas for a moment: under the pointer, or while wiring."""

from __future__ import annotations

from dataclasses import dataclass

from app.canvas.ports import PortRef
from graph.leading import WirePoint
from graph.model import Edge, NodeId


@dataclass(frozen=True)
class Highlights:
    """Marks that come and go with the pointer.

    Attributes:
        port: drawn larger, in accent.
        point: a point of a wire, drawn larger, in accent.
        edge: drawn in accent, such as the one a dropped block would be spliced into.
        refusing: ports that would refuse the wire being drawn, faded.
        hidden: edges not drawn, because a gesture draws them elsewhere.
        target: a block that would take what is dropped.
    """

    port: PortRef | None = None
    edge: Edge | None = None
    refusing: frozenset[PortRef] = frozenset()
    hidden: frozenset[Edge] = frozenset()
    target: NodeId | None = None
    point: WirePoint | None = None


NO_HIGHLIGHTS = Highlights()
