"""What a sample looks like as an image or a line, made in any thread; and the colours of parts."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from app.i18n import tr
from app.pixels import fitted
from app.theme import Theme
from backends.data.browsing.samples import PARTS, Picture, Shown, Unreadable, Wave

MASK_SHARE = 0.4
LINE_PX = 2.4  # on images of two pixels for one of the screen's
MASK_COLOURS = ("conv", "act", "io", "linear", "pool", "norm", "loss", "composite")

Made = QImage | Unreadable | None


def made_of(shown: Shown, size: QSize, theme: Theme) -> Made:
    """What is painted of a sample in an area of that many pixels."""
    match shown:
        case Picture():
            return image_of(shown, size, theme)
        case Wave():
            return wave_image(shown.values, size, theme)
    return shown


def image_of(picture: Picture, size: QSize, theme: Theme) -> QImage:
    """The image, its pixels enlarged without blurring; a mask lies over it in colours."""
    pixels = picture.pixels
    if picture.mask is not None:
        pixels = _masked(pixels, picture.mask, theme)
    aspects = Qt.AspectRatioMode
    return fitted(
        pixels, size, aspects.IgnoreAspectRatio if picture.is_chart else aspects.KeepAspectRatio
    )


def _masked(pixels: np.ndarray, mask: np.ndarray, theme: Theme) -> np.ndarray:
    """The image with every class but the first in a colour of its own."""
    ground = np.repeat(pixels[:, :, :1], 3, axis=2) if pixels.shape[2] == 1 else pixels[:, :, :3]
    found = ground.astype(np.float32)
    for place in range(1, int(mask.max(initial=0)) + 1):
        colour = QColor(theme.categories[MASK_COLOURS[(place - 1) % len(MASK_COLOURS)]])
        over = np.array([colour.red(), colour.green(), colour.blue()], np.float32)
        is_in = mask == place
        found[is_in] = (1 - MASK_SHARE) * found[is_in] + MASK_SHARE * over
    return np.rint(found).astype(np.uint8)


def envelope_of(values_TC: np.ndarray, places: int) -> np.ndarray:
    """The lowest and highest number at so many places at most (C, places, 2), from 0 to 1."""
    values = np.asarray(values_TC, np.float64)
    known = values[np.isfinite(values)]
    lowest, highest = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    scaled = np.full_like(values, 0.5)
    if highest > lowest:
        scaled = (values - lowest) / (highest - lowest)
    scaled = np.clip(np.nan_to_num(scaled, nan=0.5), 0, 1)
    edges = np.unique(np.linspace(0, len(scaled), min(places, len(scaled)) + 1).astype(np.int64))
    low = np.minimum.reduceat(scaled, edges[:-1], axis=0)
    high = np.maximum.reduceat(scaled, edges[:-1], axis=0)
    return np.stack([low.T, high.T], axis=2)


def wave_image(values_TC: np.ndarray, size: QSize, theme: Theme) -> QImage:
    """A series as lines on no ground, each channel in a colour of its own."""
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    if not len(values_TC):
        return image
    colours = [theme.accent, *(theme.categories[name] for name in MASK_COLOURS[1:])]
    inside = QRectF(0, 0, size.width(), size.height()).adjusted(4, 8, -4, -8)
    found = envelope_of(values_TC, size.width() // 2)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for channel, ends in enumerate(found.tolist()):
            painter.setPen(QPen(QColor(colours[channel % len(colours)]), LINE_PX))
            step = inside.width() / max(len(ends) - 1, 1)
            points = [
                QPointF(inside.left() + at * step, inside.bottom() - share * inside.height())
                for at, pair in enumerate(ends)
                for share in (pair if pair[0] != pair[1] else pair[:1])
            ]
            painter.drawPolyline(points)
    return image


def paint_made(
    painter: QPainter, area: QRectF, made: Made, theme: Theme, *, fills: bool = False
) -> None:
    """Paints what was made into an area, in its middle; `fills` stretches it to all of that."""
    if isinstance(made, QImage):
        aspects = Qt.AspectRatioMode
        aspect = aspects.IgnoreAspectRatio if fills else aspects.KeepAspectRatio
        size = made.size().scaled(area.size().toSize(), aspect)
        box = QRectF(0, 0, size.width(), size.height())
        box.moveCenter(area.center())
        sharp = (box.size() * painter.device().devicePixelRatio()).toSize()
        if sharp.width() < made.width():  # a painter alone would leave out pixels of thin lines
            made = made.scaled(
                sharp, Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )  # fmt: skip
        painter.drawImage(box, made)
    elif isinstance(made, Unreadable):
        painter.setPen(QPen(QColor(theme.error), 1.5))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "⚠")


def part_name(part: int) -> str:
    """What a part is called."""
    return tr(PARTS[part])


def part_colour(part: int, theme: Theme) -> str:
    """The colour that stands for a part."""
    return (theme.accent, theme.warn, theme.ok, theme.dim2)[part]
