"""The help that draws ResNet-18 step by step; a test follows it to the letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from app.i18n import tr
from app.page_help import FOLDER, PageHelp

if TYPE_CHECKING:
    from app.window import Window

PAGE = FOLDER / "tutorial.md"
WIDTH_PX = 430
FROM_TOP_PX = 60


def show_tutorial(window: Window) -> None:
    """Shows the page beside the window, which can be used meanwhile."""
    dialog = PageHelp(tr("ResNet-18, step by step"), PAGE, window.theme, window)
    dialog.setWindowModality(Qt.WindowModality.NonModal)
    dialog.resize(WIDTH_PX, window.height() - 2 * FROM_TOP_PX)
    dialog.move(window.mapToGlobal(QPoint(0, FROM_TOP_PX)))  # the palette is not needed
    dialog.show()
