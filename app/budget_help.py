"""The help on the memory budget."""

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

PAGE = Path(assets.__file__).parent / "help" / "budget.md"
SIZE_PX = (760, 700)


class BudgetHelp(QDialog):
    """The page about memory and time."""

    def __init__(self, theme: Theme, parent: QWidget, path: Path = PAGE) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Memory budget"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.page = Page(path, theme)
        self.page.setAccessibleName(tr("Memory budget"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self.page, 1)
        layout.addWidget(buttons)
        self.resize(*SIZE_PX)


def show_budget_help(window: Window) -> None:
    """Shows the page about the budget."""
    BudgetHelp(window.theme, window).open()
