"""What a block carries while it is dragged from the palette to the canvas."""

from __future__ import annotations

from PySide6.QtCore import QMimeData

MIME_TYPE = "application/x-torchloom-kind"


def mime_of(kind: str) -> QMimeData:
    """The mime data of a dragged block: the name of its kind."""
    data = QMimeData()
    data.setData(MIME_TYPE, kind.encode())
    return data


def kind_in(data: QMimeData) -> str:
    """The kind of the block that is dragged; empty where something else is."""
    raw = data.data(MIME_TYPE).data()
    return bytes(raw).decode(errors="replace") if data.hasFormat(MIME_TYPE) else ""
