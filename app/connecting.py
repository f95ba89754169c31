"""Wires drawn by typing: the ports that a selected block can be joined to, in a searchable list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from app.canvas.labels import shape_text
from app.canvas.ports import PortRef
from app.canvas.wire_rules import WireRules
from app.command_palette import BESIDE, CommandPalette
from app.i18n import tr
from app.messages import Message
from app.session import Session
from graph import edits
from graph.kinds import kinds_of
from graph.model import NO_EDGES, Document, Node, NodeId
from graph.order import downstream, upstream
from graph.registry import Registry

if TYPE_CHECKING:
    from app.window import Window

MOST_BLOCKS = 1000
"""Beyond this many, the blocks that are nearest are offered."""
MOST_JUDGED = 200
"""Of so many, the nearest, it is told whether they would refuse what they get."""


@dataclass(frozen=True)
class Offer:
    """A wire that can be drawn.

    Attributes:
        replaces: the block whose wire makes way; empty where none does.
    """

    source: NodeId
    out: str
    target: NodeId
    into: str
    replaces: str = ""


def offers(document: Document, id: NodeId, registry: Registry) -> list[Offer]:
    """The wires from and to a block that close no circle: free ports first, near blocks first."""
    graph = document.graph
    kinds = kinds_of(document, registry)
    ins, outs = edits.ports_of(document, id, kinds)
    before, after = upstream(graph, [id]), downstream(graph, [id])
    found: list[Offer] = []
    for node in _nearest(document, id):
        if outs and node.id not in before:
            found += _into(document, id, outs, node.id, kinds)
        if ins and node.id not in after:
            for out in edits.ports_of(document, node.id, kinds)[1]:
                found += _at_ports(document, (node.id, out), id, kinds)
    return sorted(found, key=lambda offer: bool(offer.replaces))


def _nearest(document: Document, id: NodeId) -> list[Node]:
    nodes = document.graph.nodes
    here = nodes[id]

    def distance(node: Node) -> float:
        return abs(node.x - here.x) + abs(node.y - here.y)

    return sorted((n for n in nodes.values() if n.id != id), key=distance)[:MOST_BLOCKS]


def _into(
    document: Document, id: NodeId, outs: Iterable[str], target: NodeId, kinds: Registry
) -> Iterator[Offer]:
    for out in outs:
        yield from _at_ports(document, (id, out), target, kinds)


def _at_ports(
    document: Document, source: tuple[NodeId, str], target: NodeId, kinds: Registry
) -> Iterator[Offer]:
    graph = document.graph
    for port in edits.ports_of(document, target, kinds)[0]:
        there = graph.edges_into(target, port.name)
        if any((edge.source, edge.out) == source for edge in there):
            continue
        in_the_way = NO_EDGES if port.many else there
        names = [graph.nodes[e.source].name for e in in_the_way if e.source in graph.nodes]
        yield Offer(*source, target, port.name, "".join(names[:1]))


def judged(session: Session, found: Iterable[Offer]) -> list[tuple[Offer, str]]:
    """The offers, those first of which the types fit, each with the shape that it would carry.

    A shape that is refused is written behind `≠`.
    """
    sorted_by_fit: tuple[list[tuple[Offer, str]], ...] = ([], [], [])
    for number, offer in enumerate(found):
        type_ = session.typing.type_of(offer.source, offer.out)
        shape = shape_text(type_) if type_ else ""
        refused = number < MOST_JUDGED and bool(_why_refused(session, offer))
        place = 1 if refused else 2 if offer.replaces else 0
        sorted_by_fit[place].append((offer, f"≠ {shape}" if refused else shape))
    fitting, refused_ones, replacing = sorted_by_fit
    return [*fitting, *replacing, *refused_ones]


def _why_refused(session: Session, offer: Offer) -> str:
    document = session.document
    fixed = PortRef(offer.source, offer.out, False)
    rules = WireRules(document, session.typing, fixed, session.registry)
    slot = 0 if offer.replaces else len(document.graph.edges_into(offer.target, offer.into))
    return rules.why_refused(PortRef(offer.target, offer.into, True, slot))


def text_of(document: Document, id: NodeId, offer: Offer) -> str:
    """An offer as it is read and found: `y to relu1.x`."""
    nodes = document.graph.nodes
    if offer.source == id:
        text = tr("{out} to {name}.{into}", out=offer.out, name=nodes[offer.target].name,
                  into=offer.into)  # fmt: skip
    else:
        text = tr("{into} from {name}.{out}", out=offer.out, name=nodes[offer.source].name,
                  into=offer.into)  # fmt: skip
    if offer.replaces:
        text += "   " + tr("(instead of {name})", name=offer.replaces)
    return text


def connect_by_typing(window: Window) -> None:
    """Offers the ports that the selected block can be wired to; of two blocks, wires them."""
    session = window.session
    if len(session.selection) != 1:
        window.canvas.connect_selected()
        return
    (id,) = session.selection
    document = session.document
    name = document.node(id).name
    actions = []
    for offer, shape in judged(session, offers(document, id, session.registry)):
        action = QAction(text_of(document, id, offer))
        action.setProperty(BESIDE, shape)
        action.triggered.connect(partial(_connect, session, offer))
        actions.append(action)
    if not actions:
        window.tell(Message(tr("There is no block that “{name}” can be wired to.", name=name)))
        return
    palette = CommandPalette(actions, window.theme, window)
    palette.field.setPlaceholderText(tr("Connect {name}: type a block or a port", name=name))
    palette.field.setAccessibleName(palette.field.placeholderText())
    palette.show()


def _connect(session: Session, offer: Offer, _checked: bool = False) -> None:
    edit = partial(
        edits.connect, source=offer.source, out=offer.out, target=offer.target, into=offer.into,
        registry=session.registry,
    )  # fmt: skip
    session.apply(tr("Connect"), edit)
