"""Opens the window of samples for the document in front."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.browsing.dialog import BrowserDialog
from app.session import Session
from app.typed import hand_over

if TYPE_CHECKING:
    from app.window import Window


def _weights(window: Window, session: Session) -> Path | None:
    """The weights of the last run; None while one goes on, which has the processor to itself."""
    return None if window.is_training else window.training.runner.runs_of(session).kept


def show_browser(window: Window) -> BrowserDialog:
    """Shows the samples of the data of the document in front; one window for each document."""
    hand_over(window)
    for held in window.findChildren(BrowserDialog):
        if held.session is window.session and held.isVisible():
            held.raise_()
            held.activateWindow()
            return held
    dialog = BrowserDialog(
        window.session, lambda: window.theme, partial(_weights, window, window.session), window
    )
    window.training.running_changed.connect(dialog.show_state)
    dialog.show()
    return dialog
