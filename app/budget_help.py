"""The help on the memory budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.i18n import tr
from app.page_help import FOLDER, PageHelp
from app.theme import Theme

if TYPE_CHECKING:
    from app.window import Window

PAGE = FOLDER / "budget.md"


class BudgetHelp(PageHelp):
    """The page about memory and time."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(tr("Memory budget"), PAGE, theme, parent)


def show_budget_help(window: Window) -> None:
    """Shows the page about the budget."""
    BudgetHelp(window.theme, window).open()
