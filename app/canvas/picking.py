"""What the Select menu does: from the selected blocks to others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from typing import TYPE_CHECKING

from graph import order, picking
from graph.locking import free_of
from graph.model import Graph, NodeId

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas

Pick = Callable[[Graph, Iterable[NodeId]], Set[NodeId]]


def upstream(canvas: Canvas) -> None:
    """Adds everything that flows into the selection."""
    _pick(canvas, order.upstream)


def downstream(canvas: Canvas) -> None:
    """Adds everything that the selection flows into."""
    _pick(canvas, order.downstream)


def connected(canvas: Canvas) -> None:
    """Adds everything that wires join to the selection."""
    _pick(canvas, picking.connected)


def similar(canvas: Canvas) -> None:
    """Adds the blocks of the same kinds."""
    _pick(canvas, picking.similar)


def invert(canvas: Canvas) -> None:
    """Selects the free blocks that are not selected, and no others."""
    _pick(canvas, lambda graph, chosen: free_of(graph, graph.nodes)[0] - frozenset(chosen))


def nothing(canvas: Canvas) -> None:
    """Selects nothing."""
    canvas.editor.clear_selection()


def _pick(canvas: Canvas, pick: Pick) -> None:
    session = canvas.session
    if session is not None:
        canvas.editor.choose(frozenset(pick(session.document.graph, session.selection)))
