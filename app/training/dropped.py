"""Files that are dragged into the dock: which kind of data source takes them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QMimeData

FOLDER = ("images", "folder")
FILES: Mapping[str, tuple[str, str]] = {
    ".csv": ("csv", "path"),
    ".csv.gz": ("csv", "path"),
    ".npy": ("npy", "path"),
    ".npz": ("npy", "path"),
    ".txt": ("text", "path"),
    ".txt.gz": ("text", "path"),
}


def local_paths(data: QMimeData) -> list[Path]:
    """The files and folders that are dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def kind_of(path: Path) -> tuple[str, str] | None:
    """The kind of source for a file or folder, and its parameter that takes the path."""
    if path.is_dir():
        return FOLDER
    name = path.name.lower()
    return next((kind for ending, kind in FILES.items() if name.endswith(ending)), None)
