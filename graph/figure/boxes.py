"""Where the parts of a figure stand and how large they are: as boxes, lane by lane."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.figure.parts import Part
from graph.figure.scales import Scale, scale_for
from graph.model import NodeId

GAP, MARGIN, LANE_GAP = 20.0, 24.0, 30.0
LABEL_PT, LINE_PT, GLYPH_W = 8.0, 10.0, 0.54
LABEL_GAP = 13.0
HIGHEST, DEEPEST, THICKEST = 150.0, 56.0, 60.0
BAR_W, BAR_HIGHEST = 9.0, 130.0
STRIP_LONGEST, STRIP_HIGHEST = 130.0, 90.0
JOIN_R, JOIN_WORDS = 8.0, 4.0
UNKNOWN_PT = 26.0


@dataclass(frozen=True)
class Scales:
    """How large each kind of size is drawn."""

    side: Scale
    channels: Scale
    features: Scale
    length: Scale


@dataclass(frozen=True)
class Box:
    """A part with its place: its front's corner and size, and how far it goes back."""

    part: Part
    x: float
    y: float
    width: float
    height: float
    back: tuple[float, float] = (0.0, 0.0)

    @property
    def middle(self) -> float:
        """The height at which lines meet it."""
        return self.y + self.height / 2 - self.back[1] / 2

    @property
    def left(self) -> float:
        """The middle of its hidden left side, where the rays of a filter meet."""
        return self.x + self.back[0] / 2

    @property
    def edge(self) -> float:
        """Where lines end that lead into it: its outline at the middle."""
        if self.middle >= self.y or not self.back[1]:
            return self.x
        return self.x + self.back[0] * (self.y - self.middle) / self.back[1]

    @property
    def right(self) -> float:
        """Where lines begin that lead on."""
        return self.x + self.width + self.back[0] / 2

    @property
    def end(self) -> float:
        """How far to the right it reaches."""
        return self.x + self.width + self.back[0]

    @property
    def top(self) -> float:
        """How far up it reaches."""
        return self.y - self.back[1]


@dataclass(frozen=True)
class Placed:
    """Boxes by their part, with the column and the lane of each.

    Attributes:
        gutter: where there is nothing but lines: half-way from each column to the next.
    """

    boxes: Mapping[NodeId, Box]
    column: Mapping[NodeId, int]
    lane: Mapping[NodeId, int]
    gutter: Mapping[int, float]


def scales_of(parts: Sequence[Part], share: float = 1.0) -> Scales:
    """How large everything is drawn; a share of it where many lanes need their room."""

    def sizes(form: str, *places: int) -> list[int]:
        return [part.size[place] for part in parts if part.form == form for place in places]

    depths = sizes("strip", 1)
    highest = STRIP_HIGHEST if depths else BAR_HIGHEST
    return Scales(
        side=scale_for(sizes("volume", 1, 2), HIGHEST * share, 4.0),
        channels=scale_for(sizes("volume", 0), THICKEST * share, 3.0),
        features=scale_for(sizes("bar", 0) + depths, highest * share, 5.0),
        length=scale_for(sizes("strip", 0), STRIP_LONGEST * share, 10.0),
    )


def _shape_of(part: Part, scales: Scales) -> tuple[float, float, tuple[float, float]]:
    """How wide and high the front of a part is, and how far it goes back."""
    if part.form == "volume":
        channels, height, width = part.size
        back = scales.side(width) / HIGHEST * DEEPEST
        return scales.channels(channels), scales.side(height), (back, back * 0.8)
    if part.form == "bar":
        return BAR_W, scales.features(part.size[0]), (0.0, 0.0)
    if part.form == "strip":
        return scales.length(part.size[0]), scales.features(part.size[1]), (0.0, 0.0)
    side = 2 * JOIN_R if part.form == "join" else UNKNOWN_PT
    return side, side, (0.0, 0.0)


def placed(
    parts: Sequence[Part],
    scales: Scales,
    column: Mapping[NodeId, int],
    lane_of: Mapping[NodeId, int],
) -> Placed:
    """Every part at its place: columns as wide and lanes as high as what is in them."""
    shapes = {part.id: _shape_of(part, scales) for part in parts}
    widths: dict[int, float] = {}
    above: dict[int, float] = {}
    below: dict[int, float] = {}
    for part in parts:
        width, height, (dx, dy) = shapes[part.id]
        words = label_width(part.labels)
        if part.form == "join":  # they begin at its middle
            words = 2 * (JOIN_WORDS + words) - GAP
        wide = max(width + dx, words)
        at, lane = column[part.id], lane_of[part.id]
        widths[at] = max(widths.get(at, 0.0), wide)
        above[lane] = max(above.get(lane, 0.0), (height + dy) / 2)
        under = (height + dy) / 2 + LABEL_GAP + LINE_PT * len(part.labels)
        below[lane] = max(below.get(lane, 0.0), under)
    left, x = {}, MARGIN
    for at in sorted(widths):
        left[at] = x
        x += widths[at] + GAP
    axis, y = {}, MARGIN
    for lane in sorted(above):
        axis[lane] = y + above[lane]
        y += above[lane] + below[lane] + LANE_GAP
    boxes = {}
    for part in parts:
        width, height, back = shapes[part.id]
        at = column[part.id]
        start = left[at] + (widths[at] - width - back[0]) / 2
        top = axis[lane_of[part.id]] - (height + back[1]) / 2
        boxes[part.id] = Box(part, start, top + back[1], width, height, back)
    gutter = {at: left[at] + widths[at] + GAP / 2 for at in left}
    return Placed(boxes, column, lane_of, gutter)


def label_width(labels: Iterable[str]) -> float:
    return max((len(text) * LABEL_PT * GLYPH_W for text in labels), default=0.0)
