"""Small dealings with the desktop: dropped files, shown folders, what happens a moment later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices

from graph.fileio import SUFFIX


def dropped_files(data: QMimeData) -> list[Path]:
    """The drawings among dropped files."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() == SUFFIX]


def show_folder(folder: Path) -> None:
    """Opens a folder in the program that the desktop has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def soon(owner: QObject, run: Callable[[], object]) -> None:
    """Calls a function when the events that are waiting have been handled."""
    QTimer.singleShot(0, owner, run)
