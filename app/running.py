"""Runs in the window: their drawings opened, their weights taken, interrupted ones gone on with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.apart import wire_apart
from app.i18n import tr
from app.messages import Choice, Message
from app.queueing import Line
from app.session import Session
from app.tasks import run_task
from app.training.readiness import is_same_run
from app.training.runner import read_past
from app.training.telling import RUN, lost_checkpoints
from backends.runs import standing
from backends.runs.entry import Entry
from backends.runs.folder import DOCUMENT
from backends.runs.index import empty_trash, list_runs
from graph.fileio import load
from graph.model import Document
from graph.problems import UserError

if TYPE_CHECKING:
    from app.window import Window

KEPT_IN_TRASH_S = 30 * 24 * 3600.0
NAMED = 3


def wire_runs(window: Window) -> None:
    """Joins the panel of runs to the rest of the window."""
    panel = window.runs
    panel.told.connect(window.tell)
    panel.open_wanted.connect(partial(open_drawing, window))
    panel.weights_wanted.connect(partial(put_weights, window))
    panel.resume_wanted.connect(partial(go_on_with, window))
    panel.compare_wanted.connect(partial(compare, window))
    panel.table.hide_columns(window.settings.hidden_columns)
    panel.table.hidden_changed.connect(partial(_remember_columns, window))
    window.training.running_changed.connect(lambda _: panel.refresh())
    window.training.running_changed.connect(panel.line.set_running)
    window.training.running_changed.connect(partial(_on_running, window))
    window.line = Line(window)
    panel.line.set_queue(window.line.queue)
    panel.line.start_wanted.connect(window.line.start_next)
    window.painted.connect(lambda: look_for_interrupted(window))
    wire_apart(window)
    window.painted.connect(window.line.offer_kept)


def show_runs(window: Window) -> None:
    """Brings the runs to the front, with the cursor in their search."""
    window.docks.bring_up(window.docks.runs)
    window.runs.focus_search()


def drawing_of(run: Path) -> Document:
    """The exact drawing that a run was made with.

    Raises:
        UserError: it cannot be read.
    """
    return load(run / DOCUMENT).document


def open_drawing(window: Window, entry: Entry) -> None:
    """Opens the drawing of a run in a tab of its own."""
    try:
        document = drawing_of(entry.path)
    except UserError as error:
        window.tell(Message(str(error), "error"))
        return
    session = window.files.open_drawn(document)
    window.training.runner.runs_of(session).kept = entry.path


def put_weights(window: Window, entry: Entry) -> None:
    """Lets the drawing in front go on with the weights that a run has kept."""
    session = window.session
    window.training.runner.runs_of(session).kept = entry.path
    window.training.set_weights()
    text = tr("The weights of “{name}” are on the drawing, as far as blocks and shapes agree. "
              "Training from them, making samples and exporting take them.",
              name=entry.name)  # fmt: skip
    train = Choice(tr("Train from them"), window.training.train_from_last)
    window.tell(Message(text, choices=() if window.is_training else (train,)))


def go_on_with(window: Window, entry: Entry) -> None:
    """Goes on with a run that was stopped or interrupted, in the document that it is of."""
    if window.is_training:
        window.tell(Message(tr("Another run is being trained; stop it first, or wait."), "warning"))
        return
    try:
        document = drawing_of(entry.path)
        reason = standing.why_not_resumed(entry.path)
    except UserError as error:
        window.tell(Message(str(error), "error"))
        return
    session = _open_session(window, document) or window.files.open_drawn(document)
    window.tabs.show_session(session)
    window.docks.bring_up(window.docks.training)
    if reason:
        window.tell(lost_checkpoints(reason, window.training.train))
        return
    run_task(
        window,
        lambda _: read_past(entry.path),
        lambda past: window.training.runner.go_on_with(session, entry.path, past),
        lambda error: window.tell(Message(str(error), "error")),
        name="past of a run",
    )


def compare(window: Window, entries: Sequence[Entry]) -> None:
    """Shows runs beside each other."""
    from app.runs.compare import CompareDialog  # it takes pyqtgraph

    CompareDialog(entries, window.theme, window).show()


def look_for_interrupted(window: Window) -> None:
    """Offers to go on with runs whose process is gone; what lay in the trash for long goes."""
    folder = window.runs.folder

    def look(_task: object) -> list[Entry]:
        empty_trash(folder, KEPT_IN_TRASH_S)
        return [entry for entry in list_runs(folder) if entry.status == "interrupted"]

    run_task(
        window, look, lambda found: _offer(window, found), lambda _: None, name="interrupted runs"
    )


def _offer(window: Window, found: list[Entry]) -> None:
    if not found or window.is_training:
        return
    names = ", ".join(f"“{entry.name}”" for entry in found[:NAMED])
    if len(found) > NAMED:
        names += tr(" and {n} more", n=len(found) - NAMED)
    text = tr("Training was interrupted: {names}. It can go on exactly where its last checkpoint "
              "is.", names=names)  # fmt: skip
    show = Choice(tr("Show runs"), lambda: _show_interrupted(window))
    go_on = Choice(tr("Go on"), lambda: go_on_with(window, found[0]))
    leave = Choice(tr("Leave"), lambda: _leave(window, found), tr("Do not offer it again; it can "
                   "still be gone on with under Runs"))  # fmt: skip
    choices = (go_on, show, leave) if len(found) == 1 else (show, leave)
    window.tell(Message(text, "warning", choices=choices))


def _leave(window: Window, found: list[Entry]) -> None:
    try:
        for entry in found:
            standing.leave(entry.path)
    except UserError as error:
        window.tell(Message(str(error), "error"))
    window.runs.refresh()


def _show_interrupted(window: Window) -> None:
    show_runs(window)
    window.runs.show_status("interrupted")


def _open_session(window: Window, document: Document) -> Session | None:
    return next((each for each in window.tabs.sessions() if is_same_run(document, each.root)), None)


def _remember_columns(window: Window, hidden: tuple[str, ...]) -> None:
    window.change_settings(replace(window.settings, hidden_columns=tuple(hidden)))


def compare_chosen(window: Window) -> None:
    """Compares the runs that are chosen in the panel."""
    chosen = window.runs.chosen()
    if len(chosen) > 1:
        compare(window, chosen)
    else:
        show_runs(window)
        window.runs.table.setFocus(Qt.FocusReason.OtherFocusReason)
        window.tell(Message(tr("Choose two or more runs, then compare them.")))


def hand_runs(window: Window, kind: str) -> None:
    """Hands the runs that are chosen in the panel to TensorBoard or MLflow."""
    show_runs(window)
    window.runs.hand_chosen(kind)


def _on_running(window: Window, is_running: bool) -> None:
    """Takes away how the last run ended; the taskbar calls a person back once this one has."""
    if is_running:
        window.messages.drop_topic(RUN)
    else:
        QApplication.alert(window)
