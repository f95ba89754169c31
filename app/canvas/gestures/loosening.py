"""Blocks that come out of their wires while they are dragged, by Alt or by shaking them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from app.canvas.ghosts import paint_wire
from app.canvas.mirror import Mirror
from app.canvas.ports import PortRef
from app.theme import Theme
from graph.change import diff
from graph.model import Document, Edge

REVERSALS = 3
WITHIN_S = 0.6
LEAST_SWING_PX = 14.0
MOST_DRAWN = 200


@dataclass(frozen=True)
class Loosened:
    """What a drag does to the wires.

    Attributes:
        edit: does it.
        document: the drawing afterwards.
        gone: the wires that are cut.
        joined: those that close the gap.
    """

    edit: Callable[[Document], Document]
    document: Document
    gone: frozenset[Edge]
    joined: frozenset[Edge]

    @staticmethod
    def by(edit: Callable[[Document], Document], document: Document) -> Loosened | None:
        """What an edit does to the wires of a drawing; None where it does nothing."""
        after = edit(document)
        change = diff(document, after)
        if not change.edges_removed:
            return None
        return Loosened(edit, after, change.edges_removed, change.edges_added)

    def paint(self, painter: QPainter, mirror: Mirror, theme: Theme) -> None:
        """Draws the wires that close the gap."""
        for edge in list(self.joined)[:MOST_DRAWN]:
            start = mirror.place_of(PortRef(edge.source, edge.out, is_input=False))
            end = mirror.place_of(PortRef(edge.target, edge.into, is_input=True, slot=edge.slot))
            if start is not None and end is not None:
                ends = QPointF(*start), QPointF(*end)
                straight = mirror.options.straight
                paint_wire(painter, *ends, theme.accent, is_refused=False, straight=straight)


class Shake:
    """Tells when something is shaken: it turns back often within a short time."""

    def __init__(self) -> None:
        self._axes = (_Swings(), _Swings())

    def note(self, x: float, y: float, time_s: float) -> bool:
        """Takes note of where the pointer is, in px of the screen; whether that was a shake."""
        turned = [swings.note(at, time_s) for swings, at in zip(self._axes, (x, y), strict=True)]
        return any(turned)


class _Swings:
    """The turning points along one axis."""

    def __init__(self) -> None:
        self._turns: deque[float] = deque(maxlen=REVERSALS)
        self._farthest: float | None = None
        self._towards = 0

    def note(self, at: float, time_s: float) -> bool:
        if self._farthest is None:
            self._farthest = at
            return False
        step = at - self._farthest
        if (self._towards and step * self._towards >= 0) or not step:
            self._farthest = at
            return False
        if abs(step) < LEAST_SWING_PX:
            return False
        if self._towards:
            self._turns.append(time_s)
        self._towards = 1 if step > 0 else -1
        self._farthest = at
        is_full = len(self._turns) == REVERSALS
        return is_full and self._turns[-1] - self._turns[0] <= WITHIN_S
