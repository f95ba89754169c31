"""How soon the window can be used, and how soon it can train, beside bare `import torch`.

Each start is a process of its own. Its times count from the moment at which it was asked for, so
that they hold the start of Python, too. Torch is read once before, so that the disk is warm.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from benchmarks.report import Bar, report

ROOT = Path(__file__).parents[1]
REPETITIONS = 5
LONGEST_S = 120
BARE = "import torch, time; print(time.monotonic())"
FIRST_STEP = """
import torch, time
weight = torch.nn.Parameter(torch.zeros(2))
optimizer = torch.optim.Adam([weight])
(weight * 2).sum().backward()
optimizer.step()
print(time.monotonic())
"""
WINDOW = "from benchmarks.startup import start_window; start_window()"


def main() -> int:
    """Starts everything in turn, several times, and reports the least of each."""
    _round()  # fills the caches of compiled modules and of the disk
    rows = [_round() for _ in range(REPETITIONS)]
    # the least of each: other programs on the machine can only add to it
    times = {name: min(row[name] for row in rows) for name in rows[0]}
    bare, step = times["import torch"], times["first step"]
    loading = min(row["ready"] - row["painted"] for row in rows)
    bars = [
        Bar("ratio of window painted to `import torch`", times["painted"] / bare, 1.0),
        Bar("ratio of window edited to `import torch`", times["edited"] / bare, 1.2),
        Bar("ratio of torch warmed up behind the window to a bare first step", loading / step, 1.5),
        Bar("ratio of the longest pause meanwhile to `import torch`", times["pause"] / bare, 0.2),
    ]
    seconds = {name: round(value, 4) for name, value in times.items()}
    all_rows = [{name: round(value, 4) for name, value in row.items()} for row in rows]
    return report("startup", bars, {"least_s": seconds, "rows_s": all_rows})


def _round() -> dict[str, float]:
    bare, step = _seconds(BARE), _seconds(FIRST_STEP)
    return {"import torch": bare, "first step": step, **_window_times()}


def _seconds(code: str) -> float:
    started = time.monotonic()
    return float(_output(code)) - started


def _window_times() -> Mapping[str, float]:
    started = time.monotonic()
    moments = json.loads(_output(WINDOW))
    pause = moments.pop("pause")
    return {**{name: moment - started for name, moment in moments.items()}, "pause": pause}


def _output(code: str) -> str:
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TORCHLOOM_HOME": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a second start finds modules compiled
        ran = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment,
            capture_output=True, text=True, check=True, timeout=LONGEST_S,
        )  # fmt: skip
    return ran.stdout.splitlines()[-1]


def start_window() -> None:
    """Opens the window as `torchloom` does, and prints when it was painted, edited and warm."""
    from PySide6.QtCore import QTimer

    from app.start import make_application, open_window
    from backends import loader

    app = make_application()
    moments: dict[str, float] = {}
    window = open_window(app, [])
    beats: list[float] = []
    pulse = QTimer(window, interval=5)

    def painted() -> None:
        moments["painted"] = time.monotonic()
        pulse.start()
        QTimer.singleShot(0, edit)

    def edit() -> None:
        window.canvas.add_block("conv2d")
        window.canvas.repaint()
        assert window.session.document.graph.nodes
        moments["edited"] = time.monotonic()
        window.session.undo()

    def beat() -> None:
        beats.append(time.monotonic())
        if loader.is_warm() and "edited" in moments:
            moments["ready"] = time.monotonic()
            app.quit()

    pulse.timeout.connect(beat)
    window.painted.connect(painted)
    assert not loader.is_loaded(), "torch is loaded before the window is shown"
    window.resize(1440, 900)
    window.show()
    app.exec()
    pauses = [later - sooner for sooner, later in pairwise(beats)]
    print(json.dumps({**moments, "pause": max(pauses)}))


if __name__ == "__main__":
    sys.exit(main())
