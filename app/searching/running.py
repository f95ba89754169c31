"""A search that goes on beside the window: its events are taken over by a timer."""

from __future__ import annotations

from queue import Empty, SimpleQueue

from PySide6.QtCore import QObject, QTimer, Signal

from app.tasks import run_task
from backends import loader
from backends.protocol import Control, EpochEnded, Event, Preparing, Started
from backends.searching.trial import RUNNING, Begun, Ended, SearchJob, Trial
from graph.problems import UserError

DRAIN_EVERY_MS = 100
WORK = "backends.searching.work"


class SearchRunner(QObject):
    """Makes one search at a time.

    Signals:
        changed: other trials are known, or one has come further.
        trial_ended: a trial has ended, so that its run can be listed.
        ended: the search is over; an `Ended`.
        refused: it could not be made; a `UserError`.
    """

    changed = Signal()
    trial_ended = Signal()
    ended = Signal(object)
    refused = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.trials: dict[int, Trial] = {}
        self.combinations: int | None = None
        self.word = ""
        self.share = 0.0
        self._epochs = 1
        self._control: Control | None = None
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
        control, events = Control(), SimpleQueue[Begun | Trial | Event]()
        at_exit = Control()  # its stop means that the program ends, and nobody waits any more
        at_exit.heard = control.stop
        self._control, self._events = control, events
        self.trials, self.word, self.share = {}, "", 0.0
        run_task(
            self,
            lambda _: loader.answer(WORK, "run", job, events.put, control, control=at_exit),
            self._end,
            self._refuse,
            name="search",
        )
        self._timer.start()

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
                self.share = 0.0
                if event.state != RUNNING:
                    self.trial_ended.emit()
            case Preparing():
                self.word = event.text
            case Started():
                self.word, self._epochs = "", max(event.epochs, 1)
            case EpochEnded():
                self.share = event.epoch / self._epochs
            case _:
                pass

    def _end(self, ended: Ended) -> None:
        self._drain()
        self._close()
        self.trials = {trial.number: trial for trial in ended.trials}
        self.ended.emit(ended)

    def _refuse(self, error: UserError) -> None:
        self._drain()
        self._close()
        self.refused.emit(error)

    def _close(self) -> None:
        self._control = None
        self._timer.stop()
