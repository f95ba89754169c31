"""What is written on blocks and edges, worked out when it is first seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.canvas.mirror import DOUBTED, REFUSED, Mirror
from app.human import short_count
from app.i18n import tr
from graph.block import Block
from graph.composite import INPUT, OUTPUT
from graph.infer import Typing, arguments
from graph.model import Node, NodeId, Repeat
from graph.params import Value
from graph.problems import UserError
from graph.scan import SCAN
from graph.tensor import TensorType, show_shape

WAITING = "?"


@dataclass(frozen=True, slots=True)
class BlockTexts:
    """The texts of a block; `off` says how it is switched off, if it is."""

    glyph: str
    title: str
    name: str
    summary: str
    count: str
    times: str = ""
    mode: str = ""
    off: str = ""


class Labels:
    """Texts by row of the mirror, forgotten when the document changes."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._version = -1
        self._blocks: dict[int, BlockTexts] = {}
        self._pills: dict[int, str] = {}

    def refresh(self) -> None:
        """Forgets the texts of an older document; called before each frame."""
        if self._version != self._mirror.version:
            self._version = self._mirror.version
            self._blocks.clear()
            self._pills.clear()

    def follow(self, blocks: Iterable[int], edges: Iterable[int]) -> list[int]:
        """Keeps all texts but those of these blocks; answers of which of these edges it differs.

        Edges that were not seen have none.
        """
        self._version = self._mirror.version
        for row in blocks:
            self._blocks.pop(row, None)
        known = self._pills
        differs = [row for row in edges if row in known and known.pop(row) != self.pill(row)]
        return differs

    def block(self, row: int) -> BlockTexts:
        """The texts of the block in a row."""
        found = self._blocks.get(row)
        if found is None:
            found = self._blocks[row] = block_texts(self._mirror, self._mirror.ids[row])
        return found

    def pill(self, row: int) -> str:
        """The text on the edge in a row."""
        found = self._pills.get(row)
        if found is None:
            found = self._pills[row] = pill_text(self._mirror, row)
        return found


def block_texts(mirror: Mirror, id: NodeId) -> BlockTexts:
    """What is written on a block."""
    node = mirror.document.graph.nodes[id]
    found = mirror.registry.find(node.kind)
    times, mode = repeat_texts(node)
    off = tr("muted") if node.muted else tr("bypassed") if node.bypassed else ""
    if found is None:
        reason = tr("not in this drawing") if node.definition else tr("not installed here")
        return BlockTexts(
            "?", node.definition or node.kind, node.name, reason, "", times, mode, off
        )
    kind = found.kind
    block = _block_of(mirror, node, found)
    summary = port_text(mirror, node) or (block.summary() if block else params_text(node.params))
    count = parameter_count(mirror.typing, id) if mirror.typing else 0
    counted = short_count(count) if count else ""
    owner = mirror.document.graph.nodes.get(node.shares) if node.shares else None
    if owner is not None and count:
        counted = f"= {owner.name}"
    return BlockTexts(kind.glyph, tr(kind.title), node.name, summary, counted, times, mode, off)


def _block_of(mirror: Mirror, node: Node, found: type[Block]) -> Block | None:
    """The block of a node; one that is switched off is made for its texts alone."""
    block = mirror.typing.blocks.get(node.id) if mirror.typing else None
    if block is None and (node.bypassed or node.muted):
        try:
            block = found.build(node.params, mirror.document.variables)
        except UserError:
            return None
    return block


def repeat_texts(node: Node) -> tuple[str, str]:
    """How often a block follows itself, such as `×3`, and how where that is not a plain chain."""
    if node.repeat is None:
        return "", ""
    count, mode = node.repeat.count, node.repeat.mode
    if mode == SCAN:
        return tr(mode), ""
    return f"×{count}", "" if mode == Repeat().mode else tr(mode)


def port_text(mirror: Mirror, node: Node) -> str:
    """What goes through an Input or Output of a composite that is looked at; empty for others."""
    if mirror.document.scope is None or mirror.typing is None:
        return ""
    type_ = None
    if node.kind == INPUT:
        type_ = mirror.typing.type_of(node.id, "y")
    elif node.kind == OUTPUT:
        edges = mirror.document.graph.inputs_of(node.id)
        type_ = mirror.typing.edge_type(edges[0]) if edges else None
    return f"{shape_text(type_)}  {type_.dtype}" if type_ else ""


def params_text(params: Mapping[str, Value]) -> str:
    """Parameters that could not be read, as they are in the file."""
    shown = list(params.items())[:3]
    return "  ".join(f"{name} {str(value).partition(chr(10))[0]}" for name, value in shown)


def parameter_count(typing: Typing, id: NodeId) -> int:
    """How many trainable numbers a block has; 0 while its inputs are not known."""
    if id not in typing.types:
        return 0
    block = typing.blocks[id]
    return type(block).parameters(block, *arguments(type(block), typing.input_types(id)))


def pill_text(mirror: Mirror, row: int) -> str:
    """What an edge carries: its shape without the batch, what is wrong with it, or that it waits.

    At a port that takes many edges only the last one tells what is wrong; the others their shapes.
    """
    edge = mirror.edges[row]
    type_ = mirror.typing.edge_type(edge) if mirror.typing else None
    problem = mirror.refusals.get((edge.target, edge.into))
    if problem is not None and problem.short and mirror.edge_state[row] & (REFUSED | DOUBTED):
        there = mirror.document.graph.edges_into(edge.target, edge.into)
        if edge.slot == len(there) - 1:
            return problem.short
    return shape_text(type_) if type_ is not None else WAITING


def shape_text(type_: TensorType) -> str:
    """A shape without its batch axis: `64×56×56`; `N` where there is nothing else."""
    shape = type_.shape
    batched = len(shape) > 1 and str(shape[0]) == "N"
    return show_shape(shape[1:] if batched else shape) if shape else tr("scalar")
