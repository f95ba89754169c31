"""Collapsed blocks and frames: drawn as their titles alone, for the eye only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from graph import remark_edits
from graph.framing import contents
from graph.model import Document, Graph, NodeId
from graph.remarks import Frame, Remark, RemarkId


def set_collapsed(document: Document, ids: Iterable[NodeId], collapsed: bool) -> Document:
    """The document in which these blocks are drawn as their titles alone, or whole again."""
    nodes = dict(document.graph.nodes)
    for id in ids:
        if nodes[id].collapsed is not collapsed:
            nodes[id] = replace(nodes[id], collapsed=collapsed)
    return document.with_graph(nodes)


def set_frames_collapsed(document: Document, ids: Iterable[RemarkId], collapsed: bool) -> Document:
    """The document in which these frames hide what lies in them now, or show it where it is."""
    graph = document.graph
    turned: list[Remark] = []
    for frame in frames_of(graph, ids):
        if collapsed and not frame.is_collapsed:
            blocks, remarks = contents(graph, [frame.id])
            turned.append(replace(frame, hides=frozenset[str](blocks | remarks)))
        elif not collapsed and frame.is_collapsed:
            turned.append(replace(frame, hides=None))
    return remark_edits.put(document, turned)


def frames_of(graph: Graph, ids: Iterable[RemarkId]) -> list[Frame]:
    """The frames among these."""
    return [each for id in ids if isinstance(each := graph.remarks.get(id), Frame)]
