"""What a training step costs in Torchloom, compared with the same training written by hand.

Five trainings: the classic CNN, ResNet-18 on small images, a small GPT, an LSTM, and an MLP so tiny
that it makes thousands of steps a second. Model, first weights, order of rows and precision are the
same on both sides, and the losses are asserted to be equal, bit for bit.

Step time is the wall time of the epochs by their steps, so all counts that a run waits for: drawing
a batch, metrics, validation, keeping the best weights, checkpoints, telling, and in the window its
curves, which are drawn meanwhile and for which the training waits. Runs take turns with the loop by
hand, because the machine may be shared; the bars are medians of the ratios of neighbours. Where the
machine was too busy, the ratio of the fastest runs tells more; it is in the detail.

In a process of its own and by the command line, the loop by hand has a process of its own, too.
`python -m benchmarks.training TASK…` measures some trainings only.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from app.settings import HOME_VARIABLE
from benchmarks.report import Bar, report
from benchmarks.training import apart
from benchmarks.training.by_hand import ByHand
from benchmarks.training.in_window import Windowed
from benchmarks.training.rounds import HAND, Rounds
from benchmarks.training.tasks import TASKS, Task

WINDOW, PROCESS, COMMAND = "in the window", "in a process", "by the command line"
ROUNDS, LONGEST_S = 5, 40.0
ROUNDS_APART, LONGEST_APART_S = 3, 40.0
LARGEST_APART = 1.01
LARGEST_GAP_MS = 33.0
MOST_STEPS = 1


def main(names: Sequence[str]) -> int:
    """Measures and reports."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    bars: list[Bar] = []
    detail: dict[str, object] = {}
    ratios: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ[HOME_VARIABLE] = folder
        windowed = Windowed()
        for name in names or TASKS:
            task = TASKS[name]
            in_window, found = measure_window(windowed, task)
            away, found_apart = measure_apart(name, Path(folder))
            bars += [*in_window, *away]
            detail[name] = {**found, "apart": found_apart}
            ratios[task.title] = [bar.value for bar in (in_window[0], *away)]
        windowed.close()
    print(_table(ratios))
    return report("training", bars, detail)


def _table(ratios: Mapping[str, Sequence[float]]) -> str:
    """The ratios as a table in Markdown."""
    rows = [f"| a step, to one by hand | {WINDOW} | {PROCESS} | {COMMAND} |", "|---|---|---|---|"]
    rows += [
        f"| {title} | {' | '.join(f'{ratio:.2f}' for ratio in found)} |"
        for title, found in ratios.items()
    ]
    return "\n".join(rows)


def measure_window(windowed: Windowed, task: Task) -> tuple[list[Bar], dict[str, object]]:
    """Steps in the window to steps by hand; then how smooth it stays, and how soon a run stops."""
    print(task.title, file=sys.stderr, flush=True)
    hand = ByHand(task)
    windowed.open(task.document())
    windowed.train()  # loads what is to be loaded, and makes the plots; not counted
    windowed.shares.clear()
    rounds = Rounds({HAND: hand.train, WINDOW: windowed.train})
    rounds.go(ROUNDS, LONGEST_S)
    share = statistics.median(windowed.shares)
    gaps = windowed.gaps_ms()
    after = windowed.steps_after_stop()
    bars = [
        Bar(f"{task.title}: step {WINDOW} / by hand", rounds.ratio(WINDOW), task.limit),
        Bar(f"{task.title}: gap of a timer of the window, 99th percentile, ms",
            float(np.percentile(gaps, 99)), LARGEST_GAP_MS),
        Bar(f"{task.title}: steps done after Stop, at most", max(after), MOST_STEPS),
    ]  # fmt: skip
    detail = {
        **rounds.detail(),
        "threads": hand.threads,
        "window_thread_cpu_share": round(share, 4),
        "gap_median_ms": round(float(np.median(gaps)), 2),
        "gap_largest_ms": round(float(gaps.max()), 2),
        "gaps": len(gaps),
    }
    return bars, detail


def measure_apart(name: str, folder: Path) -> tuple[list[Bar], dict[str, object]]:
    """Steps in other processes to steps by hand."""
    rounds = Rounds(
        {
            HAND: partial(apart.by_hand, name),
            PROCESS: partial(apart.in_process, name, folder),
            COMMAND: partial(apart.by_command, name, folder),
        }
    )
    rounds.go(ROUNDS_APART, LONGEST_APART_S)
    bars = [
        Bar(f"{TASKS[name].title}: step {way} / by hand", rounds.ratio(way), LARGEST_APART)
        for way in (PROCESS, COMMAND)
    ]
    return bars, rounds.detail()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
