"""The steps between data and model, from the menu and the command palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.window import Window


def show_steps(window: Window) -> None:
    """Shows the list of steps of the drawing in front, ready for the keys."""
    window.docks.bring_up(window.docks.training)
    window.training.parts.show_steps()
