"""The frame before, kept as a picture: what has not changed since is copied, not painted anew."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPixmap

from app.canvas.camera import Camera
from app.canvas.frame import Frame
from app.canvas.geometry import Box

Paint = Callable[[Frame, Box], None]
"""Paints what lies in a box of the canvas, over whatever was there."""


class Layer:
    """A picture of what stays while a gesture is under way.

    A view that moved by whole px of the device shifts the picture, and paints only the two strips
    that come into view.
    """

    def __init__(self, *, clear: bool = False) -> None:
        self._is_clear = clear
        self._picture: QPixmap | None = None
        self._key: object = None
        self._at = (0, 0)

    def forget(self) -> None:
        """Frees the picture."""
        self._picture = None

    def draw(
        self, painter: QPainter, camera: Camera, size: tuple[float, float], ratio: float,
        key: object, paint: Paint, drift: tuple[float, float] = (0.0, 0.0),
    ) -> None:  # fmt: skip
        """Draws the picture, after painting of it what is new.

        Args:
            painter: of the widget.
            camera: the present view.
            size: of the widget in px of Qt.
            ratio: px of the device for one of Qt.
            key: equals that of the last time where nothing but the place of the view differs.
            paint: paints a part.
            drift: how far all that is in the picture has moved over the canvas, in px of it.
        """
        width, height = round(size[0] * ratio), round(size[1] * ratio)
        scale = camera.scale * ratio
        at = (
            round(camera.dx * ratio) + round(drift[0] * scale),
            round(camera.dy * ratio) + round(drift[1] * scale),
        )
        step = (at[0] - self._at[0], at[1] - self._at[1])
        picture = self._picture
        if picture is None or picture.width() != width or picture.height() != height:
            picture = self._picture = QPixmap(width, height)
            picture.setDevicePixelRatio(ratio)
            if self._is_clear:
                picture.fill(Qt.GlobalColor.transparent)  # gives it a channel for that
            self._key = None
        if self._key != key or abs(step[0]) >= width or abs(step[1]) >= height:
            strips = [QRect(0, 0, width, height)]
        else:
            strips = _strips(step, width, height)
            if strips:
                picture.scroll(*step, QRect(0, 0, width, height))
        self._key, self._at = key, at
        if strips:
            with QPainter(picture) as inside:
                frame = Frame.of(inside, camera, size, ratio)
                for strip in strips:
                    _clip(inside, strip, ratio)
                    if self._is_clear:
                        inside.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
                        inside.fillRect(0, 0, width, height, Qt.GlobalColor.transparent)
                        inside.setCompositionMode(
                            QPainter.CompositionMode.CompositionMode_SourceOver
                        )
                    paint(frame, _on_canvas(frame, strip))
        painter.resetTransform()
        painter.drawPixmap(0, 0, picture)


def _strips(step: tuple[int, int], width: int, height: int) -> list[QRect]:
    """What comes into view, in px of the device, where the picture moves by a step."""
    dx, dy = step
    strips = []
    if dx:
        strips.append(QRect(0 if dx > 0 else width + dx, 0, abs(dx), height))
    if dy:
        strips.append(QRect(0, 0 if dy > 0 else height + dy, width, abs(dy)))
    return strips


def _clip(painter: QPainter, strip: QRect, ratio: float) -> None:
    painter.resetTransform()
    painter.scale(1 / ratio, 1 / ratio)
    painter.setClipRect(strip)
    painter.resetTransform()


def _on_canvas(frame: Frame, strip: QRect) -> Box:
    return (
        (strip.x() - frame.dx) / frame.scale,
        (strip.y() - frame.dy) / frame.scale,
        (strip.x() + strip.width() - frame.dx) / frame.scale,
        (strip.y() + strip.height() - frame.dy) / frame.scale,
    )
