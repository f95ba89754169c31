"""Asks for the folder of a run, and for the file that takes what was made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.desktop import file_dialog
from app.i18n import tr

Format = tuple[str, str]
"""A kind of file: what it is called, and its suffix."""


def ask_run(parent: QWidget, start: Path, take: Callable[[Path], object]) -> None:
    """Asks for the folder of a run."""
    dialog = file_dialog(parent, tr("Folder of a run"), str(start))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(lambda name: take(Path(name)))
    dialog.open()


def ask_file(
    parent: QWidget,
    folder: Path,
    stem: str,
    formats: tuple[Format, ...],
    take: Callable[[Path], object],
) -> None:
    """Asks for a file of one of these formats."""
    filters = [f"{name} (*.{suffix})" for name, suffix in formats]
    dialog = file_dialog(parent, tr("Save what was made"), str(folder), ";;".join(filters))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(formats[0][1])
    dialog.filterSelected.connect(
        lambda chosen: dialog.setDefaultSuffix(formats[filters.index(chosen)][1])
    )
    dialog.selectFile(f"{stem}.{formats[0][1]}")
    dialog.fileSelected.connect(lambda name: take(Path(name)))
    dialog.open()
