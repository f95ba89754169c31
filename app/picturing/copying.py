"""A picture of the selected blocks on the clipboard, with their drawing in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from app.i18n import tr_count
from app.messages import Message
from app.picturing.raster import painted, png_bytes
from app.picturing.wish import Wish, scene_seen
from app.typed import hand_over
from graph.pictures import png, wrapped
from graph.problems import UserError

if TYPE_CHECKING:
    from app.window import Window

MOST_PX = 8_000_000
"""So that it is there at once, and a chat takes it."""
SCALE = 2.0


def copy_picture(window: Window) -> None:
    """Puts a picture on the clipboard: of the selection, or of everything where there is none."""
    hand_over(window)
    session = window.session
    try:
        scene = scene_seen(session, window.canvas.options, only_chosen=True)
        width, height = scene.size(1.0)
        scale = min(SCALE, (MOST_PX / (width * height)) ** 0.5)
        image = painted(scene, Wish("png", scale, window.theme))
        carried = wrapped(scene.document)
        data = QMimeData()
        data.setData("image/png", png.with_text(png_bytes(image), carried))
        image.setText(png.KEY, carried)  # for desktops that ask for an image
        data.setImageData(image)
    except UserError as error:
        session.message.emit(Message(str(error), "error"))
        return
    QGuiApplication.clipboard().setMimeData(data)
    text = tr_count(len(scene.mirror.ids), "A picture of the block is on the clipboard.",
                    "A picture of {n} blocks is on the clipboard.")  # fmt: skip
    session.message.emit(Message(text))
