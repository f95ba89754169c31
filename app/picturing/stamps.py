"""What stands in for pixmaps in pictures: images, lines drawn anew, or references to a symbol."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QImage, QPainter

Paint = Callable[[QPainter], None]
Watch = Callable[[], None]
"""Called now and then while a picture is made; raises `Unwanted` to end that."""

MARK, END = "\ue000", "\ue001"


class Unwanted(Exception):
    """The picture is not wanted any more; raised by a `Watch`."""


def unwatched() -> None:
    """Lets all go on."""


@dataclass(frozen=True)
class Image:
    """An image that is copied."""

    image: QImage
    watch: Watch

    def width(self) -> int:
        return self.image.width()

    def height(self) -> int:
        return self.image.height()

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        self.watch()
        painter.drawImage(QPointF(x, y), self.image)


@dataclass(frozen=True)
class Lines:
    """Lines and areas that are drawn anew each time."""

    paint: Paint
    size: tuple[int, int]
    watch: Watch

    def width(self) -> int:
        return self.size[0]

    def height(self) -> int:
        return self.size[1]

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        self.watch()
        painter.save()
        painter.translate(x, y)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        try:
            self.paint(painter)
        finally:
            painter.restore()


@dataclass(frozen=True)
class Symbol:
    """A text that names what stands there, to be made a reference once all is written."""

    number: int
    paint: Paint
    size: tuple[int, int]
    font: QFont
    watch: Watch

    def width(self) -> int:
        return self.size[0]

    def height(self) -> int:
        return self.size[1]

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        self.watch()
        painter.setPen(Qt.GlobalColor.black)
        painter.setFont(self.font)  # any: Qt asks for one
        painter.drawText(QPointF(x, y), f"{MARK}{self.number}{END}")


@dataclass
class Images:
    """A store of images, which any thread may paint."""

    watch: Watch = unwatched
    _known: dict[Hashable, Image] = field(default_factory=dict)

    def get(self, key: Hashable, width: int, height: int, paint: Paint) -> Image:
        """The image of that key."""
        found = self._known.get(key)
        if found is None:
            image = QImage(max(width, 1), max(height, 1), QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(Qt.GlobalColor.transparent)
            with QPainter(image) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                paint(painter)
            found = self._known[key] = Image(image, self.watch)
        return found


@dataclass
class Drawn:
    """Keeps nothing: all is drawn anew."""

    watch: Watch = unwatched

    def get(self, key: Hashable, width: int, height: int, paint: Paint) -> Lines:
        """What draws that."""
        return Lines(paint, (width, height), self.watch)


@dataclass
class Symbols:
    """Numbers what is drawn many times, so that it is written once."""

    watch: Watch = unwatched
    font: QFont = field(default_factory=QFont)
    known: dict[Hashable, Symbol] = field(default_factory=dict)

    def get(self, key: Hashable, width: int, height: int, paint: Paint) -> Symbol:
        """The symbol of that key."""
        found = self.known.get(key)
        if found is None:
            size = (max(width, 1), max(height, 1))
            found = self.known[key] = Symbol(len(self.known), paint, size, self.font, self.watch)
        return found
