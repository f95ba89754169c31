"""How blocks of each kind look: their colour and where their ports are."""

from __future__ import annotations

from app.canvas.ports import PortLayout, layout_of
from graph import edits
from graph.block import Block, Category
from graph.model import DEFINED, Document, NodeId
from graph.registry import Registry

COLOURS = list(dict.fromkeys(category.colour for category in Category))
UNKNOWN_COLOUR = len(COLOURS)


class Looks:
    """Colours and port layouts, worked out once a class where they do not depend on edges."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._colours: dict[str, int] = {}
        self._fixed: dict[type[Block], PortLayout] = {}

    def follow(self, registry: Registry) -> None:
        """Knows other definitions from now on."""
        self._registry = registry
        for kind in [kind for kind in self._colours if kind.startswith(DEFINED)]:
            del self._colours[kind]
        self._fixed.clear()

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
        block = self._registry.of(document.graph.nodes[id])
        fixed = self._fixed.get(block) if block else None
        if fixed is not None:
            return fixed
        ins, outs = edits.ports_of(document, id, self._registry)
        many = next((port.name for port in ins if port.many), None)
        taken = len(document.graph.edges_into(id, many)) if many else 0
        layout = layout_of(ins, outs, taken)
        if many is None and block and block.output_ports is Block.output_ports:
            self._fixed[block] = layout
        return layout
