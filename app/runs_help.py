"""The help on runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.i18n import tr
from app.page_help import FOLDER, PageHelp

if TYPE_CHECKING:
    from app.window import Window


def show_runs_help(window: Window) -> None:
    """Shows the page about runs: the list, going on, the line and other programs."""
    PageHelp(tr("Runs"), FOLDER / "runs.md", window.theme, window).open()
