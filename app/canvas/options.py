"""How a person wants drawings to look and to feel in the hand, on every canvas."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Others(Enum):
    """What becomes of wires that are not of the selection, while something is selected."""

    SHOWN = "shown"
    FADED = "faded"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Options:
    """Choices that a canvas follows.

    Attributes:
        straight: wires lead straight from port to port.
        others: what becomes of wires that are not of the selection.
        snaps: dragged blocks come to rest on the grid and in line with others.
        animated: blocks that an action places move there, so that eyes can follow.
    """

    straight: bool = False
    others: Others = Others.SHOWN
    snaps: bool = True
    animated: bool = False
