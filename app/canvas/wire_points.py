"""The points that wires are led through, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from app.canvas.geometry import Bools, Box, Floats, Ints
from graph.leading import WirePoint
from graph.model import Edge

SAME = 0.02


class WirePoints:
    """Follows the points of the edges of a mirror.

    Attributes:
        first: of each edge the row of its first point, and at the end how many points there are.
        edge, at: of each point the row of its edge, and where it is shown.
        is_led: of each edge whether it is led through points.
        chosen: the points that are marked.
    """

    def __init__(self) -> None:
        self.chosen: frozenset[WirePoint] = frozenset()
        self.follow([])

    def follow(self, edges: Sequence[Edge]) -> None:
        """Shows the points of other edges, where these have them."""
        led = [row for row, edge in enumerate(edges) if edge.via]
        counts = np.zeros(len(edges), np.intp)
        counts[led] = [len(edges[row].via) for row in led]
        self._edges = edges
        self.is_led: Bools = counts > 0
        self.first: Ints = np.concatenate([[0], counts.cumsum()]).astype(np.intp)
        self.edge: Ints = np.repeat(np.arange(len(edges)), counts)
        there = [at for row in led for at in edges[row].via]
        self._there: Floats = np.array(there, np.float64).reshape(-1, 2)
        self._home: Floats | None = None
        self.at: Floats = self._there.copy()
        if self.chosen:
            self.choose(self.chosen)

    @property
    def rects(self) -> Floats:
        """Where the points are, as rects without a size."""
        return np.concatenate([self.at, np.zeros_like(self.at)], 1)

    # what is marked

    def choose(self, points: Iterable[WirePoint]) -> None:
        """Marks these points, as far as they are there, and no others."""
        wanted = {point.edge for point in points}
        length = {self._edges[row]: row for row in self._rows_of(wanted)}
        self.chosen = frozenset(
            WirePoint(self._edges[row], point.place)
            for point in points
            if (row := length.get(point.edge)) is not None
            and point.place < len(self._edges[row].via)
        )

    def _rows_of(self, edges: Iterable[Edge]) -> list[int]:
        wanted = set(edges)
        led = np.flatnonzero(self.is_led).tolist() if wanted else []
        return [row for row in led if self._edges[row] in wanted]

    def point(self, row: int) -> WirePoint:
        """The point in a row."""
        edge = int(self.edge[row])
        return WirePoint(self._edges[edge], row - int(self.first[edge]))

    def rows_of(self, points: Iterable[WirePoint]) -> Ints:
        """The rows of these points, of those that are there."""
        places: dict[Edge, list[int]] = {}
        for point in points:
            places.setdefault(point.edge, []).append(point.place)
        found = [
            self.first[row] + place
            for row in self._rows_of(places)
            for place in places[self._edges[row]]
            if place < len(self._edges[row].via)
        ]
        return np.array(sorted(found), np.intp)

    def caught_by(self, box: Box) -> frozenset[WirePoint]:
        """The points in a box."""
        left, top, right, bottom = box
        x, y = self.at.T
        inside = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
        return frozenset(map(self.point, np.flatnonzero(inside).tolist()))

    # what moves for now

    def leave_home(self, corners: Floats) -> None:
        """Takes note of where blocks are before they are shown elsewhere."""
        self._home = corners.copy()

    def take_along(self, corners: Floats, source: Ints, target: Ints, rows: Ints) -> None:
        """Shows the points of these edges as far away as both their ends have gone, if equally."""
        led: Ints = rows[self.is_led[rows]]
        if self._home is None or not len(led):
            return
        steps = corners - self._home
        first, second = steps[source[led]], steps[target[led]]
        together: Bools = np.all(np.abs(first - second) < SAME, axis=1)
        counts = self.first[led + 1] - self.first[led]
        points = np.repeat(self.first[led] - (counts.cumsum() - counts), counts)
        points = points + np.arange(len(points))
        self.at[points] = self._there[points] + np.repeat(
            np.where(together[:, None], first, 0.0), counts, axis=0
        )

    def preview_move(self, points: Iterable[WirePoint], dx: float, dy: float) -> Ints:
        """Shows points that far from where the document has them; the rows of their edges."""
        rows = self.rows_of(points)
        self.at[rows] = self._there[rows] + np.array([dx, dy])
        return np.unique(self.edge[rows])

    def moving(self) -> Ints:
        """The rows of the edges whose points are shown elsewhere than the document has them."""
        moved: Bools = np.any(self.at != self._there, axis=1)
        return np.unique(self.edge[moved])

    def settle(self) -> Ints:
        """Shows all points where the document has them; the rows of the edges that change."""
        moved = self.moving()
        self.at, self._home = self._there.copy(), None
        return moved
