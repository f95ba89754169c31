"""Files that are dragged into the dock: which kind of data source takes them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, islice
from pathlib import Path

from PySide6.QtCore import QMimeData

FOLDER, SOUNDS, MASKS = ("images", "folder"), ("sounds", "folder"), ("masks", "folder")
SOUND_ENDINGS = (".wav", ".flac", ".ogg")
LOOKED_AT = 200
FILES: Mapping[str, tuple[str, str]] = {
    ".csv": ("csv", "path"),
    ".csv.gz": ("csv", "path"),
    ".tsv": ("csv", "path"),
    ".tsv.gz": ("csv", "path"),
    ".parquet": ("csv", "path"),
    ".npy": ("npy", "path"),
    ".npz": ("npy", "path"),
    ".safetensors": ("npy", "path"),
    ".txt": ("text", "path"),
    ".txt.gz": ("text", "path"),
}


def local_paths(data: QMimeData) -> list[Path]:
    """The files and folders that are dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def kind_of(path: Path) -> tuple[str, str] | None:
    """The kind of source for a file or folder, and its parameter that takes the path."""
    if path.is_dir():
        return _kind_of_folder(path)
    name = path.name.lower()
    return next((kind for ending, kind in FILES.items() if name.endswith(ending)), None)


def _kind_of_folder(path: Path) -> tuple[str, str]:
    """By the names of the folders in it and of the first files in these."""
    try:
        inner = [each for each in path.iterdir() if each.is_dir()]
        if {"images", "masks"} <= {each.name.lower() for each in inner}:
            return MASKS
        files = islice(chain.from_iterable(each.iterdir() for each in inner), LOOKED_AT)
        if any(file.suffix.lower() in SOUND_ENDINGS for file in files):
            return SOUNDS
    except OSError:
        return FOLDER  # reading it says why it cannot be read
    return FOLDER
