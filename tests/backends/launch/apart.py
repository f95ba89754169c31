"""Runs jobs in other processes, in tests."""

import threading
import time
from pathlib import Path

from backends.launch.process import attach, train
from backends.launch.where import where_of
from backends.protocol import Control, Event, Failed, Finished, Job, Stopped
from graph.model import Document

LAST = (Finished, Stopped, Failed)
LONGEST_S = 90.0


class Apart:
    """A run that goes on in other processes, and the events that come of it."""

    def __init__(self, start) -> None:
        self.events: list[Event] = []
        self.control = Control()
        self._changed = threading.Condition()
        self.thread = start(self._hear, self.control)

    def _hear(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait_for(self, holds) -> Event:
        """The first event for which that holds."""
        until = time.monotonic() + LONGEST_S
        with self._changed:
            while not any(map(holds, self.events)):
                is_over = any(isinstance(event, LAST) for event in self.events)
                if is_over or not self._changed.wait(until - time.monotonic()):
                    self.control.stop()  # nothing is to be left behind
                    raise AssertionError(self.events)
        return next(event for event in self.events if holds(event))

    def end(self) -> list[Event]:
        """All events, when the run has ended."""
        self.thread.join(LONGEST_S)
        assert not self.thread.is_alive()
        assert [isinstance(event, LAST) for event in self.events].count(True) == 1
        return self.events


def start(document: Document, runs: Path, on: str, **options: object) -> Apart:
    """Starts a run."""
    return Apart(
        lambda emit, control: train(Job(document, runs, **options), where_of(on), emit, control)
    )


def reattach(run: Path) -> Apart:
    """Follows a run that somebody else has started."""
    return Apart(lambda emit, control: attach(run, emit, control))
