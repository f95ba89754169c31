"""What of a canvas looks otherwise after a change, so that only that is painted anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.canvas import legs
from app.canvas.geometry import PILL_H, Box, Ints
from app.canvas.labels import Labels
from app.canvas.mirror import Mirror
from app.canvas.options import Heat
from app.canvas.painter import REACH
from app.canvas.pills import NEARBY, PADDING, WIDEST
from graph.change import Change

# a pill may have hidden another close by that said the same
PILL_AREA = np.array([WIDEST / 2 + PADDING + NEARBY[0], PILL_H + NEARBY[1]])
MOST_APART = 200
"""Of more blocks and edges it takes as long to find what differs as to paint everything."""


@dataclass(frozen=True)
class Touched:
    """What looks otherwise than before, or may.

    Attributes:
        blocks, edges: rows of the mirror.
        pills: the rows of the edges of which only the text differs.
        is_recoloured: whether blocks have other colours, as a map of the drawing shows them.
    """

    blocks: Ints
    edges: Ints
    pills: Ints
    is_recoloured: bool

    def areas(self, mirror: Mirror) -> list[Box]:
        """Boxes of the canvas that hold all of it."""
        rect = mirror.rect[self.blocks]
        blocks = np.concatenate([rect[:, :2], rect[:, :2] + rect[:, 2:]], 1)
        middles = legs.middles(mirror, self.pills)
        pills = np.concatenate([middles - PILL_AREA, middles + PILL_AREA], 1)
        around = np.array([-REACH, -REACH, REACH, REACH])
        boxes = np.concatenate([blocks + around, pills, mirror.box[self.edges] + around])
        return [(x1, y1, x2, y2) for x1, y1, x2, y2 in boxes.tolist()]


class Before:
    """How the blocks and edges of a mirror look before it follows a change."""

    def __init__(self, mirror: Mirror, labels: Labels) -> None:
        self._mirror, self._labels = mirror, labels
        self._state, self._edge_state = mirror.state, mirror.edge_state
        self._category = mirror.category.copy()
        self._badges, self._refusals = mirror.badges, mirror.refusals

    def touched(self, change: Change) -> Touched | None:
        """What the change has touched; None where that may be anything."""
        mirror, typing = self._mirror, self._mirror.typing
        if change != Change(changed=change.changed) or typing is None:
            return None
        # blocks tell the names of those whose weights they share
        is_told_elsewhere = mirror.document.graph.census.is_sharing
        if is_told_elsewhere or mirror.options.heat is not Heat.OFF or mirror.is_redefined:
            return None
        ids = change.changed | typing.visited
        if len(ids) + len(self._badges) + len(mirror.badges) > MOST_APART:
            return None
        old, new = self._badges, mirror.badges
        ids |= {id for id in old.keys() | new.keys() if old.get(id) != new.get(id)}
        was, now = self._refusals, mirror.refusals
        ids |= {key[0] for key in was.keys() | now.keys() if was.get(key) != now.get(key)}
        rows = {mirror.row[id] for id in ids if id in mirror.row}
        rows |= set(np.flatnonzero(self._state != mirror.state).tolist())
        edges = np.flatnonzero(self._edge_state != mirror.edge_state)
        near = mirror.edges_of(rows)
        if len(rows) + len(near) + len(edges) > MOST_APART:
            return None
        pills = self._labels.follow(rows, [*near.tolist(), *edges.tolist()])
        is_recoloured = not (
            np.array_equal(self._category, mirror.category)
            and np.array_equal(self._state, mirror.state)
        )
        blocks = np.array(sorted(rows), np.intp)
        return Touched(blocks, edges, np.array(pills, np.intp), is_recoloured)
