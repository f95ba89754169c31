"""Edits of the points that wires are led through: how a drawing looks, not what it means."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from graph.model import Document, Edge, Node, NodeId, Point
from graph.problems import UserError
from graph.remarks import FARTHEST, within

MOST_POINTS = 64
Via = tuple[Point, ...]


class WirePoint(NamedTuple):
    """One of the points that a wire is led through, by its place among them."""

    edge: Edge
    place: int


NO_POINTS: frozenset[WirePoint] = frozenset()


def led_point(at: Point) -> Point:
    """A place on the canvas: finite, within reach, and as exact as files keep it."""
    return (within(at[0], -FARTHEST, FARTHEST, 0.0), within(at[1], -FARTHEST, FARTHEST, 0.0))


def shifted(edge: Edge, step: Point) -> Edge:
    """The edge, led through points that far away."""
    if not edge.via:
        return edge
    return replace(edge, via=tuple(led_point((x + step[0], y + step[1])) for x, y in edge.via))


def lead(document: Document, vias: Mapping[Edge, Iterable[Point]]) -> Document:
    """The document with edges led through these points; those that are gone are passed over."""
    wanted: dict[NodeId, dict[Edge, Via]] = {}
    for edge, points in vias.items():
        wanted.setdefault(edge.target, {})[edge] = tuple(led_point(at) for at in points)
    into = dict(document.graph.wires.into)
    touched = []
    for id, led in wanted.items():
        old = into.get(id, ())
        new = tuple(
            replace(edge, via=led[edge]) if led.get(edge, edge.via) != edge.via else edge
            for edge in old
        )
        if any(a is not b for a, b in zip(old, new, strict=True)):
            into[id] = new
            touched.append(id)
    if not touched:
        return document
    return document.with_graph(wires=document.graph.wires.changed(into, touched))


def add_point(document: Document, point: WirePoint, at: Point) -> Document:
    """The document with one more point on a wire, before the one that is at its place now.

    Raises:
        UserError: the wire is gone, or has as many points as one may have.
    """
    return add_points(document, {point: at})


def add_points(document: Document, places: Mapping[WirePoint, Point]) -> Document:
    """The document with one more point on each of several wires.

    Raises:
        UserError: a wire is gone, or has as many points as one may have.
    """
    vias: dict[Edge, Via] = {}
    for (edge, place), at in places.items():
        via = present(document, edge).via
        if len(via) >= MOST_POINTS:
            raise UserError(f"A wire is led through {MOST_POINTS} points at most.")
        vias[edge] = (*via[:place], at, *via[place:])
    return lead(document, vias)


def remove_points(document: Document, points: Iterable[WirePoint]) -> Document:
    """The document without these points; their wires stay."""
    vias = {
        edge: [at for place, at in enumerate(edge.via) if place not in places]
        for edge, places in _by_edge(document, points).items()
    }
    return lead(document, vias)


def move_points(document: Document, points: Iterable[WirePoint], step: Point) -> Document:
    """The document with these points that far from where they are."""
    vias = {
        edge: [
            (x + step[0], y + step[1]) if place in places else (x, y)
            for place, (x, y) in enumerate(edge.via)
        ]
        for edge, places in _by_edge(document, points).items()
    }
    return lead(document, vias)


def let_go(document: Document, edges: Iterable[Edge]) -> Document:
    """The document with these wires led through no points."""
    return lead(document, dict.fromkeys(edges, ()))


def led_within(document: Document, ids: Collection[NodeId]) -> list[Edge]:
    """The wires among these blocks that are led through points."""
    graph = document.graph
    return [e for id in ids for e in graph.inputs_of(id) if e.via and e.source in ids]


def taken_along(
    document: Document, before: Mapping[NodeId, Node], moved: Collection[NodeId]
) -> Document:
    """The document with the points of wires where both ends of these have gone equally far."""
    nodes, vias = document.graph.nodes, {}
    for edge in led_within(document, moved):
        steps = [
            (nodes[id].x - before[id].x, nodes[id].y - before[id].y)
            for id in (edge.source, edge.target)
        ]
        if _are_same(*steps):
            vias[edge] = shifted(edge, steps[0]).via
    return lead(document, vias) if vias else document


def present(document: Document, edge: Edge) -> Edge:
    """The same edge, as the document has it now.

    Raises:
        UserError: it is gone.
    """
    for known in document.graph.inputs_of(edge.target):
        if known == edge:
            return known
    raise UserError("The wire is no longer there.")


def _by_edge(document: Document, points: Iterable[WirePoint]) -> dict[Edge, set[int]]:
    """The places of points on each wire that is still there."""
    places: dict[Edge, set[int]] = {}
    for point in points:
        places.setdefault(point.edge, set()).add(point.place)
    targets = {edge.target for edge in places}
    there = (edge for id in targets for edge in document.graph.inputs_of(id))
    return {edge: places[edge] for edge in there if edge in places}


def _are_same(first: Point, second: Point) -> bool:
    # files keep hundredths, so that two ends moved alike may differ by one
    return all(abs(a - b) < 0.02 for a, b in zip(first, second, strict=True))
