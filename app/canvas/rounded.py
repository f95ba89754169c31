"""Straight wires that are led through points: lines from point to point, with round corners."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from app.canvas.geometry import COURSE_POINTS, Floats, Ints

LED_R = 14.0
"""So small that a wire passes through the dot that is drawn at each of its points."""
HALF = COURSE_POINTS // 2
_T = np.linspace(0.0, 0.5, HALF)[None, :, None]


class Lines(NamedTuple):
    """Of each leg where it ends, and between where its corners begin it is straight.

    Attributes:
        owner: the wire that it belongs to.
        start, enter, leave, end: its ends, and those of its straight part.
    """

    owner: Ints
    start: Floats
    enter: Floats
    leave: Floats
    end: Floats


def lines(owner: Ints, start: Floats, end: Floats) -> Lines:
    """The legs of straight wires with their corners cut, as far as both legs are long enough."""
    step = end - start
    length = np.hypot(*step.T)
    along = step / np.maximum(length, 1e-9)[:, None]
    most = np.minimum(LED_R, length / 2)
    radius = np.where(owner[:-1] == owner[1:], np.minimum(most[:-1], most[1:]), 0.0)
    before, after = np.append(0.0, radius), np.append(radius, 0.0)
    return Lines(owner, start, start + along * before[:, None], end - along * after[:, None], end)


def courses(found: Lines) -> Floats:
    """The legs as polylines of `COURSE_POINTS` points, with half of each corner."""
    joins = found.owner[:-1] == found.owner[1:]
    first, last = np.append(False, joins)[:, None], np.append(joins, False)[:, None]
    came = np.where(first, np.roll(found.leave, 1, 0), found.start)
    goes = np.where(last, np.roll(found.enter, -1, 0), found.end)
    entering = _corner(goes=came, corner=found.start, comes=found.enter)[:, ::-1]
    leaving = _corner(goes=goes, corner=found.end, comes=found.leave)
    return np.concatenate([entering, leaving], 1)


def _corner(*, comes: Floats, corner: Floats, goes: Floats) -> Floats:
    """The first half of round corners."""
    u = 1 - _T
    return np.asarray(
        u * u * comes[:, None] + 2 * u * _T * corner[:, None] + _T * _T * goes[:, None], np.float64
    )


def paths(found: Lines) -> Iterator[QPainterPath]:
    """The courses of these wires, as Qt draws them."""
    owner = found.owner.tolist()
    enter, leave, end = found.enter.tolist(), found.leave.tolist(), found.end.tolist()
    path = QPainterPath()
    for leg, wire in enumerate(owner):
        if leg == 0 or wire != owner[leg - 1]:
            path = QPainterPath(QPointF(*enter[leg]))
        path.lineTo(*leave[leg])
        if leg + 1 < len(owner) and owner[leg + 1] == wire:
            path.quadTo(*end[leg], *enter[leg + 1])
        else:
            yield path
