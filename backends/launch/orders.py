"""A file that steers a run in another process: go, pause or stop."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from backends.protocol import Control

GO, PAUSE, STOP = "go", "pause", "stop"
LOOK_EVERY_S = 0.005
LOOK_SHARE = 0.002  # of the time: a file far away is looked at less often
WAIT_S = 0.02


def order(path: Path, word: str) -> None:
    """Gives an order; the last one counts.

    It is not flushed to the disk: who reads it asks the system, not the disk.
    """
    part = path.with_name(f"{path.name}.part")
    part.write_text(word, "utf-8")
    part.replace(path)


def order_of(control: Control) -> str:
    """What a control says, as an order."""
    return STOP if control.is_stopped else PAUSE if control.is_paused else GO


class Orders(Control):
    """Follows the orders in a file; asking costs next to nothing, so a loop may ask every step."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._next = 0.0

    @property
    def is_stopped(self) -> bool:
        """Whether the run was asked to stop."""
        self._look()
        return super().is_stopped

    @property
    def is_paused(self) -> bool:
        """Whether the run waits to be resumed."""
        self._look()
        return super().is_paused

    def wait(self) -> bool:
        """Waits while paused; answers whether to go on."""
        while self.is_paused:
            time.sleep(WAIT_S)
        return not self.is_stopped

    def _look(self) -> None:
        now = time.perf_counter()
        if now < self._next:
            return
        with contextlib.suppress(OSError):
            stat = self._path.stat()
            if (stat.st_mtime_ns, stat.st_ino) != self._seen:
                self._follow(self._path.read_text("utf-8").strip())
                self._seen = (stat.st_mtime_ns, stat.st_ino)
        took = time.perf_counter() - now
        self._next = now + max(LOOK_EVERY_S, took / LOOK_SHARE)

    def _follow(self, word: str) -> None:
        match word:
            case "stop":
                self.stop()
            case "pause":
                self.pause()
            case "go":
                self.resume()
