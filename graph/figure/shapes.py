"""What a figure is made of: areas, lines and words, in points from its top left corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Area:
    """A closed polygon; colours are `#rrggbb`, an empty one is none."""

    points: tuple[Point, ...]
    fill: str
    stroke: str = ""
    width: float = 0.7
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """An open course of straight parts."""

    points: tuple[Point, ...]
    stroke: str
    width: float = 0.7
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle."""

    centre: Point
    radius: float
    fill: str
    stroke: str
    width: float = 0.7


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text, placed by its baseline."""

    at: Point
    text: str
    size: float
    tone: str
    anchor: Anchor = "middle"
    bold: bool = False


Shape = Area | Line | Disc | Words


@dataclass(frozen=True)
class Figure:
    """Shapes from back to front, on a page of that many points."""

    width: float
    height: float
    title: str
    shapes: tuple[Shape, ...]


def arrow(points: tuple[Point, ...], stroke: str, *, dashed: bool = False) -> tuple[Shape, ...]:
    """A line with a head at its end."""
    (x0, y0), (x1, y1) = points[-2:]
    length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1e-9)
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    foot = (x1 - 4.5 * ux, y1 - 4.5 * uy)
    left = (foot[0] - 2 * uy, foot[1] + 2 * ux)
    right = (foot[0] + 2 * uy, foot[1] - 2 * ux)
    line = Line((*points[:-1], foot), stroke, dashed=dashed)
    return (line, Area(((x1, y1), left, right), stroke))


def mixed(tone: str, other: str, share: float) -> str:
    """A colour with a share of another in it."""
    pairs = zip(_rgb(tone), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _rgb(tone: str) -> tuple[int, int, int]:
    return int(tone[1:3], 16), int(tone[3:5], 16), int(tone[5:7], 16)
