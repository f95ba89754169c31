"""A search that goes on beside the window: its events are taken over by a timer."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.tasks import run_task
from backends import loader
from backends.launch.where import THREAD
from backends.protocol import Control, EpochEnded, Event, Preparing, Started
from backends.searching.trial import RUNNING, Begun, Ended, SearchJob, Trial
from graph.problems import UserError

if TYPE_CHECKING:
    from backends.searching.folder import Stored  # which takes numpy

DRAIN_EVERY_MS = 100
WORK = "backends.searching.work"
FOLLOW = "backends.searching.apart"


class SearchRunner(QObject):
    """Makes one search at a time, or follows one that another process makes.

    Signals:
        changed: other trials are known, or one has come further.
        trial_ended: a trial has ended, so that its run can be listed.
        ended: the search is over; an `Ended`.
        refused: it could not be made; a `UserError`.
        over: nothing goes on any more, after either.
    """

    changed = Signal()
    trial_ended = Signal()
    ended = Signal(object)
    refused = Signal(object)
    over = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.trials: dict[int, Trial] = {}
        self.combinations: int | None = None
        self.word = ""
        self.share = 0.0
        self.result: Ended | None = None
        self.is_apart = False
        self.where, self.parallel = THREAD, 1
        self._epochs = 1
        self._control: Control | None = None
        self._leaving = Control()
        self._events: SimpleQueue[Begun | Trial | Event] = SimpleQueue()
        self._timer = QTimer(self)
        self._timer.setInterval(DRAIN_EVERY_MS)
        self._timer.timeout.connect(self._drain)

    @property
    def is_running(self) -> bool:
        """Whether a search goes on."""
        return self._control is not None

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to stop and has not ended yet."""
        return self._control is not None and self._control.is_stopped

    def start(self, job: SearchJob) -> None:
        """Begins a search, or goes on with one."""
        control = self._begin()
        self.where, self.parallel = job.where, job.parallel
        self._work(WORK, "run", job, self._events.put, control, at_exit=control)

    def attach(self, stored: Stored) -> None:
        """Follows a search that another process makes."""
        control, self._leaving = self._begin(), Control()
        self.is_apart = True
        arguments = (stored, self._events.put, control, self._leaving)
        self._work(FOLLOW, "follow", *arguments, at_exit=self._leaving)

    def _begin(self) -> Control:
        self._control, self._events = Control(), SimpleQueue()
        self.trials, self.word, self.share, self.result = {}, "", 0.0, None
        self.is_apart = False
        return self._control

    def _work(self, module: str, function: str, *arguments: object, at_exit: Control) -> None:
        ends = Control()  # its stop means that the program ends, and nobody waits any more
        ends.heard = at_exit.stop
        run_task(
            self,
            lambda _: loader.answer(module, function, *arguments, control=ends),
            self._end,
            self._refuse,
            name="search",
        )
        self._timer.start()

    def let_go(self) -> None:
        """Follows no longer what another process makes; that goes on."""
        self._leaving.stop()

    def stop(self) -> None:
        """Asks the search to stop before the next step."""
        if self._control is not None:
            self._control.stop()

    def _drain(self) -> None:
        is_new = False
        while True:
            try:
                self._take(self._events.get_nowait())
            except Empty:
                break
            is_new = True
        if is_new:
            self.changed.emit()

    def _take(self, event: Begun | Trial | Event) -> None:
        match event:
            case Begun():
                self.trials = {trial.number: trial for trial in event.trials}
                self.combinations = event.combinations
            case Trial():
                self.trials[event.number] = event
                if event.state != RUNNING:
                    self.share = 0.0
                    self.trial_ended.emit()
            case Preparing():
                self.word = event.text
            case Started():
                self.word, self._epochs = "", max(event.epochs, 1)
            case EpochEnded() if self.parallel == 1:
                self.share = event.epoch / self._epochs
            case _:
                pass

    def _end(self, ended: Ended) -> None:
        self._drain()
        self._close()
        self.trials = {trial.number: trial for trial in ended.trials}
        self.result = ended
        self.ended.emit(ended)
        self.over.emit()

    def _refuse(self, error: UserError) -> None:
        self._drain()
        self._close()
        self.refused.emit(error)
        self.over.emit()

    def _close(self) -> None:
        self._control = None
        self._timer.stop()
