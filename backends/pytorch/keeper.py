"""Keeps the state of a run now and then, so that whatever stops it costs little."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from backends.pytorch import snapshot
from backends.pytorch.paths import Paths
from backends.pytorch.run import Run
from backends.pytorch.snapshot import Room, Shape, Snapshot
from backends.runs.checkpoints import Keeping, checkpoints_of, tidy
from graph.problems import UserError

# A stop of the machine costs no more than this; a tiny part of the time goes into keeping.
KEEP_EVERY_S = 15.0
KEEP_SHARE = 0.01  # of the time of the run
WRITE_SHARE = 0.1  # of the time of the thread beside it


class Keeper:
    """Copies the state in the run's thread and writes it in another, one at a time.

    Attributes:
        longest_stall_s: the longest that the run has waited for a copy.
    """

    def __init__(
        self,
        path: Path,
        paths: Paths,
        keeping: Keeping,
        wrote: Callable[[], object],
        tell: Callable[[str], object],
    ) -> None:
        """Makes ready.

        Args:
            paths: which block each weight belongs to.
            wrote: called beside the run before a checkpoint counts: what it relies on is flushed.
            tell: told, beside the run, of what cannot be written.
        """
        self.longest_stall_s = 0.0
        self._path, self._paths, self._keeping = path, paths, keeping
        self._wrote, self._tell = wrote, tell
        self._thread: threading.Thread | None = None
        self._kept_at = time.perf_counter()
        self._pause_s = 0.0
        self._last_step = 0
        self._best_epoch = 0
        self._owes = self._is_waiting = False
        self._room = Room()
        self._told = ""

    def begin(self, step: int) -> None:
        """The run goes on after this step."""
        self._last_step = step

    def is_due(self) -> bool:
        """Whether it is time to keep the state."""
        return not self.is_busy and (
            self._owes
            or self._is_waiting
            or time.perf_counter() - self._kept_at >= max(KEEP_EVERY_S, self._pause_s)
        )

    @property
    def is_busy(self) -> bool:
        """Whether a state is being written."""
        return self._thread is not None and self._thread.is_alive()

    def has_come_to(self, step: int) -> bool:
        """Notes the step; answers whether the state after it is to be kept for good."""
        is_wanted = self._keeping.is_wanted(step, self._last_step)
        self._last_step = step
        self._owes |= is_wanted
        return is_wanted and not self.is_busy

    def has_ended(self, epoch: int) -> bool:
        """Notes that an epoch is over; answers whether the state after it is to be kept."""
        self._owes |= bool(self._keeping.epochs) and epoch % self._keeping.epochs == 0
        return self.is_due()

    def keep(self, run: Run) -> None:
        """Copies the state, and writes it beside the run; left out while one is being written."""
        if self.is_busy:
            return
        started = time.perf_counter()
        taken: Snapshot | None
        try:
            if self._room.is_worth_it(run):
                self._is_waiting = True  # the copy is made when there is room for it
                self._start(self._make_room, self._room.wanted(run))
                return
            taken = snapshot.take(run, self._room, with_best=self._has_new_best(run))
        except (MemoryError, RuntimeError):
            taken = None  # there is no room for a copy: the run has to wait
        is_kept, self._owes, self._is_waiting = self._owes, False, False
        if taken is None:
            taken = snapshot.whole(run, with_best=self._has_new_best(run))
            self._write_beside(taken, run.best.epoch if run.best else 0, is_kept)
            self._kept_at = time.perf_counter()
            return
        epoch = run.best.epoch if run.best else 0
        stall_s = time.perf_counter() - started
        self.longest_stall_s = max(self.longest_stall_s, stall_s)
        self._pause_s = stall_s / KEEP_SHARE
        self._kept_at = time.perf_counter()
        self._start(self._write_beside, taken, epoch, is_kept)

    def finish(self, run: Run) -> None:
        """Keeps the last state, and waits until it is there.

        Raises:
            UserError: it cannot be written; the last one that could be is still there.
        """
        self.wait()
        is_kept, self._owes = self._owes, False
        self._write(snapshot.whole(run, with_best=self._has_new_best(run)), is_kept=is_kept)
        self._best_epoch = run.best.epoch if run.best else 0
        if run.is_over():
            tidy(self._path, self._keeping, newest=1)  # of a run that goes on the last two stay

    def wait(self) -> None:
        """Waits for what is being written."""
        if self._thread is not None:
            self._thread.join()

    def keep_best(self, run: Run) -> None:
        """Writes the best weights, of a run that cannot go on, unless they are there already.

        Raises:
            UserError: they cannot be written.
        """
        self.wait()
        if self._has_new_best(run) and not run.team.sharded:  # alone, they cannot be put together
            best = snapshot.Snapshot({}, {}, run.best_weights, run.step)
            best.write_best(self._path, self._paths)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        self._thread = threading.Thread(target=work, args=arguments, name="checkpoint")
        self._thread.start()

    def _make_room(self, wanted: Sequence[Shape]) -> None:
        with contextlib.suppress(MemoryError, RuntimeError):  # the copy itself will tell
            self._room.make(wanted)

    def _has_new_best(self, run: Run) -> bool:
        return run.best is not None and run.best.epoch != self._best_epoch

    def _write_beside(self, taken: Snapshot, epoch: int, is_kept: bool) -> None:
        started = time.perf_counter()
        try:
            self._write(taken, is_kept=is_kept)
        except UserError as error:
            before = " the checkpoint before is still there" if checkpoints_of(self._path) else ""
            self._say(f"{error} The run goes on{';' if before else ''}{before}.")
        except Exception as error:  # noqa: BLE001  a border: the run must not end by it
            self._say(f"The state of the run cannot be kept: {type(error).__name__}: {error}.")
        else:
            self._told, self._best_epoch = "", epoch
        write_s = time.perf_counter() - started
        self._pause_s = max(self._pause_s, write_s / WRITE_SHARE)

    def _write(self, taken: Snapshot, *, is_kept: bool) -> None:
        self._wrote()
        try:
            taken.write(self._path, self._paths, is_kept=is_kept)
        finally:
            taken.give_back(self._room)
        tidy(self._path, self._keeping)

    def _say(self, text: str) -> None:
        told = re.sub(r"\d+", "", text)
        if told != self._told:  # once, not for every file
            self._told = told
            self._tell(text)
