"""All wires of a port taken to another by typing: a searchable list of ports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from app import wire_bundles
from app.command_palette import CommandPalette
from app.i18n import tr, tr_count
from app.messages import Message
from app.session import Session
from graph import edits, joining
from graph.joining import Joined, Place
from graph.kinds import kinds_of
from graph.model import Document, Edge, NodeId
from graph.order import downstream, upstream

if TYPE_CHECKING:
    from app.window import Window

MOST_JUDGED = 50
"""So many wires of one port tell where all of them would close a circle."""
MOST_BLOCKS = 1000
"""Beyond this many, the blocks that are nearest are offered."""


@dataclass(frozen=True)
class Move:
    """All wires of a port, and a port of another block that they can go to."""

    edges: tuple[Edge, ...]
    port: str
    target: NodeId
    other: str
    is_input: bool
    is_many: bool = False

    def __call__(self, document: Document) -> Joined:
        """What becomes of them."""
        if not self.is_input:
            return joining.move_starts(document, self.edges, (self.target, self.other))
        last = len(document.graph.edges_into(self.target, self.other))
        place = Place(self.other, last if self.is_many else 0, self.is_many)
        return joining.move_ends(document, self.edges, self.target, place)


def has_wires(window: Window) -> bool:
    """Whether one block is selected, and it has wires."""
    graph = window.session.document.graph
    if len(window.session.selection) != 1:
        return False
    (id,) = window.session.selection
    return bool(graph.inputs_of(id) or graph.consumers_of(id))


def move_wires(window: Window) -> None:
    """Offers the ports that all wires of a port of the selected block can be taken to."""
    session = window.session
    (id,) = session.selection
    name = session.document.node(id).name
    actions = []
    for move in moves(session.document, id):
        action = QAction(text_of(session.document, move))
        action.triggered.connect(partial(_do, session, move))
        actions.append(action)
    if not actions:
        text = tr("There is no block that the wires of “{name}” can go to.", name=name)
        window.tell(Message(text))
        return
    palette = CommandPalette(actions, window.theme, window)
    palette.field.setPlaceholderText(tr("Move the wires of {name}: type a port", name=name))
    palette.field.setAccessibleName(palette.field.placeholderText())
    palette.show()


def _do(session: Session, move: Move, _checked: bool = False) -> None:
    wire_bundles.apply(session, wire_bundles.moving_label(len(move.edges)), move)


def moves(document: Document, id: NodeId) -> list[Move]:
    """The ports that the wires of each port of a block can go to, near blocks first."""
    nodes = document.graph.nodes
    here = nodes[id]
    others = [node for node in nodes.values() if node.id != id]
    others.sort(key=lambda node: abs(node.x - here.x) + abs(node.y - here.y))
    near = [node.id for node in others[:MOST_BLOCKS]]
    return [*_starts(document, id, near), *_ends(document, id, near)]


def _starts(document: Document, id: NodeId, near: list[NodeId]) -> Iterator[Move]:
    kinds = kinds_of(document)
    by_port: dict[str, list[Edge]] = {}
    for edge in document.graph.consumers_of(id):
        by_port.setdefault(edge.out, []).append(edge)
    for port, edges in by_port.items():
        without = edits.disconnect(document, edges).graph
        fed = _in_common(downstream(without, [edge.target]) for edge in edges[:MOST_JUDGED])
        for other in near:
            if other in fed:
                continue
            for out in edits.ports_of(document, other, kinds)[1]:
                yield Move(tuple(edges), port, other, out, is_input=False)


def _ends(document: Document, id: NodeId, near: list[NodeId]) -> Iterator[Move]:
    kinds = kinds_of(document)
    by_port: dict[str, list[Edge]] = {}
    for edge in document.graph.inputs_of(id):
        by_port.setdefault(edge.into, []).append(edge)
    for port, edges in by_port.items():
        feeding = _in_common(
            upstream(document.graph, [edge.source]) for edge in edges[:MOST_JUDGED]
        )
        for other in near:
            if other in feeding:
                continue
            for into in edits.ports_of(document, other, kinds)[0]:
                yield Move(tuple(edges), port, other, into.name, True, into.many)


def _in_common(sets: Iterable[set[NodeId]]) -> set[NodeId]:
    """The blocks to which every wire would close a circle."""
    return set.intersection(*sets)


def text_of(document: Document, move: Move) -> str:
    """A move as it is read and found: `y (3 wires) to relu1.y`."""
    wires = tr_count(len(move.edges), "one wire", "{n} wires")
    name = document.graph.nodes[move.target].name
    return tr("{port} ({wires}) to {name}.{other}", port=move.port, wires=wires, name=name,
              other=move.other)  # fmt: skip
