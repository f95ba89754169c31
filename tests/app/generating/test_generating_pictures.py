"""New data as pictures: where each image lies, and what is black and white."""

from __future__ import annotations

import numpy as np
import pytest

from app.generating.pictures import (
    GAP_PX,
    brightness,
    columns_for,
    grid_image,
    plot_image,
    shown_of,
)
from app.generating.samples_view import lines_of, summary_of
from app.theme import THEMES


@pytest.mark.parametrize(
    ("low", "high", "wanted"), [(0, 1, (0, 1)), (-1, 1, (-1, 1)), (0, 255, (5.1, 249.9))]
)
def test_black_and_white_are_known_from_the_numbers(low, high, wanted):
    assert brightness(np.linspace(low, high, 1001)) == pytest.approx(wanted)


def test_images_lie_side_by_side_in_their_order():
    made = np.zeros((3, 1, 2, 2))
    made[1] = 1
    picture = grid_image(made, 2)
    side = (picture.width() - GAP_PX) // 2
    colours = [
        picture.pixelColor(x, y) for x, y in ((1, 1), (side + GAP_PX, 1), (1, side + GAP_PX))
    ]
    assert [colour.red() for colour in colours] == [0, 255, 0]
    assert picture.pixelColor(picture.width() - 1, picture.height() - 1).alpha() == 0
    assert picture.pixelColor(side, 0).alpha() == 0


def test_colours_stay_in_their_order():
    made = np.zeros((1, 3, 4, 4))
    made[0, 2] = 1
    assert grid_image(made, 1).pixelColor(0, 0).getRgb() == (0, 0, 255, 255)


def test_the_grid_follows_the_area():
    assert columns_for(64, 1.0) == columns_for(64, 1.3) == 8
    assert columns_for(64, 4.0) == 16
    assert columns_for(1, 3.0) == 1
    assert columns_for(10, 100.0) == 10


def test_points_are_in_the_plot_and_infinite_ones_are_left_out(qapp):
    theme = THEMES["dark"]
    picture = plot_image(np.array([[0.0, 0.0], [1.0, 2.0], [np.nan, 1.0]]), theme, 200)
    blank = plot_image(np.array([[np.inf, 0.0]]), theme, 200)
    assert picture != blank


def test_other_rows_are_numbers_as_many_as_there_is_room_for():
    made = np.arange(12.0).reshape(3, 4)
    assert lines_of(made, 2, 3) == [f"{0:10}{1:10}{2:10}  …", f"{4:10}{5:10}{6:10}  …"]
    assert lines_of(made, 9, 4)[2].split() == ["8", "9", "10", "11"]


def test_only_as_much_is_shown_as_can_be_looked_at():
    assert shown_of(np.zeros((500, 1, 8, 8))) == 400
    assert shown_of(np.zeros((9, 3, 1000, 1000), np.uint8)) == 8
    assert shown_of(np.zeros((9000, 2))) == 5000
    assert summary_of(np.zeros((500, 8, 8))).endswith(
        "The first 400 are shown; NPY and CSV files have all."
    )
