"""How a person wants drawings to look and to feel in the hand, on every canvas."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Others(Enum):
    """What becomes of wires that are not of the selection, while something is selected."""

    SHOWN = "shown"
    FADED = "faded"
    HIDDEN = "hidden"


class Heat(Enum):
    """Which cost of the blocks is painted on them."""

    OFF = "off"
    PARAMETERS = "parameters"
    MULTIPLY_ADDS = "multiply-adds"
    MEMORY = "memory"
    TIME = "time"


@dataclass(frozen=True)
class Options:
    """Choices that a canvas follows.

    Attributes:
        straight: wires lead straight from port to port.
        others: what becomes of wires that are not of the selection.
        snaps: dragged blocks come to rest on the grid and in line with others.
        animated: blocks that an action places move there, so that eyes can follow.
        heat: the cost that blocks are painted by.
    """

    straight: bool = False
    others: Others = Others.SHOWN
    snaps: bool = True
    animated: bool = False
    heat: Heat = Heat.OFF
