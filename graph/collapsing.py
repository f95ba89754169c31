"""Collapsed blocks: drawn as their titles alone, for the eye only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from graph.model import Document, NodeId


def set_collapsed(document: Document, ids: Iterable[NodeId], collapsed: bool) -> Document:
    """The document in which these blocks are drawn as their titles alone, or whole again."""
    nodes = dict(document.graph.nodes)
    for id in ids:
        if nodes[id].collapsed is not collapsed:
            nodes[id] = replace(nodes[id], collapsed=collapsed)
    return document.with_graph(nodes)
