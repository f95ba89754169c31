"""What collapsed frames hide of a mirror: such blocks stand without a size at a bar, for wires."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from app.canvas.collapsed import height_of
from app.canvas.geometry import NODE_W, Bools, Box, Floats, Ints
from app.canvas.ports import PortLayout
from graph.change import Change
from graph.hiding import hidden_in
from graph.model import Graph, Node, NodeId
from graph.remarks import RemarkId

if TYPE_CHECKING:
    from app.canvas.mirror import Mirror

NOTHING: frozenset[NodeId] = frozenset()


class Folds:
    """Follows which blocks are hidden, and where.

    Attributes:
        frame, bar: of each hidden block the frame that hides it, and the box that is drawn of it.
    """

    def __init__(self) -> None:
        self.frame: Mapping[NodeId, RemarkId] = {}
        self.bar: Mapping[NodeId, Box] = {}
        self._turned = NOTHING

    def follow(self, graph: Graph) -> None:
        """Takes over what is hidden now."""
        hidden, known = hidden_in(graph.remarks), self.bar
        self._turned = NOTHING
        if hidden or known:
            named = ((NodeId(id), frame) for id, frame in hidden.items())
            self.frame = {id: frame for id, frame in named if id in graph.nodes}
            self.bar = {id: graph.remarks[frame].shown for id, frame in self.frame.items()}
            both = known.keys() | self.bar.keys()
            turned = {id for id in both if known.get(id) != self.bar.get(id)}
            self._turned = frozenset(turned & graph.nodes.keys())

    def told(self, change: Change) -> Change:
        """The change that was followed last, with blocks among the moved that are hidden or not."""
        turned = self._turned
        if not turned:
            return change
        return replace(change, moved=change.moved | turned, changed=change.changed | turned)

    # where blocks are

    def corner(self, node: Node) -> tuple[float, float]:
        """Where a block, or the bar that hides it, is in the document."""
        bar = self.bar.get(node.id)
        return (node.x, node.y) if bar is None else bar[:2]

    def shifted(self, mirror: Mirror, rows: Iterable[int], corners: Floats) -> Floats:
        """Corners of blocks; of those that are hidden as far from their bars instead."""
        if not self.bar:
            return corners
        found, nodes = corners.copy(), mirror.document.graph.nodes
        for place, row in enumerate(rows):
            id = mirror.ids[row]
            if id in self.bar:
                x, y = self.corner(nodes[id])
                found[place] += (x - nodes[id].x, y - nodes[id].y)
        return found

    def sizes(self, ids: Sequence[NodeId], rows: Iterable[int], traits: Iterable[int]) -> Floats:
        """Widths and heights of blocks."""
        heights = list(map(height_of, traits))
        found = np.full((len(heights), 2), NODE_W)
        found[:, 1] = heights
        if self.bar:
            found[[ids[row] in self.bar for row in rows]] = 0.0
        return found

    def layout_of(self, id: NodeId) -> PortLayout | None:
        """Where the wires of a hidden block end, from the corner of its bar."""
        bar = self.bar.get(id)
        return _bar_layout(bar[2] - bar[0], bar[3] - bar[1]) if bar is not None else None

    # what is drawn

    def drawn(self, mirror: Mirror, rows: Ints) -> Ints:
        """These edges without those between blocks in one bar."""
        if not self.bar or not len(rows):
            return rows
        source, target = mirror.rect[mirror.source[rows]], mirror.rect[mirror.target[rows]]
        within: Bools = (source[:, 2] == 0) & (target[:, 2] == 0)
        within &= (source[:, :2] == target[:, :2]).all(1)
        return np.asarray(rows[~within], np.intp)

    def box_of(self, mirror: Mirror, row: int) -> Box:
        """The box of a block, or of the bar that hides it, where it is shown."""
        x, y, width, height = mirror.rect[row].tolist()
        bar = self.bar.get(mirror.ids[row])
        if bar is not None:
            width, height = bar[2] - bar[0], bar[3] - bar[1]
        return (x, y, x + width, y + height)


def blocks_in(rect: Floats, box: Box) -> Ints:
    """The rows of the blocks that are drawn and touch a box."""
    left, top, right, bottom = box
    return np.flatnonzero(
        (rect[:, 0] < right)
        & (rect[:, 0] + rect[:, 2] > left)
        & (rect[:, 1] < bottom)
        & (rect[:, 1] + rect[:, 3] > top)
        & (rect[:, 2] > 0)
    )


@lru_cache
def _bar_layout(width: float, height: float) -> PortLayout:
    return PortLayout((), (False, False), {}, height, width)
