"""How a benchmark says what it measured: a table for people, then one line of JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Bar:
    """A measured value that should not exceed its limit."""

    what: str
    value: float
    limit: float

    @property
    def holds(self) -> bool:
        """Whether it does not."""
        return self.value <= self.limit


def report(benchmark: str, bars: Sequence[Bar], detail: Mapping[str, object]) -> int:
    """Prints the bars, and as the last line all of it as JSON.

    Returns:
        The exit code: 0, whatever holds, since it ran.
    """
    width = max((len(bar.what) for bar in bars), default=0)
    for bar in bars:
        mark = "holds" if bar.holds else "FAILS"
        print(f"{bar.what:{width}}  {bar.value:9.3f}  limit {bar.limit:9.3f}  {mark}")
    line = {
        "benchmark": benchmark,
        "machine": machine(),
        "bars": [
            {"what": bar.what, "value": bar.value, "limit": bar.limit, "holds": bar.holds}
            for bar in bars
        ],
        "detail": detail,
    }
    print(json.dumps(line), flush=True)
    return 0


def machine() -> str:
    """What this was measured on."""
    return f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def megabytes() -> float:
    """The memory that this process holds now; at most so far where the system tells no more."""
    import resource

    pages = Path("/proc/self/statm")
    if pages.exists():
        return int(pages.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine() or sys.platform


def median_ms(
    act: Callable[[], object],
    *,
    repeats: int = 15,
    warm_up: int = 2,
    clock: Callable[[], float] = time.thread_time,
) -> float:
    """The median time of an action in ms: CPU time of this thread, since machines are shared."""
    for _ in range(warm_up):
        act()
    times = []
    for _ in range(repeats):
        start = clock()
        act()
        times.append((clock() - start) * 1e3)
    return round(statistics.median(times), 3)
