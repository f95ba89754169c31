"""Work off the UI thread whose result comes back on the UI thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from graph.problems import UserError


class Task(QObject):
    """One piece of work in progress. The work gets the task itself, to report and to ask.

    Signals, all on the UI thread; exactly one of the last three ends a task:
        progressed: how far it is, from 0 to 1, and a word on what it does.
        done: the result.
        refused: a `UserError`.
        cancelled: it was cancelled; a result that came nevertheless is dropped.
    """

    progressed = Signal(float, str)
    done = Signal(object)
    refused = Signal(object)
    cancelled = Signal()
    _ended = Signal(object, object)

    def __init__(self, work: Callable[[Task], object], name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self._name = name
        self._cancel = threading.Event()
        self._ended.connect(self._end, Qt.ConnectionType.QueuedConnection)

    def report(self, fraction: float, text: str = "") -> None:
        """Tells how far the work is. Called by the work, from its thread."""
        self.progressed.emit(fraction, text)

    def is_cancelled(self) -> bool:
        """Whether the work should stop. Asked by the work, from its thread."""
        return self._cancel.is_set()

    def cancel(self) -> None:
        """Asks the work to stop; its result will not be used."""
        self._cancel.set()

    def start(self) -> None:
        """Begins the work in a thread of its own."""
        threading.Thread(target=self._run, name=self._name, daemon=True).start()

    def _run(self) -> None:
        result: object = None
        error: BaseException | None = None
        work, self._work = self._work, _is_over  # what it holds is freed here: that takes long
        try:
            result = work(self)
        except BaseException as raised:  # noqa: BLE001  a border: told on the UI thread
            error = raised
        try:
            self._ended.emit(result, error)
        except RuntimeError:
            return  # the window, and this object with it, is gone: nobody waits for the result

    def _end(self, result: Any, error: BaseException | None) -> None:
        self.deleteLater()
        if self._cancel.is_set():
            self.cancelled.emit()
        elif isinstance(error, UserError):
            self.refused.emit(error)
        elif error is not None:
            self.cancelled.emit()
            if isinstance(error, SystemExit):  # on this thread it would end the program
                raise RuntimeError(f"“{self._name}” asked Python to end") from error
            raise error
        else:
            self.done.emit(result)


def _is_over(_task: Task) -> object:
    """Stands for work that was done."""
    return None


def run_task(
    owner: QObject,
    work: Callable[[Task], object],
    done: Callable[[Any], object],
    refused: Callable[[UserError], object],
    *,
    name: str = "task",
) -> Task:
    """Starts work; `done` or `refused` is called on the UI thread unless it is cancelled.

    Any other exception flies on the UI thread, to the crash handler.
    """
    task = Task(work, name, owner)
    task.done.connect(done)
    task.refused.connect(refused)
    task.start()
    return task
