"""What a person writes beside the blocks: frames around them, and notes. The model ignores it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NewType

RemarkId = NewType("RemarkId", str)

COLORS = ("grey", "blue", "teal", "green", "yellow", "red", "purple", "pink")
FARTHEST = 1e7
LEAST_WIDTH, LEAST_HEIGHT = 96.0, 48.0
LARGEST = 1e5
BAR_WIDE, BAR_HIGH = 230.0, 34.0
"""Of a collapsed frame: as wide as an open one around a column of blocks."""
LONGEST_TITLE = 200
LONGEST_TEXT = 100_000


@dataclass(frozen=True, slots=True)
class Remark:
    """A box on the canvas, px from its top left corner.

    Attributes:
        color: one of `COLORS`; another name, from a newer file, is kept and shown as the first.
        locked: it keeps its place and its size.
        extra: keys of the file that this version does not know.
    """

    id: RemarkId
    x: float = 0.0
    y: float = 0.0
    width: float = 480.0
    height: float = 288.0
    color: str = "blue"
    locked: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Its left, top, right and bottom."""
        return (self.x, self.y, self.x + self.width, self.y + self.height)

    @property
    def shown(self) -> tuple[float, float, float, float]:
        """The box in which it is drawn."""
        return self.box


@dataclass(frozen=True, slots=True)
class Frame(Remark):
    """A titled area behind blocks; what lies within goes along where it is moved.

    Attributes:
        hides: the ids of the blocks, frames and notes that are not drawn while it is collapsed to
            its title; None where it is open. It keeps the size that it has when it is opened.
    """

    title: str = ""
    hides: frozenset[str] | None = None

    @property
    def is_collapsed(self) -> bool:
        """Whether it is drawn as its title alone."""
        return self.hides is not None

    @property
    def shown(self) -> tuple[float, float, float, float]:
        """Collapsed, a bar at its top, in the middle."""
        if self.hides is None:
            return self.box
        width = min(self.width, BAR_WIDE)
        left = self.x + (self.width - width) / 2
        return (left, self.y, left + width, self.y + BAR_HIGH)


@dataclass(frozen=True, slots=True)
class Note(Remark):
    """A card with a text in Markdown."""

    width: float = 240.0
    height: float = 144.0
    color: str = "yellow"
    text: str = ""


Remarks = Mapping[RemarkId, Remark]


def within(value: float, low: float, high: float, otherwise: float) -> float:
    """A number brought within bounds, as exact as files keep it; `otherwise` for what is none."""
    if not math.isfinite(value):
        return otherwise
    return round(min(max(float(value), low), high), 2)
