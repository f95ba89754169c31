"""Leaving the program while it trains or searches: what runs stops and is kept, or goes on."""

from __future__ import annotations

import atexit
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from app.i18n import tr
from app.messages import Message
from app.searching.running import SearchRunner
from app.training.record import RunRecord
from backends.launch.where import Kind, Where
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


def must_ask(window: Window) -> bool:
    """Whether something runs that ends with the program."""
    return window.is_training or bool(_searches(window))


def ask(window: Window) -> None:
    """Asks what is to become of what runs; nothing happens where the person stays."""
    title, text = _question(window)
    box = QMessageBox(
        QMessageBox.Icon.Question, tr("Torchloom"), title,
        QMessageBox.StandardButton.Cancel, window,
    )  # fmt: skip
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setInformativeText(text)
    stop = box.addButton(tr("Stop and quit"), Role.DestructiveRole)
    stop.clicked.connect(lambda: _when_stopped(window, window.close_next))
    background = box.addButton(tr("Go on in the background"), Role.AcceptRole)
    background.clicked.connect(lambda: _go_on_apart(window))
    box.open()


def _question(window: Window) -> tuple[str, str]:
    """What runs, and what can become of it."""
    searches = bool(_searches(window))
    if not searches:
        title = tr("Training is running.")
    elif window.is_training:
        title = tr("Training and a search for good values are running.")
    else:
        title = tr("A search for good values is running.")
    both = searches and window.is_training
    text = (
        tr("They can stop here, to be gone on with later, or go on in processes of their own.")
        if both
        else tr("It can stop here, to be gone on with later, or go on in a process of its own.")
    )
    if window.is_training:
        text += " " + tr("When you come back, you find the run under Runs.")
    if searches:
        text += " " + tr("The search is shown again by Search for values, in its drawing.")
    if window.line.queue.waiting:
        text += "\n" + tr("What waits in line is offered then.")
    return title, text


def _searches(window: Window) -> list[SearchRunner]:
    """The searches that this program makes."""
    found = window.findChildren(SearchRunner)
    return [runner for runner in found if runner.is_running and not runner.is_apart]


def _when_stopped(window: Window, then: Callable[[], object]) -> None:
    """Stops all that runs, and what waits in line, and does the rest once it has ended."""
    training, searches = window.training, _searches(window)

    def look(_: object = None) -> None:
        if training.runner.is_running or any(runner.is_running for runner in searches):
            return
        training.running_changed.disconnect(look)
        for runner in searches:
            runner.over.disconnect(look)
        then()

    window.line.hold()
    training.running_changed.connect(look)
    for runner in searches:
        runner.over.connect(look)
        runner.stop()
    if training.runner.is_running:
        training.stop()
    else:
        look()


def _go_on_apart(window: Window) -> None:
    """Leaves what runs to processes that outlive the window, exactly where it is."""
    window.line.hold()
    searches, training = _searches(window), window.training.runner
    if training.is_apart:
        training.let_go()
    record = training.record if training.is_running else None
    _when_stopped(window, lambda: _start_again(window, record, searches))


def _start_again(
    window: Window, record: RunRecord | None, searches: Sequence[SearchRunner]
) -> None:
    end = record.end if record is not None else None
    try:
        if record is not None and isinstance(end, Stopped) and end.run is not None:
            start_apart(Job(record.job.document, record.job.runs, resume=end.run))
        for runner in searches:
            if runner.result is not None and runner.result.is_stopped:
                _start_search(runner.result.folder, runner.where, runner.parallel)
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

    _apart.append(start_process(write_launch(job, Where(Kind.PROCESS))))


def _start_search(folder: Path, where: Where, parallel: int) -> None:
    from backends.searching.apart import start  # takes numpy, which the window starts without

    _apart.append(start(folder, where, parallel))
