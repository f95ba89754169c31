"""The help on wires."""

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

PAGE = Path(assets.__file__).parent / "help" / "wires.md"
SIZE_PX = (720, 760)


class WiresHelp(QDialog):
    """The page about wires: drawing them, many at once, and leading them through points."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Wires"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.page = Page(PAGE, theme)
        self.page.setAccessibleName(tr("Wires"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self.page, 1)
        layout.addWidget(buttons)
        self.resize(*SIZE_PX)


def show_wires_help(window: Window) -> None:
    """Shows the page about wires."""
    WiresHelp(window.theme, window).open()
