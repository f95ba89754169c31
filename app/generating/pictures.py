"""New data as a picture: images side by side, or points of a plane."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from app.theme import Theme, colour, mono

MOST_IMAGES = 400
MOST_PX = 8_000_000
MOST_POINTS = 5000
GAP_PX = 2
TILE_PX = 64
PLOT_PX = 900
MARGIN_PX = 46


def are_points(made: np.ndarray) -> bool:
    """Whether each row is a point of a plane."""
    return made.ndim == 2 and made.shape[1] == 2


def are_images(made: np.ndarray) -> bool:
    """Whether each row is a grey or coloured image."""
    return made.ndim == 3 or (made.ndim == 4 and made.shape[1] in (1, 3))


def brightness(made: np.ndarray) -> tuple[float, float]:
    """Which numbers are black and white: 0 and 1 or −1 and 1; else the smallest and largest."""
    some = made.reshape(-1)[:: max(1, made.size // 100_000)]
    low, high = (float(value) for value in np.quantile(np.nan_to_num(some), (0.02, 0.98)))
    if high <= 1.5 and low >= -0.25:
        return 0.0, 1.0
    if high <= 1.5 and low >= -1.5:
        return -1.0, 1.0
    return low, max(high, low + 1e-6)


def shown_of(made: np.ndarray) -> int:
    """How many of them are shown, the first ones."""
    if are_points(made):
        return min(len(made), MOST_POINTS)
    if are_images(made):
        most: int = MOST_PX // (made.shape[-2] * made.shape[-1])
        return min(len(made), MOST_IMAGES, max(1, most))
    return len(made)


def sheet_of(made: np.ndarray, wide: float) -> QImage | None:
    """Images as a grid for an area that is `wide` times as wide as high; None of what is none."""
    if not are_images(made):
        return None
    height, width = made.shape[-2:]
    return grid_image(made, columns_for(shown_of(made), wide * height / width))


def columns_for(count: int, wide: float) -> int:
    """How many images stand side by side in an area that is `wide` times as wide as high.

    Where full rows are possible with about as many columns, there are as many as they take.
    """
    best = max(1, min(count, round(math.sqrt(count * wide))))
    full = [n for n in range(1, count + 1) if count % n == 0 and best <= 1.3 * n <= 1.7 * best]
    return min(full, key=lambda n: abs(n - best), default=best)


def grid_image(made: np.ndarray, columns: int) -> QImage:
    """Images in rows, each pixel as a whole number of pixels; not too many of them."""
    shown = made[: shown_of(made)]
    tiles_NHWC = shown[:, :, :, None] if shown.ndim == 3 else shown.transpose(0, 2, 3, 1)
    black, white = brightness(shown)
    grey = ((np.nan_to_num(tiles_NHWC) - black) / (white - black)).clip(0, 1) * 255
    pixels = np.broadcast_to(grey.round().astype(np.uint8), (*grey.shape[:3], 3))
    times = max(1, round(TILE_PX / max(pixels.shape[1:3])))
    pixels = pixels.repeat(times, 1).repeat(times, 2)
    count, height, width, _ = pixels.shape
    rows = math.ceil(count / columns)
    sheet = np.zeros((rows * (height + GAP_PX) - GAP_PX, columns * (width + GAP_PX) - GAP_PX, 4),
                     np.uint8)  # fmt: skip
    for place, tile in enumerate(pixels):
        y = place // columns * (height + GAP_PX)
        x = place % columns * (width + GAP_PX)
        sheet[y : y + height, x : x + width, :3] = tile
        sheet[y : y + height, x : x + width, 3] = 255
    raw = np.ascontiguousarray(sheet)
    form = QImage.Format.Format_RGBA8888
    return QImage(raw.data, raw.shape[1], raw.shape[0], raw.strides[0], form).copy()


def plot_image(made: np.ndarray, theme: Theme, side_px: int = PLOT_PX) -> QImage:
    """Points of a plane as a picture of their own."""
    image = QImage(side_px, side_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(theme.panel))
    with QPainter(image) as painter:
        paint_points(painter, QRectF(0, 0, side_px, side_px), made, theme)
    return image


def paint_points(painter: QPainter, area: QRectF, made: np.ndarray, theme: Theme) -> None:
    """Points of a plane, equally long axes, with the numbers at the ends of both."""
    points = made[: shown_of(made)]
    points = points[np.isfinite(points).all(1)]
    if not len(points):
        return
    middle = (points.max(0) + points.min(0)) / 2
    reach = max(float((points.max(0) - points.min(0)).max()) / 2 * 1.06, 1e-6)
    side = min(area.width(), area.height()) - 2 * MARGIN_PX
    box = QRectF(0, 0, side, side)
    box.moveCenter(area.center())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.setBrush(QColor(theme.canvas))
    painter.drawRoundedRect(box, 6, 6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(theme.accent, 0.75 if len(points) < 2000 else 0.4))
    radius = 2.6 if len(points) < 500 else 1.7
    scale = side / (2 * reach)
    for x, y in (points - middle) * scale:
        painter.drawEllipse(box.center() + QPointF(float(x), -float(y)), radius, radius)
    painter.setPen(QColor(theme.dim))
    painter.setFont(mono(10))
    flags = Qt.AlignmentFlag
    ends = [(f"{middle[at] - reach:.3g}", f"{middle[at] + reach:.3g}") for at in (0, 1)]
    below = QRectF(box.left(), box.bottom() + 6, side, 16)
    painter.drawText(below, flags.AlignLeft, ends[0][0])
    painter.drawText(below, flags.AlignRight, ends[0][1])
    beside = QRectF(box.left() - MARGIN_PX, box.top(), MARGIN_PX - 6, side)
    painter.drawText(beside, flags.AlignRight | flags.AlignBottom, ends[1][0])
    painter.drawText(beside, flags.AlignRight | flags.AlignTop, ends[1][1])
