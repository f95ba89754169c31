"""Copied blocks on the clipboard of the desktop, as text that can also go by mail."""

from __future__ import annotations

import weakref

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from app.canvas.geometry import NODE_H, NODE_W, Box
from graph.clipboard import Clip
from graph.fileio import clip_from_text, clip_to_text

MIME_TYPE = "application/x-torchloom-clip"


_last: tuple[str, weakref.ref[object]] | None = None


def put(clip: Clip, owner: object) -> None:
    """Puts blocks on the clipboard; `owner` is whose blocks they are."""
    global _last
    text = clip_to_text(clip)
    _last = (text, weakref.ref(owner))
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


def is_from(owner: object) -> bool:
    """Whether what is on the clipboard was copied from this owner, in this program."""
    return _last is not None and _last[1]() is owner and _last[0] == _text()


def box_of(clip: Clip) -> Box:
    """The box around what was copied, where it was."""
    boxes = [each.box for each in clip.remarks]
    boxes += [(node.x, node.y, node.x + NODE_W, node.y + NODE_H) for node in clip.nodes]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


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
