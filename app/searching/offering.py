"""Opens the search of the drawing in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.searching.dialog import SearchDialog
from app.settings import home
from app.typed import hand_over

if TYPE_CHECKING:
    from app.window import Window


def ask_search(window: Window) -> None:
    """Shows the search of the drawing in front; one that is open already comes to the front."""
    session = window.session
    for dialog in window.findChildren(SearchDialog):
        if dialog.session is session and dialog.isVisible():
            dialog.raise_()
            dialog.activateWindow()
            return
    hand_over(window)
    dialog = SearchDialog(session, lambda: window.theme, home() / "runs", window)
    dialog.run_ended.connect(window.runs.refresh)
    dialog.show()
