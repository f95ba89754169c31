"""Pictures as files: written whole or not at all, or the reason is told."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QPixmap

from app.i18n import tr
from graph.fileio import write_atomically
from graph.problems import UserError


def save_picture(picture: QImage | QPixmap, path: Path) -> None:
    """Writes a picture as PNG.

    Raises:
        UserError: it cannot be written; what was there is untouched.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image = picture.toImage() if isinstance(picture, QPixmap) else picture
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]  # its stub forgets text
        raise UserError(tr("The picture for {path} is too large for the memory.", path=path))
    write_atomically(path, bytes(buffer.data().data()))
