"""What of a mirror moves for now, and whether the rest looks as it did."""

from __future__ import annotations

import numpy as np

from app.canvas.frame import Detail
from app.canvas.geometry import Floats, Ints
from app.canvas.mirror import Mirror
from app.canvas.traits import SELECTED


def moving_rows(mirror: Mirror) -> Ints:
    """The rows of the blocks that are shown elsewhere than the document has them, in order."""
    return np.array(sorted(mirror.previewed), np.intp)


def moving_edges(mirror: Mirror) -> Ints:
    """The rows of the edges that are led elsewhere than the document has them, in order."""
    return np.union1d(mirror.edges_of(mirror.previewed), mirror.points.moving())


def moved_by(mirror: Mirror) -> tuple[float, float]:
    """How far these are from where the document has them, in px of the canvas."""
    row = next(iter(mirror.previewed), None)
    if row is None:
        return 0.0, 0.0
    x, y = mirror.folds.corner(mirror.document.graph.nodes[mirror.ids[row]])
    return float(mirror.rect[row, 0]) - x, float(mirror.rect[row, 1]) - y


def _still_remarks(mirror: Mirror) -> Floats:
    """Where the frames and notes are that stay."""
    rect = mirror.remarks.rect.copy()
    rect[[mirror.remarks.row[id] for id in mirror.remarks.previewed]] = 0.0
    return rect


class Still:
    """What does not change while blocks move; equal where a picture of it would be the same."""

    def __init__(self, mirror: Mirror, detail: Detail, *, of_moving: bool = False) -> None:
        chosen = mirror.chosen_edges, mirror.points.chosen
        self._about = (mirror.version, *chosen, mirror.remarks.selection)
        self._mirror = mirror
        # from afar selected blocks are painted over the others
        state = mirror.state & ~SELECTED if detail is Detail.FAR else mirror.state
        moving, lane = moving_rows(mirror), mirror.lane.copy()
        lane[moving_edges(mirror)] = np.nan
        corners = mirror.rect[moving, :2]  # an animation moves each by another way
        self._arrays = (
            moving,
            mirror.points.moving(),
            state,
            np.nan_to_num(lane),
            np.round(corners - corners[:1], 3) if of_moving else _still_remarks(mirror),
        )

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Still)
            and self._mirror is other._mirror
            and self._about == other._about
            and all(map(np.array_equal, self._arrays, other._arrays))
        )

    __hash__ = None  # type: ignore[assignment]  # it is compared only
