"""What samples look like, without a window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor

from app.browsing.looks import envelope_of, image_of, made_of, wave_image
from app.theme import DARK
from backends.data.browsing.samples import Picture, Unreadable, Wave

SIZE = QSize(80, 80)


def test_pixels_are_enlarged_without_blurring_them():
    pixels = np.zeros((2, 4, 3), np.uint8)
    pixels[0, 0] = (255, 0, 0)
    image = image_of(Picture(pixels), SIZE, DARK)
    assert (image.width(), image.height()) == (80, 40)
    assert image.pixelColor(19, 19) == QColor(255, 0, 0)
    assert image.pixelColor(21, 19) == QColor(0, 0, 0)


def test_a_mask_is_seen_over_its_image_and_the_ground_is_not():
    pixels, mask = np.full((8, 8, 1), 100, np.uint8), np.zeros((8, 8), np.int64)
    mask[:, 4:] = 1
    mask[0] = -100
    image = image_of(Picture(pixels, mask), SIZE, DARK)
    assert image.pixelColor(5, 75) == image.pixelColor(75, 5) == QColor(100, 100, 100)
    assert image.pixelColor(75, 75).blue() > image.pixelColor(75, 75).red()


def test_a_chart_fills_its_room():
    image = image_of(Picture(np.zeros((3, 90, 1), np.uint8), is_chart=True), SIZE, DARK)
    assert image.size() == SIZE


def test_the_ends_of_a_long_series_are_kept():
    wave = np.zeros((10_000, 1))
    wave[5000], wave[7777] = 3, -1
    found = envelope_of(wave, 50)
    assert found.shape == (1, 50, 2) and (found.min(), found.max()) == (0, 1)
    assert found[0, 25, 1] == 1 and found[0, 38, 0] == 0


@pytest.mark.parametrize(
    "values", [[5.0] * 9, [np.nan] * 9, [np.inf] * 9, [np.inf, 1, 2, np.nan, 3, 1], []]
)
def test_a_series_without_a_range_can_be_painted(qapp, values):
    image = wave_image(np.array(values).reshape(-1, 1), SIZE, DARK)
    assert image.size() == SIZE


def test_what_cannot_be_read_stays_its_reason(qapp):
    assert made_of(Unreadable("no"), SIZE, DARK) == Unreadable("no")
    assert made_of(None, SIZE, DARK) is None
    assert made_of(Wave(np.arange(9.0)[:, None]), SIZE, DARK).size() == SIZE
