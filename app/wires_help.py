"""The help on wires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.i18n import tr
from app.page_help import FOLDER, PageHelp
from app.theme import Theme

if TYPE_CHECKING:
    from app.window import Window

PAGE = FOLDER / "wires.md"


class WiresHelp(PageHelp):
    """The page about wires: drawing them, many at once, and leading them through points."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(tr("Wires"), PAGE, theme, parent)


def show_wires_help(window: Window) -> None:
    """Shows the page about wires."""
    WiresHelp(window.theme, window).open()
