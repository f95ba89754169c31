"""How fast a run is and how long it will take, without the time that it was paused."""

from __future__ import annotations

import time
from collections import deque

WINDOW_S = 3.0


class Pace:
    """A clock that stands still in pauses, and the speed over the last while."""

    def __init__(self) -> None:
        self.paused_s = 0.0
        self._measuring = 0.0  # time spent on validation
        self._last_validation = 0.0
        self._marks: deque[tuple[float, int]] = deque()
        self._last = self.now()

    def now(self) -> float:
        """Seconds on a clock without pauses."""
        return time.perf_counter() - self.paused_s

    def start(self, rows: int) -> None:
        """The first step comes next; so many rows were seen in an earlier part of the run."""
        self._last = self.now()
        self._marks.append((self._last, rows))

    def pause(self, seconds: float) -> None:
        """Leaves these seconds out."""
        self.paused_s += seconds

    def step(self, now: float, rows: int) -> None:
        """So many rows have been seen in all."""
        self._last = now
        self._marks.append((now - self._measuring, rows))
        while len(self._marks) > 2 and self._marks[1][0] < self._marks[-1][0] - WINDOW_S:
            self._marks.popleft()

    def epoch(self) -> None:
        """The validation that followed the last step is over."""
        now = self.now()
        self._last_validation = now - self._last
        self._measuring += self._last_validation
        self._last = now

    def rows_per_second(self) -> float:
        """Training rows a second over the last while."""
        (start, before), (end, rows) = self._marks[0], self._marks[-1]
        return (rows - before) / (end - start) if end > start else 0.0

    def seconds_left(self, rows: int, epochs: int) -> float:
        """The time that so many more rows and the validations of so many epochs will take."""
        speed = self.rows_per_second()
        return (rows / speed if speed else 0.0) + epochs * self._last_validation
