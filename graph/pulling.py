"""Edits that loosen blocks from what is around them, without removing or moving any."""

from __future__ import annotations

from collections.abc import Iterable

from graph import edits
from graph.model import Document, Edge, NodeId


def pulled_out(document: Document, ids: Iterable[NodeId]) -> Document:
    """The document with blocks out of their chains, which close over the gap they leave.

    Wires among these blocks stay; those that led through them go on as if they were removed.
    """
    chosen = set(ids) & document.graph.nodes.keys()
    rest = edits.remove(document, chosen, heal=True)
    into = dict(rest.graph.wires.into)
    for id in chosen:
        inner = [edge for edge in document.graph.inputs_of(id) if edge.source in chosen]
        edits.put_edges(into, id, inner)
    touched = {edge.target for id in chosen for edge in document.graph.consumers_of(id)}
    wires = document.graph.wires.changed(into, touched | chosen)
    return document.with_graph(document.graph.nodes, wires)


def cut_off(document: Document, ids: Iterable[NodeId]) -> Document:
    """The document without the wires that join these blocks to others."""
    return edits.disconnect(document, outer_wires(document, ids))


def outer_wires(document: Document, ids: Iterable[NodeId]) -> set[Edge]:
    """The wires that join these blocks to others."""
    chosen, graph = set(ids), document.graph
    into = {e for id in chosen for e in graph.inputs_of(id) if e.source not in chosen}
    return into | {e for id in chosen for e in graph.consumers_of(id) if e.target not in chosen}
