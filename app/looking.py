"""What is looked at: the whole drawing, or a definition seen through the instances that lead in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from graph.composites.places import TOP, Way, seen_from
from graph.cost import Costs, costs
from graph.infer import Typing, infer
from graph.model import Document, NodeId
from graph.registry import Registry


@dataclass(frozen=True)
class Level:
    """A place and what is known of it.

    Attributes:
        way: how one comes there from the whole drawing.
        document: seen from there.
    """

    way: Way
    document: Document
    typing: Typing


def levels(root: Level, way: Way, before: Sequence[Level], registry: Registry) -> tuple[Level, ...]:
    """The whole drawing and every place on a way into it; only what differs is typed again.

    Args:
        before: the places that were looked at before.
    """
    known = {level.way: level for level in before}
    found = [root]
    for length, step in enumerate(way, 1):
        above = found[-1]
        there = way[:length]
        old = known.get(there)
        if old is not None and above is known.get(there[:-1]):
            found.append(old)
            continue
        values, given = seen_from(above.document, above.typing, step)
        document = root.document.inside(step.definition, values, given)
        typing = infer(document, old.typing if old else None, registry)
        found.append(Level(there, document, typing))
    return tuple(found)


class Counted:
    """The costs of a place, counted when they are asked for, and only what was typed anew."""

    def __init__(self) -> None:
        self._way = TOP
        self._costs: Costs | None = None
        self._visited: set[NodeId] = set()
        self._typing: Typing | None = None

    def note(self, visited: Collection[NodeId]) -> None:
        """Tells what was typed since."""
        self._visited |= set(visited)

    def of(self, level: Level) -> Costs:
        """The costs at a place."""
        if level.way != self._way:
            self._way, self._costs = level.way, None
        sizes = self._costs.sizes if self._costs else None
        if self._costs is None or level.typing is not self._typing or sizes != level.document.sizes:
            self._costs = costs(level.document, level.typing, self._costs, self._visited)
            self._visited, self._typing = set(), level.typing
        return self._costs
