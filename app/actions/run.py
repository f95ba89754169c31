"""What the Run menu holds: training and checking."""

from __future__ import annotations

from app.actions.action import SEPARATOR, Action, has_blocks

ACTIONS: tuple[Action, ...] = (
    Action("train", "Train", lambda w: w.train(), ("F5",),
           lambda w: has_blocks(w) and not w.is_training),
    Action("pause", "Pause or continue", lambda w: w.training.pause_or_resume(), ("F6",),
           lambda w: w.is_training),
    Action("stop", "Stop", lambda w: w.training.stop(), ("Shift+F5",), lambda w: w.is_training),
    Action("check", "Check", lambda w: w.check(), ("F7",)),
    Action("budget", "Memory budget", lambda w: w.docks.bring_up(w.docks.budget), ("F8",)),
)  # fmt: skip

MENU = (
    "train", "pause", "stop", SEPARATOR, "check",
)  # fmt: skip
