"""A page of help in a dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

import assets
from app.gallery_help import Page
from app.theme import Theme

FOLDER = Path(assets.__file__).parent / "help"
SIZE_PX = (720, 760)


class PageHelp(QDialog):
    """A page of Markdown, with its title above it."""

    def __init__(
        self, title: str, path: Path, theme: Theme, parent: QWidget, kind: type[Page] = Page
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.page = kind(path, theme)
        self.page.setAccessibleName(title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self.page, 1)
        layout.addWidget(buttons)
        self.resize(*SIZE_PX)
