"""One frame to paint: where the canvas lies on the device, and how arrays get to the painter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

import numpy as np
import shiboken6
from PySide6.QtCore import QLineF, QRect, QRectF
from PySide6.QtGui import QPainter, QPixmap, QTransform

from app.canvas.camera import Camera
from app.canvas.geometry import Box, Floats
from app.canvas.pixmaps import Stamp

FAR_BELOW = 0.25
MID_BELOW = 0.65
MOST_IN_DETAIL = 900
Wrapped = TypeVar("Wrapped", bound=shiboken6.Object)


class Detail(IntEnum):
    """How much is drawn of each block."""

    FAR = 0
    MID = 1
    NEAR = 2


def detail_at(scale: float, blocks_seen: int) -> Detail:
    """The detail that can be read at a scale, with that many blocks in view."""
    if scale < FAR_BELOW or blocks_seen > MOST_IN_DETAIL:
        return Detail.FAR
    return Detail.MID if scale < MID_BELOW else Detail.NEAR


@dataclass(frozen=True)
class Frame:
    """Device = canvas * scale + (dx, dy), in px of the device, of which `ratio` make one of Qt."""

    painter: QPainter
    width: float
    height: float
    ratio: float
    scale: float
    dx: float
    dy: float

    @staticmethod
    def of(painter: QPainter, camera: Camera, size: tuple[float, float], ratio: float) -> Frame:
        """A frame whose origin lies on a whole px of the device, so that nothing trembles."""
        return Frame(
            painter,
            size[0] * ratio,
            size[1] * ratio,
            ratio,
            camera.scale * ratio,
            float(round(camera.dx * ratio)),
            float(round(camera.dy * ratio)),
        )

    @property
    def seen(self) -> Box:
        """The box of the canvas that is in view."""
        return (
            -self.dx / self.scale,
            -self.dy / self.scale,
            (self.width - self.dx) / self.scale,
            (self.height - self.dy) / self.scale,
        )

    def of_view(self, rect: QRect) -> Box:
        """The box of the canvas in a rect of the widget, in px of Qt."""
        return (
            (rect.x() * self.ratio - self.dx) / self.scale,
            (rect.y() * self.ratio - self.dy) / self.scale,
            ((rect.x() + rect.width()) * self.ratio - self.dx) / self.scale,
            ((rect.y() + rect.height()) * self.ratio - self.dy) / self.scale,
        )

    def use_device(self, *, smooth: bool) -> None:
        """Draws in px of the device from now on."""
        self.painter.setTransform(QTransform.fromScale(1 / self.ratio, 1 / self.ratio))
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)

    def use_canvas(self) -> None:
        """Draws in px of the canvas from now on, smoothly."""
        to_qt = 1 / self.ratio
        scale = self.scale * to_qt
        self.painter.setTransform(QTransform(scale, 0, 0, scale, self.dx * to_qt, self.dy * to_qt))
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def on_device(self, points: Floats) -> Floats:
        """Canvas coordinates, x and y in turns, as px of the device."""
        moved = points * self.scale
        moved[..., 0::2] += self.dx
        moved[..., 1::2] += self.dy
        return np.ascontiguousarray(moved)


def draw_rects(painter: QPainter, rects: Floats) -> None:
    """Draws rows of x, y, width, height, without copying them."""
    if len(rects):
        painter.drawRects(_first(QRectF, rects), len(rects))


def draw_lines(painter: QPainter, lines: Floats) -> None:
    """Draws rows of x1, y1, x2, y2, without copying them."""
    if len(lines):
        painter.drawLines(_first(QLineF, lines), len(lines))


def draw_copies(
    painter: QPainter, pixmap: QPixmap | Stamp, centres: Floats, opacity: float = 1.0
) -> None:
    """Draws a pixmap, unscaled, around each of these points of the device."""
    if not len(centres):
        return
    if not isinstance(pixmap, QPixmap):
        painter.save()
        try:
            for x, y in (centres - np.array([pixmap.width(), pixmap.height()]) / 2).tolist():
                pixmap.draw(painter, x, y)
        finally:
            painter.restore()
        return
    copies = np.zeros((len(centres), 10))
    copies[:, 0:2] = centres
    copies[:, 4], copies[:, 5] = pixmap.width(), pixmap.height()
    copies[:, 6] = copies[:, 7] = 1.0
    copies[:, 9] = opacity
    first = _first(QPainter.PixmapFragment, copies)
    painter.drawPixmapFragments(first, len(copies), pixmap)


def _first(kind: type[Wrapped], rows: Floats) -> Wrapped:
    """The first row as Qt sees it; good only while the array lives, so never kept."""
    first = shiboken6.wrapInstance(rows.ctypes.data, kind)
    assert isinstance(first, kind)
    return first
