"""The courses of wires that are led through points: a leg from each point to the next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from app.canvas import geometry, rounded
from app.canvas.geometry import BEND, COURSE_POINTS, Floats, Ints

if TYPE_CHECKING:
    from app.canvas.mirror import Mirror

LONGEST_HANDLE = 90.0
ROUNDING = 72.0


class Legs(NamedTuple):
    """Curves by their four points each, and which wire each belongs to, as a place among them."""

    owner: Ints
    curve: Floats


def legs(mirror: Mirror, rows: Ints) -> Legs:
    """The legs of these wires, all of which are led through points, in order."""
    return _legs(*_nodes(mirror, rows), straight=mirror.options.straight)


def _legs(nodes: Floats, owner: Ints, *, straight: bool) -> Legs:
    """The legs from each node of a wire to the next."""
    joins = np.flatnonzero(owner[:-1] == owner[1:])
    start, end = nodes[joins], nodes[joins + 1]
    step = end - start
    if straight:
        leaves = enters = step / 3
    else:
        length = np.hypot(*step.T)
        tangent = _tangents(nodes, owner)
        leaves, enters = _handles(tangent[joins], length), _handles(tangent[joins + 1], length)
        handle = np.minimum(length * 0.45, LONGEST_HANDLE)
        handle = np.where(step[:, 1] < 0, np.maximum(handle, BEND), handle)
        down = np.stack([0 * handle, handle], 1)
        is_first = np.append(True, owner[joins][1:] != owner[joins][:-1])
        is_last = np.append(is_first[1:], True)
        leaves[is_first], enters[is_last] = down[is_first], down[is_last]
    return Legs(owner[joins], np.stack([start, start + leaves, end - enters, end], 1))


def _nodes(mirror: Mirror, rows: Ints) -> tuple[Floats, Ints]:
    """The ends of wires and the points between them, and which wire each belongs to."""
    points, line = mirror.points, mirror.line[rows]
    count = points.first[rows + 1] - points.first[rows]
    begin = (count + 2).cumsum() - (count + 2)
    owner = np.repeat(np.arange(len(rows)), count + 2)
    place = np.arange(len(owner)) - begin[owner]
    nodes = np.empty((len(owner), 2))
    nodes[begin], nodes[begin + count + 1] = line[:, :2], line[:, 2:]
    inner = (place > 0) & (place <= count[owner])
    nodes[inner] = points.at[(points.first[rows][owner] + place - 1)[inner]]
    return nodes, owner


def _tangents(nodes: Floats, owner: Ints) -> Floats:
    """Which way wires pass through their points, as a step per px.

    Along either axis it is the harmonic mean of the steps before and after, and nothing where
    these differ in sign: so legs along an axis stay straight, and none swings beyond its ends.
    """
    step = np.diff(nodes, axis=0)
    slope = step / np.maximum(np.hypot(*step.T), 1e-9)[:, None]
    tangent = np.zeros_like(nodes)
    before, after = slope[:-1], slope[1:]
    both = before * after
    total = before + after
    mean = np.divide(2 * both, total, out=np.zeros_like(both), where=both > 0)
    inner = (owner[:-2] == owner[2:])[:, None]
    tangent[1:-1] = np.where(inner, mean, 0.0)
    return tangent


def _handles(tangent: Floats, length: Floats) -> Floats:
    """How far the control points of legs are from their ends: so far that sharp turns are round."""
    size = np.hypot(*tangent.T)
    wanted = np.maximum(size * length, np.minimum(length, ROUNDING)) / 3
    scale = np.divide(wanted, size, out=np.zeros_like(size), where=size > 0)
    return np.asarray(tangent * scale[:, None], np.float64)


def boxes(mirror: Mirror, rows: Ints) -> Floats:
    """A box around each of these wires, straight or not: left, top, right, bottom."""
    found = geometry.boxes(mirror.line[rows], mirror.lane[rows])
    led = np.flatnonzero(mirror.points.is_led[rows])
    if len(led):
        owner, curve = _legs(*_nodes(mirror, rows[led]), straight=False)
        first = np.searchsorted(owner, np.arange(len(led)))
        found[led, :2] = np.minimum.reduceat(curve.min(1), first)
        found[led, 2:] = np.maximum.reduceat(curve.max(1), first)
    return found


def courses(mirror: Mirror, rows: Ints) -> tuple[Floats, Ints]:
    """Wires as polylines of `COURSE_POINTS` points, several for one that is led through points.

    The second answer is which of these wires each polyline belongs to.
    """
    is_led = mirror.points.is_led[rows]
    plain, led = np.flatnonzero(~is_led), np.flatnonzero(is_led)
    ends = mirror.line[rows[plain]], mirror.lane[rows[plain]]
    lines = geometry.courses(*ends, straight=mirror.options.straight)
    if not len(led):
        return lines, plain
    owner, curve = legs(mirror, rows[led])
    if mirror.options.straight:
        through = rounded.courses(rounded.lines(owner, curve[:, 0], curve[:, 3]))
    else:
        through = flattened(curve)
    return np.concatenate([lines, through]), np.concatenate([plain, led[owner]])


def flattened(curve: Floats) -> Floats:
    """Curves as polylines."""
    t = np.linspace(0, 1, COURSE_POINTS)
    u = 1 - t
    weights = np.stack([u**3, 3 * u * u * t, 3 * u * t * t, t**3])
    return np.asarray(np.einsum("kp,nkx->npx", weights, curve), np.float64)


def middles(mirror: Mirror, rows: Ints) -> Floats:
    """The point of each of these wires where its pill sits: half way along the longest leg."""
    found = geometry.middles(mirror.line[rows], mirror.lane[rows])
    led = np.flatnonzero(mirror.points.is_led[rows])
    if len(led):
        owner, curve = legs(mirror, rows[led])
        length = np.hypot(*(curve[:, 3] - curve[:, 0]).T)
        order = np.lexsort((length, owner))
        longest = order[np.searchsorted(owner[order], np.arange(len(led)), "right") - 1]
        found[led] = _half_way(curve[longest])
    return found


def _half_way(curve: Floats) -> Floats:
    return np.asarray((curve[:, 0] + 3 * curve[:, 1] + 3 * curve[:, 2] + curve[:, 3]) / 8)


def lines(mirror: Mirror, rows: Ints) -> Floats:
    """Wires as straight lines from end to end, and from point to point: x1, y1, x2, y2."""
    is_led = mirror.points.is_led[rows]
    if not is_led.any():
        return mirror.line[rows]
    curve = legs(mirror, rows[is_led]).curve
    led = np.concatenate([curve[:, 0], curve[:, 3]], 1)
    return np.concatenate([mirror.line[rows[~is_led]], led])


def nearest_leg(mirror: Mirror, row: int, x: float, y: float) -> tuple[int, tuple[float, float]]:
    """Which leg of a wire is nearest to a place, and where on it that is."""
    rows = np.array([row])
    lines = courses(mirror, rows)[0]
    leg = int(geometry.distances(lines, x, y).argmin())
    start, step = lines[leg, :-1], np.diff(lines[leg], axis=0)
    share = ((np.array([x, y]) - start) * step).sum(1) / np.maximum((step * step).sum(1), 1e-9)
    on = start + np.clip(share, 0, 1)[:, None] * step
    best = on[np.hypot(on[:, 0] - x, on[:, 1] - y).argmin()]
    return leg, (float(best[0]), float(best[1]))


def paths(mirror: Mirror, rows: Ints) -> Iterator[QPainterPath]:
    """The courses of wires, all of which are led through points, as Qt draws them."""
    return _paths(legs(mirror, rows), straight=mirror.options.straight)


def _paths(found: Legs, *, straight: bool) -> Iterator[QPainterPath]:
    owner, curve = found
    if straight:
        yield from rounded.paths(rounded.lines(owner, curve[:, 0], curve[:, 3]))
        return
    last, path = None, QPainterPath()
    for wire, (start, leaves, enters, end) in zip(owner.tolist(), curve.tolist(), strict=True):
        if wire != last and last is not None:
            yield path
        if wire != last:
            last, path = wire, QPainterPath(QPointF(*start))
        path.cubicTo(QPointF(*leaves), QPointF(*enters), QPointF(*end))
    yield path


def path_through(nodes: Floats, *, straight: bool) -> QPainterPath:
    """The course of a wire from end to end through the points between, as Qt draws it."""
    found = _legs(nodes, np.zeros(len(nodes), np.intp), straight=straight)
    return next(_paths(found, straight=straight))
