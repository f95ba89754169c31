"""Runs in other processes: followed when the window is back."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.i18n import tr
from app.messages import Message
from app.tasks import run_task
from app.training.readiness import is_same_run
from backends.launch.job_file import read_launch
from backends.launch.process import running_in
from backends.launch.where import where_of
from graph.model import Document
from graph.problems import UserError

if TYPE_CHECKING:
    from app.window import Window

Found = list[tuple[Path, Document]]


def wire_apart(window: Window) -> None:
    """Looks for runs that go on without the window, and trains where it did the last time."""
    page = window.training.parts.where_page
    with contextlib.suppress(UserError):  # of another version
        where = where_of(window.settings.where)
        page.show_where(where)
        window.training.runner.set_where(where)
    page.chosen.connect(
        lambda where: window.change_settings(replace(window.settings, where=str(where)))
    )
    window.painted.connect(lambda: look_for_running(window))


def show_places(window: Window) -> None:
    """Shows where the drawing in front trains, to be chosen."""
    window.docks.bring_up(window.docks.training)
    window.training.parts.show_places()


def look_for_running(window: Window) -> None:
    """Follows the newest run that goes on in other processes, if there is one."""
    folder = window.runs.folder

    def look(_task: object) -> Found:
        found = []
        for run in running_in(folder):
            try:
                found.append((run, read_launch(run).job.document))
            except UserError:
                continue  # what cannot be read cannot be followed
        return found

    run_task(
        window, look, lambda found: _follow(window, found), lambda _: None, name="running runs"
    )


def _follow(window: Window, found: Found) -> None:
    if not found or window.is_training:
        return
    run, document = found[0]
    sessions = window.tabs.sessions()
    session = next((each for each in sessions if is_same_run(document, each.root)), None)
    session = session or window.files.open_drawn(document)
    window.tabs.show_session(session)
    window.docks.bring_up(window.docks.training)
    window.training.runner.attach(session, run)
    text = tr("“{name}” has gone on training in a process of its own; it is followed again here.",
              name=document.name)  # fmt: skip
    if len(found) > 1:
        text += " " + tr("{n} more go on, too; they are under Runs.", n=len(found) - 1)
    window.tell(Message(text))
