"""A drawing as a picture, without a widget."""

from __future__ import annotations

from PySide6.QtGui import QImage, QPainter

from app.canvas.camera import Camera, fitted
from app.canvas.mirror import Mirror
from app.canvas.painter import ScenePainter
from app.theme import Theme
from graph.check import check
from graph.infer import infer
from graph.kinds import kinds_of
from graph.model import Document

MARGIN = 48.0
EMPTY_SIZE = (960, 640)
LARGEST_SIDE = 16_000


def render_document(document: Document, theme: Theme, size: tuple[int, int] | None) -> QImage:
    """A picture of a document, fitted into that many px, or as large as the drawing needs."""
    registry = kinds_of(document)
    typing = infer(document, None, registry)
    mirror = Mirror(registry)
    mirror.rebuild(document, typing, check(document, typing, registry))
    if size is None:
        return render_mirror(mirror, theme, 1.0)
    box = mirror.bounds()
    camera = fitted(box, *size) if box else Camera(1.0, size[0] / 2, size[1] / 2)
    return _painted(mirror, theme, camera, size)


def render_mirror(mirror: Mirror, theme: Theme, scale: float) -> QImage:
    """A picture of the whole drawing, `scale` px for each px of the canvas, as far as it fits."""
    box = mirror.bounds()
    if box is None:
        return _painted(mirror, theme, Camera(scale), _scaled(EMPTY_SIZE, scale))
    wanted = box[2] - box[0] + 2 * MARGIN, box[3] - box[1] + 2 * MARGIN
    scale = min(scale, LARGEST_SIDE / max(wanted))
    size = _scaled(wanted, scale)
    return _painted(mirror, theme, Camera(scale).centred(box, *size), size)


def _scaled(size: tuple[float, float], scale: float) -> tuple[int, int]:
    return max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)


def _painted(mirror: Mirror, theme: Theme, camera: Camera, size: tuple[int, int]) -> QImage:
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    with QPainter(image) as painter:
        ScenePainter(mirror, theme).paint(painter, camera, size, 1.0)
    return image
