"""What blocks cost, in levels for a heat map, worked out when it is shown and once a change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.canvas.geometry import Floats, Ints
from app.canvas.options import Heat
from app.canvas.ramp import LEVELS
from app.human import byte_count, milliseconds, short_count
from app.measured import Shown
from graph.cost import Cost, Costs
from graph.model import NodeId

COLD = -1
"""The level of a block that costs nothing, or whose cost is not known yet."""
MOST_DECADES = 2.0
"""Blocks that cost less than a hundredth of the most are all of the first level."""


@dataclass(frozen=True, eq=False)
class HeatRows:
    """The heat of the blocks by row.

    Attributes:
        amount: what each block costs.
        level: the same on a logarithmic scale from `low` to `high`; COLD where that is nothing.
    """

    heat: Heat
    amount: Floats
    level: Ints
    low: float
    high: float
    total: float

    def text(self, row: int) -> str:
        """What a block costs, and its share of all; empty where that is nothing."""
        amount = float(self.amount[row])
        if amount <= 0:
            return ""
        return f"{amount_text(self.heat, amount)}  {share_text(amount / self.total)}"


class HeatSource:
    """The heat of a mirror's blocks, as long as it is asked for.

    Attributes:
        costs: tells what the blocks cost now; None where that is not known.
        times: tells how long they took; it answers None where that was not measured.
    """

    def __init__(self) -> None:
        self.costs: Callable[[], Costs] | None = None
        self.times: Callable[[], Shown | None] = lambda: None
        self._made: tuple[Heat, object, Sequence[NodeId], HeatRows] | None = None

    def rows(self, heat: Heat, ids: Sequence[NodeId]) -> HeatRows | None:
        """The heat of these blocks; None where no heat map is wanted."""
        if heat is Heat.OFF or self.costs is None:
            self._made = None
            return None
        known = self.times() if heat is Heat.TIME else self.costs()
        made = self._made
        if made is None or made[0] is not heat or made[1] is not known or made[2] is not ids:
            rows = (
                heat_rows(heat, known, ids) if isinstance(known, Costs) else time_rows(known, ids)
            )
            made = self._made = (heat, known, ids, rows)
        return made[3]


def heat_rows(heat: Heat, costs: Costs, ids: Sequence[NodeId]) -> HeatRows:
    """The heat of blocks that cost this."""
    nothing, known, measure = Cost(), costs.blocks, _MEASURES[heat]
    amount = np.array([measure(known.get(id, nothing)) for id in ids], np.float64)
    return _levelled(heat, amount, float(measure(costs.total)))


def time_rows(shown: Shown | None, ids: Sequence[NodeId]) -> HeatRows:
    """The heat of blocks that took so long, in seconds; all are cold where none was measured."""
    known = shown.blocks if shown is not None else {}
    amount = np.array([known[id].total_s if id in known else 0.0 for id in ids], np.float64)
    return _levelled(Heat.TIME, amount, float(amount.sum()))


def _levelled(heat: Heat, amount: Floats, total: float) -> HeatRows:
    some = amount > 0
    level: Ints = np.full(len(amount), COLD, np.intp)
    if not some.any():
        return HeatRows(heat, amount, level, 0.0, 0.0, total)
    high = float(amount.max())
    low = max(float(amount[some].min()), high / 10.0**MOST_DECADES)
    if low == high:
        level[some] = LEVELS - 1
    else:
        place = np.log(amount[some] / low) / np.log(high / low) * LEVELS
        level[some] = np.clip(place, 0, LEVELS - 1).astype(np.intp)
    return HeatRows(heat, amount, level, low, high, max(total, high))


def amount_text(heat: Heat, amount: float) -> str:
    """An amount with its suffix or unit: `36.9 K`, `0.8 MiB`, `1.25 ms`."""
    if heat is Heat.TIME:
        return milliseconds(amount)
    return byte_count(amount) if heat is Heat.MEMORY else short_count(amount)


def share_text(share: float) -> str:
    """A share in percent; one that would round to nothing is told as less than one."""
    return "<1 %" if share < 0.005 else f"{100 * share:.0f} %"


_MEASURES: dict[Heat, Callable[[Cost], int]] = {
    Heat.PARAMETERS: lambda cost: cost.parameters,
    Heat.MULTIPLY_ADDS: lambda cost: cost.multiply_adds,
    Heat.MEMORY: lambda cost: cost.activation_bytes,
}
