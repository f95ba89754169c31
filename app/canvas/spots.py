"""A part of a drawing that was looked at: where, how large, and inside which composite."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

from app.canvas.camera import LARGEST, SMALLEST, Camera
from graph.composites.places import TOP, Step, Way
from graph.model import NodeId

FAR = 0.5
"""Another spot is as much of the view away, or"""
MUCH_LARGER = 1.6
"""so much larger or smaller."""


@dataclass(frozen=True)
class Spot:
    """What a view shows: the place of the canvas in its middle, and at which scale."""

    way: Way
    x: float
    y: float
    scale: float

    @classmethod
    def seen(cls, way: Way, camera: Camera, width: float, height: float) -> Spot:
        """What a view of that size shows."""
        x, y = camera.to_canvas(width / 2, height / 2)
        return cls(way, x, y, camera.scale)

    def camera(self, width: float, height: float) -> Camera:
        """The camera that shows it in a view of that size."""
        return Camera(self.scale).centred((self.x, self.y, self.x, self.y), width, height)

    def is_far(self, other: Spot, width: float, height: float) -> bool:
        """Whether a person would say that the other one is elsewhere."""
        if _through(self.way) != _through(other.way):
            return True
        if max(self.scale / other.scale, other.scale / self.scale) > MUCH_LARGER:
            return True
        scale = min(self.scale, other.scale)
        dx, dy = (self.x - other.x) * scale, (self.y - other.y) * scale
        return abs(dx) > FAR * width or abs(dy) > FAR * height

    def to_text(self) -> str:
        """The spot as settings keep it."""
        way = [[step.definition, step.instance] for step in self.way]
        return json.dumps([way, round(self.x, 1), round(self.y, 1), round(self.scale, 4)])


def spot_from(text: str) -> Spot | None:
    """The spot read back; None where the text is none."""
    try:
        way, x, y, scale = json.loads(text)
        steps = tuple(Step(str(name), NodeId(str(id)) if id else None) for name, id in way)
        x, y, scale = float(x), float(y), float(scale)
    except (ValueError, TypeError, OverflowError):
        return None
    if not all(map(math.isfinite, (x, y, scale))):
        return None
    return Spot(steps or TOP, x, y, min(max(scale, SMALLEST), LARGEST))


Bookmarks = Mapping[int, Spot]


def _through(way: Way) -> list[str]:
    """What one goes through on a way, whatever it is called now."""
    return [step.instance or step.definition for step in way]
