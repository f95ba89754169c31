"""How blocks of each kind look: their colour and where their ports are."""

from __future__ import annotations

from app.canvas.folds import Folds
from app.canvas.ports import PortLayout, layout_of
from graph import edits
from graph.block import Block, Category
from graph.model import DEFINED, Document, NodeId
from graph.registry import Registry

COLOURS = list(dict.fromkeys(category.colour for category in Category))
UNKNOWN_COLOUR = len(COLOURS)


class Looks:
    """Colours and port layouts, worked out once for all blocks of a class with as many edges."""

    def __init__(self, registry: Registry, folds: Folds) -> None:
        self._registry = registry
        self._folds = folds
        self._colours: dict[str, int] = {}
        self._fixed: dict[tuple[type[Block], int, bool], PortLayout] = {}
        self._many: dict[type[Block], str] = {}

    def follow(self, registry: Registry) -> None:
        """Knows other definitions from now on."""
        self._registry = registry
        for kind in [kind for kind in self._colours if kind.startswith(DEFINED)]:
            del self._colours[kind]
        self._fixed.clear()
        self._many.clear()

    def colour_of(self, kind: str) -> int:
        """The category's place in `COLOURS`; `UNKNOWN_COLOUR` where the kind is not known."""
        found = self._colours.get(kind)
        if found is None:
            block = self._registry.find(kind)
            found = COLOURS.index(block.kind.category.colour) if block else UNKNOWN_COLOUR
            self._colours[kind] = found
        return found

    def layout_of(self, document: Document, id: NodeId) -> PortLayout:
        """The spots of a block's ports, as its kind and its edges ask for them."""
        at_bar = self._folds.layout_of(id) if self._folds.bar else None
        if at_bar is not None:
            return at_bar
        node = document.graph.nodes[id]
        block = self._registry.of(node)
        if block is None or block.output_ports is not Block.output_ports:
            return self._lay_out(document, id)
        if block not in self._many:
            self._many[block] = next((port.name for port in block.inputs if port.many), "")
        many = self._many[block]
        taken = len(document.graph.edges_into(id, many)) if many else 0
        key = (block, taken, node.collapsed)
        found = self._fixed.get(key)
        if found is None:
            found = self._fixed[key] = self._lay_out(document, id)
        return found

    def _lay_out(self, document: Document, id: NodeId) -> PortLayout:
        ins, outs = edits.ports_of(document, id, self._registry)
        many = next((port.name for port in ins if port.many), None)
        taken = len(document.graph.edges_into(id, many)) if many else 0
        collapsed = document.graph.nodes[id].collapsed
        return layout_of(ins, outs, taken, collapsed=collapsed)
