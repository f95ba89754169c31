"""Bytes of pixels as images."""

import numpy as np
import pytest
from PySide6.QtCore import QSize

from app.pixels import fitted


def test_few_pixels_are_enlarged_without_blurring_them(qapp):
    board = np.array([[0, 255], [255, 0]], np.uint8)[:, :, None]
    image = fitted(board, QSize(20, 20))
    assert {image.pixelColor(x, 4).red() for x in range(20)} == {0, 255}


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("side", [5, 60, 90])
def test_an_image_of_any_size_keeps_its_colour_and_fits(qapp, side, channels):
    image = fitted(np.full((side, 2 * side, channels), 77, np.uint8), QSize(60, 60))
    assert (image.width(), image.height()) == (60, 30)
    assert abs(image.pixelColor(3, 3).red() - 77) <= 2  # Qt rounds what can be seen through
