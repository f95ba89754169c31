"""The frame that a zoom began with, stretched: large views take too long to paint at each step."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap

from app.canvas.camera import Camera
from app.canvas.frame import Frame
from app.canvas.geometry import Box

SLOW_S = 0.016
"""Of the thread: a view that is painted sooner needs nothing in its place."""
MOST = 24.0
"""A picture stretched further than this shows nothing any more."""
Paint = Callable[[Frame], None]
PaintAround = Callable[[Frame, Box], None]


class Stretched:
    """A picture of a view, shown in the place of others until the view rests.

    Attributes:
        is_shown: whether the last frame was the picture of another view.
    """

    def __init__(self) -> None:
        self._picture: QPixmap | None = None
        self._key: object = None
        self._camera = Camera(1.0)
        self.is_shown = False

    def forget(self) -> None:
        """Frees the picture."""
        self._picture = None
        self.is_shown = False

    def draw(
        self, painter: QPainter, camera: Camera, size: tuple[float, float], ratio: float,
        key: object, paint: Paint, around: PaintAround,
    ) -> None:  # fmt: skip
        """Draws the picture as the camera would see it, after painting it where there is none.

        Args:
            key: equals that of the last time where the drawing looks the same.
            paint: paints all that is in view.
            around: paints what is in view but not in a box of the canvas, in no time.
        """
        share = camera.scale / self._camera.scale
        if self._picture is None or key != self._key or share > MOST:
            self._make(camera, size, ratio, key, paint)
        picture, was = self._picture, self._camera
        assert picture is not None
        share = camera.scale / was.scale
        self.is_shown = camera != was
        place = QRectF(
            camera.dx - was.dx * share, camera.dy - was.dy * share,
            size[0] * share, size[1] * share,
        )  # fmt: skip
        view = QRectF(0, 0, *size)
        if not place.contains(view):
            around(Frame.of(painter, camera, size, ratio), was.seen(*size))
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.is_shown)
        painter.drawPixmap(place, picture, QRectF(picture.rect()))

    def _make(
        self, camera: Camera, size: tuple[float, float], ratio: float, key: object, paint: Paint
    ) -> None:
        picture = QPixmap(round(size[0] * ratio), round(size[1] * ratio))
        picture.setDevicePixelRatio(ratio)
        with QPainter(picture) as inside:
            paint(Frame.of(inside, camera, size, ratio))
        self._picture, self._key, self._camera = picture, key, camera
