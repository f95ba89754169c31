"""How long the blocks of a drawing took, as plain values: no torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.model import NodeId

NodePath = tuple[NodeId, ...]
"""A block by the instances that it is inside, from the outermost, and itself."""


@dataclass(frozen=True)
class Time:
    """Seconds for one batch: the way forward, and back with the gradients."""

    forward_s: float = 0.0
    backward_s: float = 0.0

    @property
    def total_s(self) -> float:
        """Both ways together."""
        return self.forward_s + self.backward_s

    def __add__(self, other: Time) -> Time:
        return Time(self.forward_s + other.forward_s, self.backward_s + other.backward_s)


@dataclass(frozen=True)
class Times:
    """What was measured of a drawing.

    Attributes:
        blocks: of each block by its path. A composite's is that of all that is in it, over all its
            turns; a block inside has the sum over the turns.
        whole: of the whole pass, measured around it in the same passes. The blocks at the top add
            up to it but for what happens between them: a little Python on the way forward, and on
            the way back the adding up of gradients in the weights.
        plain: of a pass without the clocks at every block.
        rows: of data in each pass.
        passes: that were measured.
    """

    blocks: Mapping[NodePath, Time]
    whole: Time
    plain: Time
    rows: int
    passes: int
    device: str
    threads: int

    def top(self) -> Time:
        """The sum of the blocks that are inside no other."""
        return added_up(time for path, time in self.blocks.items() if len(path) == 1)

    def inside(self, instances: NodePath) -> dict[NodeId, Time]:
        """The blocks inside an instance, or of the drawing where the path is empty."""
        depth = len(instances)
        return {
            path[-1]: time
            for path, time in self.blocks.items()
            if len(path) == depth + 1 and path[:depth] == instances
        }

    def everywhere(self, nodes: Iterable[NodeId]) -> dict[NodeId, Time]:
        """These blocks of a definition, each over all instances of it."""
        wanted = set(nodes)
        found: dict[NodeId, Time] = {}
        for path, time in self.blocks.items():
            if path[-1] in wanted:
                found[path[-1]] = found.get(path[-1], Time()) + time
        return found


def added_up(times: Iterable[Time]) -> Time:
    """The sum of times."""
    return sum(times, Time())
