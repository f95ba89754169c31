"""What is dropped or pasted from elsewhere: drawings, pictures that carry one, and texts."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from app.canvas.clipboard import has_blocks
from app.i18n import tr
from app.messages import Message
from graph.fileio import CLIP, LARGEST_BYTES, SUFFIX, WHOLE, Loaded, loads
from graph.pictures import is_picture, load_picture, loads_picture
from graph.problems import UserError
from graph.quoted import find_json

if TYPE_CHECKING:
    from app.session import Session
    from app.window import Window

FORMATS = ("image/png", "image/svg+xml")
Read = Callable[[], Loaded]


def files_in(data: QMimeData) -> list[Path]:
    """The drawings and pictures among dropped or copied files."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() == SUFFIX or is_picture(path)]


def can_receive(data: QMimeData) -> bool:
    """Whether there is anything in it that may be opened."""
    return bool(files_in(data)) or any(data.hasFormat(format) for format in FORMATS)


def receive(window: Window, data: QMimeData) -> bool:
    """Opens what was dropped or pasted; whether there was anything that may hold a drawing."""
    files = files_in(data)
    for path in files:
        window.files.open(path)
    if files:
        return True
    for format in FORMATS:
        if data.hasFormat(format):
            raw = bytes(data.data(format).data())
            open_read(window, partial(loads_picture, raw, tr("the picture")), tr("the picture"))
            return True
    drawing = _drawing_in(data.text()) if data.hasText() else None
    if drawing is not None:
        open_read(window, partial(loads, drawing, tr("The text")), tr("the text"))
    return drawing is not None


def _drawing_in(text: str) -> str | None:
    """The text of a whole drawing, as a file has it, within a text; None where there is none."""
    found = find_json(text, WHOLE) if len(text) < LARGEST_BYTES else None
    return json.dumps(found) if found is not None and CLIP not in found else None


def open_picture(window: Window, path: Path) -> Session | None:
    """Opens the drawing that a picture's file carries, as a document without a file."""
    return open_read(window, partial(load_picture, path), path.name, saved=True)


def open_read(window: Window, read: Read, source: str, *, saved: bool = False) -> Session | None:
    """Opens what is read in a tab of its own, or tells why it cannot be.

    Args:
        saved: it can be opened again, so that closing it loses nothing.
    """
    try:
        loaded = read()
    except UserError as error:
        window.tell(Message(str(error)[:1].upper() + str(error)[1:], "error"))
        return None
    session = window.files.open_drawn(loaded.document, read_only=loaded.read_only, saved=saved)
    for note in loaded.notes:
        session.message.emit(Message(note, "warning"))
    if not loaded.notes:
        text = tr("This is the drawing that {source} carries. Save it to keep it.", source=source)
        session.message.emit(Message(text))
    return session


def paste(window: Window) -> None:
    """Pastes blocks into the drawing in front; a picture or a whole drawing opens in a tab."""
    data: QMimeData | None = QGuiApplication.clipboard().mimeData()
    if has_blocks() or data is None or not receive(window, data):
        window.canvas.paste()
