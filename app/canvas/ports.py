"""Where a block's ports are: a spot for each port, and one for each edge of a many port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from app.canvas.geometry import COLLAPSED_H, NODE_H, NODE_W, slot_places
from graph.block import Port
from graph.model import NodeId

# clear of the badge at the corner
FREE_END = 22.0
CROWDED = 5
GATHERED_PX = 15.0
"""Between ports of a collapsed block, which stand together in its middle."""


class PortRef(NamedTuple):
    """A spot of a block on the canvas. Of a many port each slot is a spot of its own."""

    node: NodeId
    name: str
    is_input: bool
    slot: int = 0


@dataclass(frozen=True, slots=True)
class Spot:
    """A port's place, from the block's top-left corner.

    `is_free` marks the spot of a many port where one more edge goes.
    """

    name: str
    is_input: bool
    slot: int
    x: float
    y: float
    optional: bool = False
    is_free: bool = False
    help: str = ""

    @property
    def key(self) -> tuple[bool, str, int]:
        """What tells the spots of one block apart."""
        return (self.is_input, self.name, self.slot)


@dataclass(frozen=True)
class PortLayout:
    """All spots of a block. Blocks of one kind and as many edges share one.

    `labelled` says whether input and output spots are so many that their names are shown.
    """

    spots: tuple[Spot, ...]
    labelled: tuple[bool, bool]
    index: Mapping[tuple[bool, str, int], Spot] = field(compare=False)
    height: float = NODE_H
    width: float = NODE_W

    def find(self, is_input: bool, name: str, slot: int = 0) -> Spot | None:
        """The spot of a port; of a many port the one of that edge."""
        return self.index.get((is_input, name, slot))

    def offset(self, is_input: bool, name: str, slot: int = 0) -> tuple[float, float]:
        """Where an edge meets the block; in the middle where it has no such port."""
        spot = self.find(is_input, name, slot) or self.find(is_input, name)
        return (spot.x, spot.y) if spot else (self.width / 2, 0.0 if is_input else self.height)


@lru_cache(maxsize=4096)
def layout_ports(ins: tuple[Port, ...], outs: tuple[str, ...], taken: int) -> PortLayout:
    """The spots of a block with these ports, whose many port holds `taken` edges."""
    inputs = [(port, slot) for port in ins for slot in range(taken if port.many else 1)]
    many = next((port for port in ins if port.many), None)
    spots = []
    if many is not None and not inputs:
        spots.append(_free(many, 0, NODE_W / 2))
    else:
        end = FREE_END if many is not None and len(inputs) >= CROWDED else 0.0
        places = slot_places(len(inputs), NODE_W, end)
        spots += [
            Spot(port.name, True, slot, x, 0.0, port.optional, help=port.help)
            for (port, slot), x in zip(inputs, places, strict=True)
        ]
        if many is not None:
            spots.append(_free(many, taken, NODE_W - FREE_END))
    spots += [
        Spot(name, False, 0, x, NODE_H)
        for name, x in zip(outs, slot_places(len(outs)), strict=True)
    ]
    labelled = (len(ins) > 1, len(outs) > 1)
    return PortLayout(tuple(spots), labelled, {spot.key: spot for spot in spots})


def _free(port: Port, slot: int, x: float) -> Spot:
    return Spot(port.name, True, slot, x, 0.0, port.optional, is_free=True, help=port.help)


def layout_of(
    ins: Sequence[Port], outs: Sequence[str], taken: int, *, collapsed: bool = False
) -> PortLayout:
    """The shared layout of these ports; `taken` counts where there is a many port only."""
    has_many = any(port.many for port in ins)
    lay = gathered_ports if collapsed else layout_ports
    return lay(tuple(ins), tuple(outs), taken if has_many else 0)


@lru_cache(maxsize=4096)
def gathered_ports(ins: tuple[Port, ...], outs: tuple[str, ...], taken: int) -> PortLayout:
    """The spots of the same block collapsed: side by side in the middle, without their names."""
    wide = layout_ports(ins, outs, taken)
    spots: list[Spot] = []
    for is_input, y in ((True, 0.0), (False, COLLAPSED_H)):
        side = [spot for spot in wide.spots if spot.is_input == is_input]
        apart = min(GATHERED_PX, NODE_W / (len(side) + 1))
        first = (NODE_W - apart * (len(side) - 1)) / 2
        spots += [replace(spot, x=first + apart * n, y=y) for n, spot in enumerate(side)]
    index = {spot.key: spot for spot in spots}
    return PortLayout(tuple(spots), (False, False), index, COLLAPSED_H)
