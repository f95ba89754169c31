"""Leaving the program while it trains: the run stops and is kept, or goes on in the background."""

from __future__ import annotations

import atexit
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from app.apart import let_go
from app.i18n import tr
from app.messages import Message
from backends.protocol import Job, Stopped
from graph.problems import UserError

if TYPE_CHECKING:
    from app.window import Window

Role = QMessageBox.ButtonRole
_apart: list[subprocess.Popen[bytes]] = []
"""Processes that outlive this one: Python would complain of those it no longer knew."""


@atexit.register
def _look_once_more() -> None:
    for process in _apart:
        process.poll()


def ask(window: Window) -> None:
    """Asks what is to become of the run; nothing happens where the person stays."""
    box = QMessageBox(
        QMessageBox.Icon.Question, tr("Torchloom"), tr("Training is running."),
        QMessageBox.StandardButton.Cancel, window,
    )  # fmt: skip
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    text = tr("It can stop here, to be gone on with later, or go on in a process of its own, which "
              "you find under Runs when you come back.")  # fmt: skip
    if window.line.queue.waiting:
        text += "\n" + tr("What waits in line is offered then.")
    box.setInformativeText(text)
    stop = box.addButton(tr("Stop and quit"), Role.DestructiveRole)
    stop.clicked.connect(lambda: _when_stopped(window, window.close_next))
    background = box.addButton(tr("Go on in the background"), Role.AcceptRole)
    if window.training.runner.is_apart:
        background.clicked.connect(lambda: _let_go(window))
    else:
        background.clicked.connect(lambda: _when_stopped(window, lambda: _go_on_apart(window)))
    box.open()


def _let_go(window: Window) -> None:
    """Leaves a run to its own processes; what waits behind it does not begin meanwhile."""
    window.line.hold()
    let_go(window)


def _when_stopped(window: Window, then: Callable[[], object]) -> None:
    """Stops the run, and those waiting in line, and does the rest once it has ended."""

    def go_on(is_running: bool) -> None:
        if not is_running:
            window.training.running_changed.disconnect(go_on)
            then()

    window.line.hold()
    window.training.running_changed.connect(go_on)
    window.training.stop()


def _go_on_apart(window: Window) -> None:
    """Goes on with the run, exactly where it stopped, in a process that outlives the window."""
    record = window.training.runner.record
    end = record.end if record is not None else None
    if record is not None and isinstance(end, Stopped) and end.run is not None:
        try:
            start_apart(Job(record.job.document, record.job.runs, resume=end.run))
        except UserError as error:
            window.tell(Message(str(error), "error"))
            return
    window.close_next()


def start_apart(job: Job) -> None:
    """Does a job in a process of its own.

    Raises:
        UserError: it cannot be started.
    """
    from backends.launch.job_file import write_launch
    from backends.launch.process import start_process
    from backends.launch.where import Kind, Where

    _apart.append(start_process(write_launch(job, Where(Kind.PROCESS))))
