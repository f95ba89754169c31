"""The help on adding and finding blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.i18n import tr
from app.page_help import FOLDER, PageHelp
from app.theme import Theme

if TYPE_CHECKING:
    from app.window import Window

PAGE = FOLDER / "finding.md"


class FindingHelp(PageHelp):
    """The page about what can be typed into the searches of the canvas."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(tr("Adding and finding blocks"), PAGE, theme, parent)


def show_finding_help(window: Window) -> None:
    """Shows the page about adding and finding."""
    FindingHelp(window.theme, window).open()
