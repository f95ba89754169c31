"""The figure of a network: boxes, bars and strips along the flow, with what leads from one on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph.figure.boxes import (
    GLYPH_W,
    JOIN_R,
    JOIN_WORDS,
    LABEL_GAP,
    LABEL_PT,
    LINE_PT,
    MARGIN,
    Box,
    Scales,
    label_width,
    placed,
    scales_of,
)
from graph.figure.links import Linked, links_of
from graph.figure.parts import Part, parts_of
from graph.figure.places import columns_of, lanes_of
from graph.figure.shapes import Area, Disc, Figure, Line, Shape, Words, mixed
from graph.model import Document, NodeId

MOST_CELLS = 32
LANES_IN_FULL, LEAST_SHARE = 2, 0.45
INK, FAINT = "#2b2f36", "#7a818c"

COLOURS: Mapping[str, str] = {
    "io": "#ffffff", "conv": "#bfd3f2", "pool": "#f3c5b5", "linear": "#c9e4c5",
    "recurrent": "#bfe3ea", "attention": "#ead0ee", "composite": "#d9d6f2", "merge": "#e3e5e9",
    "norm": "#d4ece9", "act": "#f7dfb4", "regular": "#ebe6d2", "loss": "#f3cfd2",
    "unknown": "#f4f4f4",
}  # fmt: skip


def figure_of(document: Document) -> Figure:
    """The figure of a document.

    Raises:
        UserError: there is nothing to draw, or too much.
    """
    parts = parts_of(document)
    column = columns_of(parts)
    lane = lanes_of(parts, column)
    scales = scales_of(parts, min(1.0, max(LANES_IN_FULL / len(set(lane.values())), LEAST_SHARE)))
    there = placed(parts, scales, column, lane)
    title = document.scope.definition if document.scope else document.name
    return _figure(title, parts, there.boxes, links_of(parts, there), scales)


def _figure(
    name: str,
    parts: Sequence[Part],
    boxes: Mapping[NodeId, Box],
    linked: Linked,
    scales: Scales,
) -> Figure:
    shapes: list[Shape] = []
    for part in parts:
        shapes += linked.before.get(part.id, ())
        shapes += _drawn(boxes[part.id])
        shapes += linked.patches.get(part.id, ())
    for part in parts:
        shapes += _labels(boxes[part.id])
    right = max(max(box.end, _labels_end(box)) for box in boxes.values())
    bottom = max(
        box.y + box.height + LABEL_GAP + LINE_PT * len(box.part.labels) for box in boxes.values()
    )
    bottom = max(bottom, linked.bottom)
    caption = _caption(parts, scales)
    shapes.append(Words((MARGIN, bottom + 16), caption, 7.0, FAINT, "start"))
    wide = max(right, MARGIN + len(caption) * 7.0 * GLYPH_W) + MARGIN
    lift = MARGIN - min([linked.top, *(box.top for box in boxes.values())])
    return Figure(
        round(wide, 2),
        round(bottom + lift + 16 + MARGIN / 2, 2),
        name,
        tuple(_moved(shape, lift) for shape in shapes),
    )


def _labels_end(box: Box) -> float:
    """How far to the right the labels of a part may reach."""
    middle, wide = (box.x + box.end) / 2, label_width(box.part.labels)
    return middle + (JOIN_WORDS + wide if box.part.form == "join" else wide / 2)


def _caption(parts: Sequence[Part], scales: Scales) -> str:
    """How sizes are drawn, so that nobody has to guess."""
    forms = {part.form for part in parts}
    told = []
    if "volume" in forms:
        told.append(
            f"Volumes: height and width {scales.side.words}, channels {scales.channels.words}"
        )
    if "strip" in forms:
        told.append(f"strips: length {scales.length.words}")
    if forms & {"bar", "strip"}:
        told.append(f"features {scales.features.words}")
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _drawn(box: Box) -> list[Shape]:
    part, tone = box.part, COLOURS.get(box.part.colour, COLOURS["unknown"])
    edge = mixed(tone, "#1c2430", 0.62)
    x, y, width, height = box.x, box.y, box.width, box.height
    if part.form == "join":
        centre = (x + width / 2, y + height / 2)
        size = 11.0 if len(part.sign) == 1 else 7.5
        words = Words((centre[0], centre[1] + size * 0.35), part.sign, size, INK)
        return [Disc(centre, JOIN_R, "#ffffff", INK), words]
    front = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    if part.form == "unknown":
        words = Words((x + width / 2, y + height / 2 + 4), "?", 12.0, FAINT)
        return [Area(front, tone, FAINT, dashed=True), words]
    if part.form == "strip":
        return [Area(front, tone, edge), *_cells(box, edge)]
    if part.form == "bar":
        return [Area(front, tone, edge)]
    dx, dy = box.back
    top = ((x, y), (x + dx, y - dy), (x + width + dx, y - dy), (x + width, y))
    side = (
        (x + width, y), (x + width + dx, y - dy), (x + width + dx, y + height - dy),
        (x + width, y + height),
    )  # fmt: skip
    return [
        Area(front, tone, edge),
        Area(top, mixed(tone, "#ffffff", 0.45), edge),
        Area(side, mixed(tone, "#1c2430", 0.10), edge),
    ]


def _cells(box: Box, edge: str) -> list[Shape]:
    """The steps of a sequence; where there are too many, some of them."""
    count = min(box.part.size[0], MOST_CELLS, max(int(box.width / 4), 1))
    step = box.width / count
    return [
        Line(((box.x + n * step, box.y), (box.x + n * step, box.y + box.height)), edge, 0.4)
        for n in range(1, count)
    ]


def _labels(box: Box) -> list[Shape]:
    middle = (box.x + box.end) / 2
    first = box.y + box.height + LABEL_GAP
    last = len(box.part.labels) - 1
    if box.part.form == "join":  # beside the line that may come from below
        first -= 4
        return [
            Words((middle + JOIN_WORDS, first + LINE_PT * place), text, LABEL_PT, FAINT, "start")
            for place, text in enumerate(box.part.labels)
        ]
    return [
        Words(
            (middle, first + LINE_PT * place), text, LABEL_PT,
            INK if place < max(last, 1) else FAINT, bold=place == 0,
        )
        for place, text in enumerate(box.part.labels)
    ]  # fmt: skip


def _moved(shape: Shape, down: float) -> Shape:
    if isinstance(shape, Words):
        at = (round(shape.at[0], 2), round(shape.at[1] + down, 2))
        return Words(at, shape.text, shape.size, shape.tone, shape.anchor, shape.bold)
    if isinstance(shape, Disc):
        centre = (round(shape.centre[0], 2), round(shape.centre[1] + down, 2))
        return Disc(centre, shape.radius, shape.fill, shape.stroke, shape.width)
    points = tuple((round(x, 2), round(y + down, 2)) for x, y in shape.points)
    if isinstance(shape, Line):
        return Line(points, shape.stroke, shape.width, shape.dashed)
    return Area(points, shape.fill, shape.stroke, shape.width, shape.dashed)
