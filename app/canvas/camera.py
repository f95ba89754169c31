"""Which part of the canvas is seen, how large, as a value."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.canvas.geometry import Box

SMALLEST = 0.02
LARGEST = 4.0
MARGIN = 48.0
RIM = 12.0
OVERVIEW, READABLE, OPENING = 0.2, 0.5, 0.75
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Camera:
    """View = canvas * scale + (dx, dy), in px of the widget."""

    scale: float = 1.0
    dx: float = 0.0
    dy: float = 0.0

    def to_canvas(self, x: float, y: float) -> Point:
        """The place on the canvas under a place in the view."""
        return (x - self.dx) / self.scale, (y - self.dy) / self.scale

    def to_view(self, x: float, y: float) -> Point:
        """The place in the view of a place on the canvas."""
        return x * self.scale + self.dx, y * self.scale + self.dy

    def panned(self, dx: float, dy: float) -> Camera:
        """Moved by that many px of the view."""
        return Camera(self.scale, self.dx + dx, self.dy + dy)

    def zoomed(self, factor: float, x: float, y: float) -> Camera:
        """Larger by a factor, with the canvas under this place of the view kept there."""
        return self.scaled(self.scale * factor, x, y)

    def scaled(self, scale: float, x: float, y: float) -> Camera:
        """At another scale, within what is sensible, with this place of the view kept."""
        scale = min(max(scale, SMALLEST), LARGEST)
        factor = scale / self.scale
        return Camera(scale, x - (x - self.dx) * factor, y - (y - self.dy) * factor)

    def seen(self, width: float, height: float) -> Box:
        """The box of the canvas that a view of that size shows."""
        return (*self.to_canvas(0, 0), *self.to_canvas(width, height))

    def centred(self, box: Box, width: float, height: float) -> Camera:
        """With the middle of the box in the middle of the view."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return Camera(self.scale, width / 2 - x * self.scale, height / 2 - y * self.scale)


def between(start: Camera, end: Camera, share: float) -> Camera:
    """The camera on the straight way from one to another."""
    return Camera(
        start.scale + share * (end.scale - start.scale),
        start.dx + share * (end.dx - start.dx),
        start.dy + share * (end.dy - start.dy),
    )


def brought_in(camera: Camera, box: Box, width: float, height: float) -> Camera:
    """The camera moved by no more than shows a box with a margin; smaller where it needs to be."""
    scale = min(camera.scale, fitted(box, width, height).scale)
    if scale < camera.scale:
        return Camera(scale).centred(box, width, height)
    left, top = camera.to_view(box[0], box[1])
    right, bottom = camera.to_view(box[2], box[3])
    return camera.panned(_step_in(left, right, width), _step_in(top, bottom, height))


def _step_in(low: float, high: float, room: float) -> float:
    """How far to move what reaches from low to high, so that it keeps a margin in the room."""
    if low < MARGIN:
        return MARGIN - low
    return min(room - MARGIN - high, 0.0)


def fitted(box: Box, width: float, height: float, margin: float = MARGIN) -> Camera:
    """The camera that shows a whole box, not larger than life."""
    room_x, room_y = max(width - 2 * margin, 16.0), max(height - 2 * margin, 16.0)
    scale = min(room_x / max(box[2] - box[0], 1.0), room_y / max(box[3] - box[1], 1.0), 1.0)
    return Camera(max(scale, SMALLEST)).centred(box, width, height)


def first_view(box: Box, width: float, height: float) -> Camera:
    """The camera for a drawing just opened: all of it, or its top where that would be too small.

    A drawing of very many blocks is shown whole all the same, as a map.
    """
    whole = fitted(box, width, height)
    if not OVERVIEW < whole.scale < READABLE:
        return whole
    left, top, right, _ = box
    scale = min(OPENING, fitted((left, top, right, top), width, height).scale)
    part = Camera(scale).centred((left, top, right, top), width, height)
    return part.panned(0, MARGIN - part.to_view(left, top)[1])


def wheel_factor(delta: float) -> float:
    """How much a turn of the wheel enlarges; 120 is one notch."""
    return math.exp(delta / 120 * 0.18)


def meets(camera: Camera, box: Box, width: float, height: float) -> bool:
    """Whether some of a box can be seen: more than its rim."""
    left, top, right, bottom = camera.seen(width, height)
    rim = RIM / camera.scale
    return (
        box[0] < right - rim
        and box[2] > left + rim
        and box[1] < bottom - rim
        and box[3] > top + rim
    )


def shows(camera: Camera, box: Box, width: float, height: float) -> bool:
    """Whether a box is entirely in view."""
    left, top, right, bottom = camera.seen(width, height)
    return left <= box[0] and top <= box[1] and box[2] <= right and box[3] <= bottom
