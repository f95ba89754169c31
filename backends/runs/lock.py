"""Says which process trains a run, so that nobody else goes on with it meanwhile."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import socket
import sys
from pathlib import Path

from backends.runs.folder import cannot_write
from graph.problems import UserError

LOCK = "running.json"
QUERY = 0x1000  # Windows' right to ask whether a process lives


def take(run: Path) -> None:
    """Writes down that this process trains the run.

    Raises:
        UserError: another one does, or the folder cannot be written.
    """
    path = run / LOCK
    held = {"pid": os.getpid(), "started": _started(os.getpid()), "host": socket.gethostname()}
    for _ in range(2):
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            owner = owner_of(run)
            if owner is not None and owner != os.getpid():
                raise taken(run, owner) from None
            _take_away_stale(run)
            continue
        except OSError as error:
            raise cannot_write(path, error) from error
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(held, file)
        return
    raise UserError(f"{path} is in the way; remove it.")


def taken(run: Path, owner: int) -> UserError:
    """What to say to who would train a run that another process trains."""
    return UserError(
        f"The run {run.name} is being trained by another process ({owner}) now. Wait until it has "
        "ended, or stop it."
    )


def _take_away_stale(run: Path) -> None:
    """Takes away a lock whose process is gone; one that another has put there meanwhile stays."""
    path, aside = run / LOCK, run / f".{LOCK}.{os.getpid()}"
    with contextlib.suppress(OSError):
        path.replace(aside)  # only one of several can do that with the same file
        if owner_in(aside) not in (None, os.getpid()):
            aside.replace(path)
        else:
            aside.unlink()


def release(run: Path) -> None:
    """Takes the lock away."""
    with contextlib.suppress(OSError):
        (run / LOCK).unlink()


def owner_of(run: Path) -> int | None:
    """The process that trains the run now; None where there is none.

    One on another machine that shares the folder counts as living: nothing can be known of it.
    """
    return owner_in(run / LOCK)


def owner_in(path: Path) -> int | None:
    """The living process that a lock names."""
    try:
        held = json.loads(path.read_text("utf-8"))
        pid, started, host = int(held["pid"]), held["started"], held["host"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if host != socket.gethostname():
        return pid
    return pid if _is_alive(pid) and _started(pid) == started else None


def _started(pid: int) -> str:
    """When a process began, in the clock of the system; empty where that cannot be known.

    Numbers of processes are given again: together with this one of them is meant.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace")
    except OSError:
        return ""
    boot = ""
    with contextlib.suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("utf-8").strip()
    return f"{boot} {stat.rpartition(')')[2].split()[19]}".strip()


def _is_alive(pid: int) -> bool:
    if sys.platform == "win32":
        handle = ctypes.windll.kernel32.OpenProcess(QUERY, False, pid)
        if handle:
            ctypes.windll.kernel32.CloseHandle(handle)
        return bool(handle)
    with contextlib.suppress(OSError, IndexError):
        state = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace")
        if state.rpartition(")")[2].split()[0] in "ZX":
            return False  # it has ended, and only its parent has not asked yet
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # it belongs to somebody else
    return True
