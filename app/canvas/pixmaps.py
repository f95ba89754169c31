"""Stores of what is painted many times: as pixmaps, or as stamps where pixmaps cannot be."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap

MOST_BYTES = 64 * 2**20


class Stamp(Protocol):
    """Draws itself wherever it is wanted, without a pixmap.

    Pixmaps belong to the UI thread, and would be dots in a picture made of lines.
    """

    def width(self) -> int: ...

    def height(self) -> int: ...

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Draws itself with its corner at a place of the device."""


class Cache(Protocol):
    """Where painters get what they draw many times."""

    def get(
        self, key: Hashable, width: int, height: int, paint: Callable[[QPainter], None]
    ) -> QPixmap | Stamp:
        """What is known by that key; painted, on clear ground, where it is not there yet."""


class PixmapCache:
    """Pixmaps by what they show, up to a number of bytes."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._pixmaps: OrderedDict[Hashable, QPixmap] = OrderedDict()

    def get(
        self, key: Hashable, width: int, height: int, paint: Callable[[QPainter], None]
    ) -> QPixmap:
        """The pixmap of that key; painted, on clear ground, where it is not there yet."""
        found = self._pixmaps.get(key)
        if found is not None:
            self._pixmaps.move_to_end(key)
            return found
        pixmap = QPixmap(max(width, 1), max(height, 1))
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint(painter)
        self._pixmaps[key] = pixmap
        self._bytes += _bytes_of(pixmap)
        while self._bytes > self._most and len(self._pixmaps) > 1:
            self._bytes -= _bytes_of(self._pixmaps.popitem(last=False)[1])
        return pixmap


def _bytes_of(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
