"""What the Help menu holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions.action import SEPARATOR, Action
from app.budget_help import show_budget_help
from app.composites_help import show_composites_help
from app.data_help import show_data_help
from app.finding_help import show_finding_help
from app.gallery import show_pictures
from app.runs_help import show_runs_help
from app.tutorial_help import show_tutorial
from app.wires_help import show_wires_help

if TYPE_CHECKING:
    from app.window import Window


def _show_shortcuts(window: Window) -> None:
    from app.key_overlay import ShortcutOverlay  # it lists all actions, these among them

    ShortcutOverlay(window).open()


def _change_shortcuts(window: Window) -> None:
    from app.key_editor import KeyEditor  # as the overlay

    KeyEditor(window).open()


def _show_about(window: Window) -> None:
    from app.help import About  # beside the list of all actions

    About(window).open()


ACTIONS: tuple[Action, ...] = (
    Action("commands", "Commands…", lambda w: w.show_commands(), ("Ctrl+K", "Ctrl+Shift+P")),
    Action("tutorial", "ResNet-18, step by step", show_tutorial),
    Action("finding-help", "Adding and finding", show_finding_help),
    Action("wires-help", "Wires", show_wires_help),
    Action("composites-help", "Composites", show_composites_help),
    Action("budget-help", "How memory is counted", show_budget_help),
    Action("data-help", "Data and its splits", show_data_help),
    Action("runs-help", "How runs are kept", show_runs_help),
    Action("gallery-help", "The gallery in pictures", show_pictures),
    Action("shortcuts", "Keyboard shortcuts", _show_shortcuts, ("F1",)),
    Action("change-shortcuts", "Change shortcuts…", _change_shortcuts),
    Action("about", "About Torchloom", _show_about),
)  # fmt: skip

MENU = (
    "commands", "shortcuts", "change-shortcuts", SEPARATOR, "tutorial", "finding-help",
    "wires-help", "composites-help", "gallery-help", "budget-help",
    "data-help", "runs-help", SEPARATOR, "about",
)  # fmt: skip
