"""Where a picture goes: the name of its file, which ends as its format wants it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.desktop import file_dialog
from app.i18n import tr


class FileRow(QWidget):
    """A field for a file's name, and a button to choose it.

    Signals:
        format_named: the name ends like that of another format.
        edited: another name was typed.
    """

    format_named = Signal(str)
    edited = Signal()

    def __init__(self, path: Path, formats: Sequence[str], title: str) -> None:
        super().__init__()
        self._formats, self._title = tuple(formats), title
        self._format = path.suffix.lstrip(".")
        self._agreed = ""
        self.line = QLineEdit(str(path))
        self.line.setAccessibleName(tr("File"))
        self.browse = QPushButton(tr("Browse…"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(self.browse)
        self.line.textEdited.connect(lambda _: self.edited.emit())
        self.line.editingFinished.connect(self.take_name)
        self.browse.clicked.connect(self._choose)

    @property
    def path(self) -> Path:
        """The file; a name that ends in another way gets the ending of the format."""
        path, suffix = Path(self.line.text().strip()).expanduser(), f".{self._format}"
        return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)

    def set_format(self, format: str) -> None:
        """Ends the name as another format wants it."""
        self._format = format
        named = Path(self.line.text().strip())
        if named.suffix.lower().lstrip(".") in self._formats:
            self.line.setText(str(named.with_suffix(f".{format}")))

    def take_name(self) -> None:
        """Tells the format that the name asks for."""
        wanted = Path(self.line.text().strip()).suffix.lower().lstrip(".")
        if wanted in self._formats and wanted != self._format:
            self._format = wanted
            self.format_named.emit(wanted)

    def is_named(self) -> bool:
        """Whether there is a name at all."""
        return bool(Path(self.line.text().strip()).name)

    def may_replace(self) -> bool:
        """Whether the file is new, or a person agreed to replace it; asked again, they do."""
        path = self.path
        if not path.exists() or self._agreed == str(path):
            return True
        self._agreed = str(path)
        return False

    def _choose(self) -> None:
        pattern = f"*.{self._format}"
        dialog = file_dialog(
            self, self._title, str(self.path.parent), tr("Pictures ({pattern})", pattern=pattern)
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(self._format)
        dialog.selectFile(self.path.name)
        dialog.fileSelected.connect(self._take_file)
        dialog.open()

    def _take_file(self, name: str) -> None:
        self.line.setText(name)
        self.take_name()
        self._agreed = str(self.path)  # the file dialog has asked
        self.edited.emit()
