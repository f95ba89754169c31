"""Copied blocks on the clipboard of the desktop, as text that can also go by mail."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from graph.clipboard import Clip
from graph.fileio import clip_from_text, clip_to_text

MIME_TYPE = "application/x-torchloom-clip"


def put(clip: Clip) -> None:
    """Puts blocks on the clipboard."""
    text = clip_to_text(clip)
    data = QMimeData()
    data.setData(MIME_TYPE, text.encode())
    data.setText(text)
    QGuiApplication.clipboard().setMimeData(data)


def take() -> Clip:
    """The blocks on the clipboard.

    Raises:
        UserError: there are none.
    """
    return clip_from_text(_text())


def has_blocks() -> bool:
    """Whether there are blocks to paste."""
    return "torchloom-clip" in _text()


def _text() -> str:
    # the stubs do not tell that an empty clipboard may have no data
    data: QMimeData | None = QGuiApplication.clipboard().mimeData()
    if data is None:
        return ""
    if data.hasFormat(MIME_TYPE):
        return bytes(data.data(MIME_TYPE).data()).decode(errors="replace")
    return data.text()
