"""The help on adding and finding blocks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

import assets
from app.gallery_help import Page
from app.i18n import tr
from app.theme import Theme

if TYPE_CHECKING:
    from app.window import Window

PAGE = Path(assets.__file__).parent / "help" / "finding.md"
SIZE_PX = (720, 760)


class FindingHelp(QDialog):
    """The page about what can be typed into the searches of the canvas."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Adding and finding blocks"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.page = Page(PAGE, theme)
        self.page.setAccessibleName(tr("Adding and finding blocks"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self.page, 1)
        layout.addWidget(buttons)
        self.resize(*SIZE_PX)


def show_finding_help(window: Window) -> None:
    """Shows the page about adding and finding."""
    FindingHelp(window.theme, window).open()
