"""Which modules are frozen: from the blocks of a drawing to names in its model, and back."""

from __future__ import annotations

from collections.abc import Mapping

from backends.pytorch.paths import Paths
from graph.freezing import with_frozen
from graph.model import Document, Node, NodeId

BETWEEN = ", "


def frozen_modules(paths: Paths, document: Document) -> str:
    """The modules of a model whose blocks are frozen in a drawing, as the recipe names them."""
    nodes = _nodes(document)
    found = [
        name for name, place in paths.modules() if place.node in nodes and nodes[place.node].frozen
    ]
    return BETWEEN.join(dict.fromkeys(found))


def as_frozen(paths: Paths, document: Document, modules: str) -> Document:
    """The drawing in which the blocks of these modules are frozen, and no others."""
    named = set(modules.split(BETWEEN))
    nodes = _nodes(document)
    flags = {place.node: name in named for name, place in paths.modules() if place.node in nodes}
    return with_frozen(document, flags)


def _nodes(document: Document) -> Mapping[NodeId, Node]:
    """The blocks of the whole drawing; no two have the same id."""
    return {id: node for graph in document.graphs() for id, node in graph.nodes.items()}
