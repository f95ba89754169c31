"""Wires in a file: two ends each, and the points that they are led through."""

from __future__ import annotations

import json
import re
from typing import Any

from graph.edits import put_edges
from graph.jsonparts import Malformed, dump, is_number, natural, short
from graph.leading import led_point
from graph.model import Edge, NodeId, Point, Wires

_SLOT = re.compile(r"[0-9]{1,9}")
VIA = "via"


def wires_of(items: list[object]) -> Wires:
    found: dict[NodeId, list[Edge]] = {}
    taken: set[tuple[NodeId, str, int]] = set()
    for number, item in enumerate(items, 1):
        edge = _plain_edge(item) or _edge(item, f"wire {number}")
        end = (edge.target, edge.into, edge.slot)
        if end in taken:
            raise Malformed(f"wire {number} leads to a place that is taken, {_end(edge)}")
        taken.add(end)
        found.setdefault(edge.target, []).append(edge)
    into: dict[NodeId, tuple[Edge, ...]] = {}
    for id in sorted(found, key=natural):
        put_edges(into, id, found[id])
    return Wires(into)


def _end(edge: Edge) -> str:
    return f"{edge.target}.{edge.into}" + (f"[{edge.slot}]" if edge.slot else "")


def _plain_edge(item: object) -> Edge | None:
    """A wire of which the file says only its ends; None where these must be judged."""
    if type(item) is not list or len(item) != 2:
        return None
    start, end = item
    if type(start) is not str or type(end) is not str or "[" in end or "]" in end:
        return None
    source, _, out = start.rpartition(".")
    target, _, into = end.rpartition(".")
    if not (source and out and target and into):
        return None
    return Edge(NodeId(source), out, NodeId(target), into)


def _edge(item: object, where: str) -> Edge:
    ends = item[:2] if isinstance(item, list) else []
    extra = item[2:] if isinstance(item, list) else []
    if len(ends) != 2 or not all(isinstance(end, str) for end in ends):
        shown = str(item)[:60]
        raise Malformed(f'{where} should be two ends such as ["n1.y", "n2.x"], but is {shown}')
    source, _, out = ends[0].rpartition(".")
    target, _, into = ends[1].rpartition(".")
    into, _, slot = into.removesuffix("]").partition("[")
    if not (source and out and target and into) or (slot and not _SLOT.fullmatch(slot)):
        raise Malformed(f"{where} should join block.port with block.port, but is {ends!r}")
    via, extra = _points(extra)
    known = dump(extra) if extra else ""
    return Edge(NodeId(source), out, NodeId(target), into, int(slot or 0), known, via)


def _points(extra: list[Any]) -> tuple[tuple[Point, ...], list[Any]]:
    """The points that a wire is led through, and what else is said of it."""
    # Any: parsed JSON, judged here
    looks: dict[str, Any] = extra[0] if extra and isinstance(extra[0], dict) else {}
    listed = looks.get(VIA)
    if not isinstance(listed, list) or not all(_is_point(at) for at in listed):
        return (), extra
    rest = {key: value for key, value in looks.items() if key != VIA}
    via = tuple(led_point((float(x), float(y))) for x, y in listed)
    return via, [rest, *extra[1:]] if rest or len(extra) > 1 else []


def _is_point(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(is_number, value))


def edge_json(edge: Edge) -> list[object]:
    extra = json.loads(edge.extra) if edge.extra else []
    if edge.via:
        looks, *rest = extra if extra and isinstance(extra[0], dict) else [{}, *extra]
        extra = [{**looks, VIA: [[short(x), short(y)] for x, y in edge.via]}, *rest]
    return [f"{edge.source}.{edge.out}", _end(edge), *extra]
