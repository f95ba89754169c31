"""The help that draws ResNet-18 step by step; a test follows it to the letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.i18n import tr
from app.page_help import FOLDER, PageHelp

if TYPE_CHECKING:
    from app.window import Window

PAGE = FOLDER / "tutorial.md"


def show_tutorial(window: Window) -> None:
    """Shows the page beside the window, which can be used meanwhile."""
    dialog = PageHelp(tr("ResNet-18, step by step"), PAGE, window.theme, window)
    dialog.setWindowModality(Qt.WindowModality.NonModal)
    dialog.show()
