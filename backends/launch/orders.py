"""Files that steer a run in another process: go, pause or stop, and values of its recipe."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterable
from pathlib import Path

from backends.protocol import Control, Setting

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


def ask_for(path: Path, settings: Iterable[Setting]) -> None:
    """Asks for other values of the recipe."""
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(setting)}\n" for setting in settings)


def order_of(control: Control) -> str:
    """What a control says, as an order."""
    return STOP if control.is_stopped else PAUSE if control.is_paused else GO


class Orders(Control):
    """Follows the orders in files; asking costs next to nothing, so a loop may ask every step."""

    def __init__(self, path: Path, settings: Path | None = None) -> None:
        super().__init__()
        self._path = path
        self._settings_path = settings
        self._settings_read = 0
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

    def take_settings(self) -> list[Setting]:
        """What is to change that nobody has taken yet."""
        self._look()
        return super().take_settings()

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
        if self._settings_path is not None:
            with contextlib.suppress(OSError):
                if self._settings_path.stat().st_size > self._settings_read:
                    self._read_settings(self._settings_path)
        took = time.perf_counter() - now
        self._next = now + max(LOOK_EVERY_S, took / LOOK_SHARE)

    def _read_settings(self, path: Path) -> None:
        with path.open("rb") as file:
            file.seek(self._settings_read)
            content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        self._settings_read += len(whole)
        for line in whole.splitlines():
            with contextlib.suppress(ValueError, TypeError):
                name, value = json.loads(line)
                self.set(str(name), value)

    def _follow(self, word: str) -> None:
        match word:
            case "stop":
                self.stop()
            case "pause":
                self.pause()
            case "go":
                self.resume()
