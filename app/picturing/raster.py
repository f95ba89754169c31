"""A drawing as pixels, a tile after the other, in any thread."""

from __future__ import annotations

import math

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage, QPainter

from app.canvas.camera import Camera
from app.canvas.painter import ScenePainter
from app.human import grouped
from app.i18n import tr
from app.picturing.stamps import Images, Watch, unwatched
from app.picturing.wish import Report, Scene, Wish
from graph.problems import UserError

TILE_PX = 1024


def painted(
    scene: Scene, wish: Wish, report: Report = lambda _: None, watch: Watch = unwatched
) -> QImage:
    """The picture.

    Raises:
        UserError: the memory is too small for it.
    """
    width, height = scene.size(wish.scale)
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    if image.isNull():
        raise UserError(
            tr("There is not enough memory for a picture of {width} × {height} px.",
               width=grouped(width), height=grouped(height))
        )  # fmt: skip
    image.fill(Qt.GlobalColor.transparent)
    painter = ScenePainter(scene.mirror, wish.theme, Images(watch))
    dx, dy = (float(math.floor(-edge * wish.scale)) for edge in scene.box[:2])
    tiles = [(x, y) for y in range(0, height, TILE_PX) for x in range(0, width, TILE_PX)]
    with QPainter(image) as together:
        for number, (x, y) in enumerate(tiles):
            watch()
            size = min(TILE_PX, width - x), min(TILE_PX, height - y)
            tile = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
            tile.fill(Qt.GlobalColor.transparent)
            with QPainter(tile) as part:
                painter.paint(part, Camera(wish.scale, dx - x, dy - y), size, 1.0,
                              ground=wish.ground)  # fmt: skip
            together.drawImage(x, y, tile)
            report((number + 1) / len(tiles))
    return image


def png_bytes(image: QImage) -> bytes:
    """An image as the content of a PNG file.

    Raises:
        UserError: the memory is too small for it.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]  # its stub forgets text
        raise UserError(tr("There is not enough memory to write the picture."))
    return bytes(buffer.data().data())
