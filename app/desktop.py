"""Small dealings with the desktop: files asked for, and what happens a moment later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

DIALOG_SIZE = QSize(860, 520)
"""So wide that sizes and dates of files are not cut, where Qt's own dialog is shown."""

FIRST_SIZE = QSize(1440, 900)
FRAME = QSize(16, 48)
"""Room for what the desktop puts around a window, which is not known before it is shown."""


def first_size(screen: QSize) -> QSize:
    """The size of the window at its first start, which fits the screen with its frame."""
    return FIRST_SIZE.boundedTo(screen - FRAME)


def open_path(path: Path) -> None:
    """Opens a file or a folder in the program that the desktop has for such."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def file_dialog(parent: QWidget, title: str, folder: str = "", filter: str = "") -> QFileDialog:
    """A dialog that asks for files and goes when it is closed; it begins at home by default."""
    dialog = QFileDialog(parent, title, folder or str(Path.home()), filter)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.resize(DIALOG_SIZE)
    return dialog


def soon(owner: QObject, run: Callable[[], object]) -> None:
    """Calls a function when the events that are waiting have been handled."""
    QTimer.singleShot(0, owner, run)
