"""Copy and paste: a few blocks as a value, within a drawing or between two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from graph import names
from graph.edits import place, put_edges
from graph.model import Document, Edge, Node, NodeId, Wires


@dataclass(frozen=True)
class Clip:
    """Copied blocks, the edges among them, and the edges that came in from outside."""

    nodes: tuple[Node, ...]
    inner: tuple[Edge, ...]
    incoming: tuple[Edge, ...] = ()


def copy(document: Document, ids: Iterable[NodeId]) -> Clip:
    """These blocks and their edges, to be pasted here or into another document."""
    chosen = {id: document.graph.nodes[id] for id in ids if id in document.graph.nodes}
    edges = [edge for id in chosen for edge in document.graph.inputs_of(id)]
    return Clip(
        tuple(chosen.values()),
        tuple(edge for edge in edges if edge.source in chosen),
        tuple(edge for edge in edges if edge.source not in chosen),
    )


def paste(
    document: Document,
    clip: Clip,
    offset: tuple[float, float] = (24.0, 24.0),
    *,
    keep_incoming: bool = False,
) -> tuple[Document, tuple[NodeId, ...]]:
    """The document with copies of the clip's blocks, and their ids.

    With `keep_incoming`, edges from outside lead into the copies too, where their source exists.
    """
    nodes = dict(document.graph.nodes)
    free = names.Free(node.name for node in nodes.values())
    ids: dict[NodeId, NodeId] = {}
    for number, node in enumerate(clip.nodes, document.next_id):
        fresh = NodeId(f"n{number}")
        name = free.take(node.name)
        x, y = place((node.x + offset[0], node.y + offset[1]))
        ids[node.id] = fresh
        nodes[fresh] = replace(node, id=fresh, name=name, x=x, y=y)
    into = dict(document.graph.wires.into)
    arriving: dict[NodeId, list[Edge]] = {}
    for edge in clip.inner:
        moved = replace(edge, source=ids[edge.source], target=ids[edge.target])
        arriving.setdefault(moved.target, []).append(moved)
    for edge in clip.incoming if keep_incoming else ():
        if edge.source in document.graph.nodes:
            moved = replace(edge, target=ids[edge.target])
            arriving.setdefault(moved.target, []).append(moved)
    for id, edges in arriving.items():
        put_edges(into, id, edges)
    pasted = replace(
        document.with_graph(nodes, Wires(into)), next_id=document.next_id + len(clip.nodes)
    )
    return pasted, tuple(ids.values())
