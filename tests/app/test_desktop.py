"""Small dealings with the desktop."""

from PySide6.QtCore import QSize

from app.desktop import first_size


def test_the_first_window_fits_the_screen_with_its_frame():
    assert first_size(QSize(2560, 1440)) == QSize(1440, 900)
    assert first_size(QSize(1366, 768)) == QSize(1350, 720)
