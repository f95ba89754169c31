"""Titles of blocks that are seen from further away."""

import pytest
from PySide6.QtGui import QColor

from app.canvas import Canvas
from app.session import Session
from app.theme import DARK
from tests.drawing import chain


@pytest.mark.parametrize("scale", [0.27, 0.34, 0.41, 0.5])
def test_titles_can_be_read_when_a_drawing_is_seen_whole(qtbot, scale):
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.set_theme(DARK)
    canvas.resize(600, 500)
    canvas.set_session(Session(chain("relu relu")))
    canvas.zoom_to(scale)
    image = canvas.grab().toImage()
    x, y, width, height = canvas.mirror.rect[0].tolist()
    left, top = canvas.camera.to_view(x + 46, y)
    right, bottom = canvas.camera.to_view(x + width - 12, y + height)
    rows = [
        row
        for row in range(int(top), int(bottom))
        if max(QColor(image.pixel(at, row)).lightness() for at in range(int(left), int(right)))
        > 180
    ]
    assert len(rows) >= 6, "letters are at least six pixels high"
