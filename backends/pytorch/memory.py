"""Refuses memory that is not there: otherwise the system would end the whole program.

Linux hands out more memory than it has, and kills who then uses it. With a limit, PyTorch gets
an error in time, which ends the run and not the window.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHARE = 0.95  # of what is free; the rest is for the window
CGROUP = Path("/sys/fs/cgroup")


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Within, this process cannot take more than what is free now; on Linux only."""
    free = free_bytes()
    if sys.platform != "linux" or free is None:
        yield
        return
    import resource  # there is none on Windows

    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = _number_in(Path("/proc/self/status"), "VmData:", 1024) or 0
    limit = wanted + int(free * SHARE)
    bounds = [bound for bound in (before, most) if bound != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min([limit, *bounds]), most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))


def free_bytes() -> int | None:
    """The memory that can still be used, swap included; None where it is not known."""
    table = Path("/proc/meminfo")
    available = _number_in(table, "MemAvailable:", 1024)
    if available is None:
        return None
    return min(available + (_number_in(table, "SwapFree:", 1024) or 0), _free_in_container())


def _free_in_container() -> int:
    """What the limit of a container leaves; files that are cached there can make way."""
    limit, used = (_whole(CGROUP / name) for name in ("memory.max", "memory.current"))
    if limit is None or used is None:
        return sys.maxsize
    return max(0, limit - used + (_number_in(CGROUP / "memory.stat", "file ", 1) or 0))


def _number_in(path: Path, label: str, unit: int) -> int | None:
    """The number behind a label at the start of a line."""
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return None
    found = (line.removeprefix(label).split() for line in lines if line.startswith(label))
    return next((int(words[0]) * unit for words in found), None)


def _whole(path: Path) -> int | None:
    try:
        text = path.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdecimal() else None
