"""Wires drawn between others, all of a port taken to another, and those of many blocks at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from graph import edits
from graph.kinds import kinds_of
from graph.leading import Via
from graph.model import Document, Edge, Endpoint, NodeId
from graph.order import downstream, upstream
from graph.registry import Registry


@dataclass(frozen=True)
class Joined:
    """What became of several wires.

    Attributes:
        document: the drawing with those that could be drawn.
        drawn: how many these are.
        refused: why each of the others was not, as sentences.
    """

    document: Document
    drawn: int
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """An input port, and of a many port the slot before whose wire others are put."""

    port: str
    slot: int = 0
    is_many: bool = False


def join(document: Document, edge: Edge, registry: Registry | None = None) -> Document:
    """The document with this edge.

    On a single port the wire there makes way. In a many port none is lost: the wire at its slot
    and those behind it move on by one.

    Raises:
        UserError: the ports cannot be wired.
    """
    ends = edge.source, edge.out, edge.target, edge.into
    made = edits.connect(document, *ends, registry=registry)
    there = list(made.graph.edges_into(edge.target, edge.into))
    last = replace(there.pop(), via=edge.via)
    there.insert(edge.slot, last)
    others = [e for e in made.graph.inputs_of(edge.target) if e.into != edge.into]
    ordered = [replace(e, slot=slot) for slot, e in enumerate(there)]
    into = dict(made.graph.wires.into)
    edits.put_edges(into, edge.target, [*others, *ordered])
    return made.with_graph(wires=made.graph.wires.changed(into, [edge.target]))


def move_starts(
    document: Document, edges: Sequence[Edge], start: Endpoint, registry: Registry | None = None
) -> Joined:
    """Has these wires begin at another output; those that would close a circle stay."""
    source, out = start
    behind = upstream(edits.disconnect(document, edges).graph, [source])
    moved: dict[Edge, Edge] = {}
    refused = []
    for edge in edges:
        reason = _why_not(document, start, edge.target) if edge.target in behind else ""
        if reason:
            refused.append(reason)
        else:
            moved[edge] = replace(edge, source=source, out=out)
    into = dict(document.graph.wires.into)
    targets = {edge.target for edge in moved}
    for id in targets:
        edits.put_edges(into, id, [moved.get(edge, edge) for edge in into[id]])
    wires = document.graph.wires.changed(into, targets)
    return Joined(document.with_graph(wires=wires), len(moved), tuple(refused))


def move_ends(
    document: Document,
    edges: Sequence[Edge],
    target: NodeId,
    first: Place | None = None,
    registry: Registry | None = None,
) -> Joined:
    """Has these wires lead into another block; those that find no port there stay."""
    without = edits.disconnect(document, edges)
    led = _led(without, [(e.source, e.out) for e in edges], target, first, registry)
    gone = [edge for edge, place in zip(edges, led.places, strict=True) if place is not None]
    left = edits.disconnect(document, gone)
    return led.drawn_in(left, target, [edge.via for edge in edges])


def fan_in(
    document: Document,
    starts: Sequence[Endpoint],
    target: NodeId,
    first: Place | None = None,
    registry: Registry | None = None,
) -> Joined:
    """Wires several outputs to one block: to its free inputs in order, many to a many port.

    Args:
        first: the input that the first of them goes to, in place of what is there.
    """
    led = _led(document, starts, target, first, registry)
    return led.drawn_in(document, target, [() for _ in starts])


def fan_out(
    document: Document,
    start: Endpoint,
    targets: Iterable[NodeId],
    registry: Registry | None = None,
) -> Joined:
    """Wires one output to several blocks, to the first free input of each."""
    drawn = 0
    refused: list[str] = []
    for target in targets:
        done = fan_in(document, [start], target, None, registry)
        document, drawn = done.document, drawn + done.drawn
        refused += done.refused
    return Joined(document, drawn, tuple(refused))


@dataclass(frozen=True)
class _Led:
    """Where wires from these outputs would end; None for those that are refused."""

    starts: Sequence[Endpoint]
    places: Sequence[Place | None]
    refused: Sequence[str]

    def drawn_in(self, document: Document, target: NodeId, vias: Sequence[Via]) -> Joined:
        """The document with these wires into a block, led through these points."""
        lists: dict[str, list[Edge]] = {}
        for edge in document.graph.inputs_of(target):
            lists.setdefault(edge.into, []).append(edge)
        drawn = 0
        for (source, out), place, via in zip(self.starts, self.places, vias, strict=True):
            if place is None:
                continue
            edge = Edge(source, out, target, place.port, place.slot, via=via)
            there = lists.setdefault(place.port, [])
            there[place.slot : place.slot + (not place.is_many)] = [edge]
            drawn += 1
        into = dict(document.graph.wires.into)
        ordered = [replace(e, slot=k) for there in lists.values() for k, e in enumerate(there)]
        edits.put_edges(into, target, ordered)
        wires = document.graph.wires.changed(into, [target])
        return Joined(document.with_graph(wires=wires), drawn, tuple(self.refused))


def _led(
    document: Document,
    starts: Sequence[Endpoint],
    target: NodeId,
    first: Place | None,
    registry: Registry | None,
) -> _Led:
    kinds = kinds_of(document, registry)
    after = downstream(document.graph, [target])
    free = _free_places(document, target, first, kinds)
    places: list[Place | None] = []
    refused = []
    for start in starts:
        reason = _why_not(document, start, target) if start[0] in after else ""
        place = None if reason else next(free, None)
        places.append(place)
        if place is None:
            refused.append(reason or _no_place(document, target, kinds))
    return _Led(starts, places, refused)


def _free_places(
    document: Document, target: NodeId, first: Place | None, kinds: Registry
) -> Iterator[Place]:
    """Where wires into a block can end, one after the other."""
    ports = edits.ports_of(document, target, kinds)[0]
    names = [port.name for port in ports]
    begins = names.index(first.port) if first is not None and first.port in names else 0
    for port in ports[begins:]:
        there = len(document.graph.edges_into(target, port.name))
        is_first = first is not None and port.name == first.port
        if port.many:
            slot = min(first.slot, there) if is_first and first is not None else there
            yield from (Place(port.name, at, is_many=True) for at in count(slot))
        elif is_first or not there:
            yield Place(port.name, 0)


def _why_not(document: Document, start: Endpoint, target: NodeId) -> str:
    source = start[0]
    if source == target:
        return f"{edits.label(document, source)} cannot feed itself."
    return (
        f"{edits.label(document, target)} already feeds {edits.label(document, source)}; "
        "a wire back would close a circle."
    )


def _no_place(document: Document, target: NodeId, kinds: Registry) -> str:
    if edits.ports_of(document, target, kinds)[0]:
        return f"All inputs of {edits.label(document, target)} are taken."
    return f"{edits.label(document, target)} has no input."
