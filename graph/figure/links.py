"""What leads from part to part: arrows, ways round for what skips parts, and filters at work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.figure.boxes import Box, Placed
from graph.figure.parts import Part
from graph.figure.shapes import Area, Line, Point, Shape, arrow
from graph.model import NodeId

TONE, FILTER = "#4a515c", "#5d6570"
LIFT, LEVEL = 12.0, 8.0
TRACK, FARTHEST = 3.5, 7.0
LEAST_SHARE = 0.09
PATCH_AT = (0.5, 0.45)


@dataclass(frozen=True)
class Linked:
    """Lines into each part, to be drawn before it; patches on parts, drawn after them."""

    before: Mapping[NodeId, list[Shape]]
    patches: Mapping[NodeId, list[Shape]]
    top: float
    bottom: float


def links_of(parts: Sequence[Part], there: Placed) -> Linked:
    """All lines of a figure."""
    before: dict[NodeId, list[Shape]] = {part.id: [] for part in parts}
    patches: dict[NodeId, list[Shape]] = {part.id: [] for part in parts}
    taken = {(there.lane[part.id], there.column[part.id]) for part in parts}
    tracks = _Tracks(there)
    skips = []
    for part in parts:
        target = there.boxes[part.id]
        for id in part.sources:
            source = there.boxes[id]
            if there.lane[id] != there.lane[part.id]:
                before[part.id] += arrow(_bent(source, target, tracks, taken), TONE)
            elif _is_next(id, part.id, there, taken):
                patch, lines = _filter(source, target)
                patches[id] += patch
                before[part.id] += lines or arrow(
                    ((source.right, source.middle), (target.edge, target.middle)), TONE
                )
            else:
                skips.append((id, part.id))
    top = _lead_over(skips, there, before)
    lowest = max(box.y + box.height for box in there.boxes.values())
    return Linked(before, patches, top, lowest)


def _is_next(source: NodeId, target: NodeId, there: Placed, taken: set[tuple[int, int]]) -> bool:
    """Whether nothing stands between two parts of one lane."""
    lane, between = there.lane[source], range(there.column[source] + 1, there.column[target])
    return not any((lane, column) in taken for column in between)


class _Tracks:
    """The ways up and down between columns; each line gets one of its own."""

    def __init__(self, there: Placed) -> None:
        self.there = there
        self._used: dict[int, int] = {}

    def after(self, column: int) -> float:
        """Where the next line between this column and the one after it runs."""
        number = self._used[column] = self._used.get(column, -1) + 1
        aside = TRACK * ((number + 1) // 2) * (-1 if number % 2 else 1)
        return self.there.gutter[column] + max(min(aside, FARTHEST), -FARTHEST)


def _bent(
    source: Box, target: Box, tracks: _Tracks, taken: set[tuple[int, int]]
) -> tuple[Point, ...]:
    """From lane to lane: out at once where the target's lane is the outer one, else in at last."""
    there = tracks.there
    lanes = there.lane[source.part.id], there.lane[target.part.id]
    column = there.column[target.part.id]
    start, end = (source.right, source.middle), (target.edge, target.middle)
    if abs(lanes[1]) >= abs(lanes[0]):
        x = tracks.after(there.column[source.part.id])
        return (start, (x, start[1]), (x, end[1]), end)
    step = 1 if lanes[0] > lanes[1] else -1
    crossed = range(lanes[1] + step, lanes[0] + step, step)
    if target.part.form == "join" and not any((lane, column) in taken for lane in crossed):
        x = target.x + target.width / 2
        return (start, (x, start[1]), (x, end[1] + step * target.height / 2))
    x = tracks.after(column - 1)
    return (start, (x, start[1]), (x, end[1]), end)


def _lead_over(
    skips: list[tuple[NodeId, NodeId]], there: Placed, before: dict[NodeId, list[Shape]]
) -> float:
    """Leads lines over the parts that they skip, short ones below long ones; how high they go."""
    column, boxes = there.column, there.boxes
    highest = min(box.top for box in boxes.values())
    done: list[tuple[int, int, int, float]] = []
    for source, target in sorted(skips, key=lambda skip: column[skip[1]] - column[skip[0]]):
        lane, first, last = there.lane[source], column[source], column[target]
        tops = [
            box.top for id, box in boxes.items()
            if there.lane[id] == lane and first <= column[id] <= last
        ]  # fmt: skip
        below = [
            y - LEVEL for known, left, right, y in done
            if known == lane and left < last and right > first
        ]  # fmt: skip
        y = min([min(tops) - LIFT, *below])
        done.append((lane, first, last, y))
        start, end = boxes[source], boxes[target]
        x0 = (start.x + start.end) / 2 + start.back[0] / 2 + 2.0
        x0 = min(x0, start.end)
        x1 = (end.x + end.end) / 2
        before[target] += arrow(((x0, start.top), (x0, y), (x1, y), (x1, end.top)), TONE)
        highest = min(highest, y)
    return highest


def _filter(source: Box, target: Box) -> tuple[list[Shape], list[Shape]]:
    """The patch that a filter looks at on the side of its source, and rays to what it makes."""
    kernel = target.part.kernel
    if kernel is None or source.part.form != "volume" or target.part.form != "volume":
        return [], []
    _, height, width = source.part.size
    across, down = (
        min(max(size / side, LEAST_SHARE), 1.0)
        for size, side in ((kernel[1], max(width, 1)), (kernel[0], max(height, 1)))
    )
    left, top = (
        min(max(at - size / 2, 0.0), 1.0 - size)
        for at, size in zip(PATCH_AT, (across, down), strict=True)
    )
    corners = tuple(
        _on_side(source, left + u * across, top + v * down)
        for u, v in ((0, 0), (1, 0), (1, 1), (0, 1))
    )
    tip = (target.left, target.middle)
    rays: list[Shape] = [Line((corner, tip), FILTER, 0.45, dashed=True) for corner in corners]
    return [Area(corners, "#ffffff", FILTER, 0.6)], rays


def _on_side(box: Box, across: float, down: float) -> Point:
    """A place on the side of a volume that faces what comes next."""
    dx, dy = box.back
    return box.x + box.width + across * dx, box.y + down * box.height - across * dy
