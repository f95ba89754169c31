"""The way of events from the thread of a run to that of the window."""

from __future__ import annotations

from queue import Empty, SimpleQueue

from backends.protocol import Event, Failed, Finished, Stopped


class Inbox:
    """The events of one run that nobody has taken yet.

    Attributes:
        is_whole: whether the last one has come.
    """

    def __init__(self) -> None:
        self._events: SimpleQueue[Event] = SimpleQueue()
        self.is_whole = False

    def put(self, event: Event) -> None:
        """Takes an event, from any thread."""
        self._events.put(event)
        if isinstance(event, (Finished, Stopped, Failed)):
            self.is_whole = True

    def take(self) -> Event | None:
        """The next event; None where there is none yet."""
        try:
            return self._events.get_nowait()
        except Empty:
            return None
