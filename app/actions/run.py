"""What the Run menu holds: training, what a trained drawing makes, and checking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions.action import SEPARATOR, Action, has_blocks
from app.apart import show_places
from app.generating.ability import can_generate
from app.measuring import can_measure, cancel_measuring, is_measuring, measure_time
from app.running import compare_chosen, hand_runs, show_runs
from app.stepping import show_steps

if TYPE_CHECKING:
    from app.window import Window


def _generate(window: Window) -> None:
    from app.generating.offering import ask_generate  # not before it is wanted: it takes numpy

    ask_generate(window)


def _browse(window: Window) -> None:
    from app.browsing.offering import show_browser  # not before it is wanted: it takes numpy

    show_browser(window)


def _search(window: Window) -> None:
    from app.searching.offering import ask_search  # not before it is wanted

    ask_search(window)


ACTIONS: tuple[Action, ...] = (
    Action("train", "Train", lambda w: w.train(), ("F5",),
           lambda w: has_blocks(w) and not w.is_training),
    Action("queue", "Add to queue", lambda w: w.line.add(), ("Ctrl+Shift+F5",), has_blocks),
    Action("pause", "Pause or continue", lambda w: w.training.pause_or_resume(), ("F6",),
           lambda w: w.is_training),
    Action("stop", "Stop", lambda w: w.training.stop(), ("Shift+F5",), lambda w: w.is_training),
    Action("where", "Where to train", show_places),
    Action("search", "Search for values…", _search, ("Shift+F9",), has_blocks),
    Action("generate", "Generate…", _generate, ("F9",),
           lambda w: not w.is_training and can_generate(w.session)),
    Action("measure-time", "Measure time", measure_time, ("Ctrl+F5",), can_measure),
    Action("cancel-measuring", "Cancel measuring", cancel_measuring, is_enabled=is_measuring),
    Action("weigh-classes", "Weigh classes in losses",
           lambda w: w.training.parts.data_page.weigh_classes(),
           is_enabled=lambda w: w.training.parts.data_page.can_weigh()),
    Action("browse-data", "Browse the data", _browse, ("Shift+F6",)),
    Action("steps", "Steps before the model", show_steps),
    Action("check", "Check", lambda w: w.check(), ("F7",)),
    Action("runs", "Runs", show_runs, ("Shift+F8",)),
    Action("compare-runs", "Compare runs", compare_chosen),
    Action("runs-to-tensorboard", "Runs to TensorBoard…", lambda w: hand_runs(w, "tensorboard")),
    Action("runs-to-mlflow", "Runs to MLflow…", lambda w: hand_runs(w, "mlflow")),
    Action("budget", "Memory budget", lambda w: w.docks.bring_up(w.docks.budget), ("F8",)),
)  # fmt: skip

MENU = (
    "train", "queue", "pause", "stop", "where", SEPARATOR, "search", "generate", SEPARATOR,
    "measure-time", "cancel-measuring", SEPARATOR, "runs", "compare-runs",
    "runs-to-tensorboard", "runs-to-mlflow", SEPARATOR,
    "browse-data", "steps", "weigh-classes", "check",
)  # fmt: skip
