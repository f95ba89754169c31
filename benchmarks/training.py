"""What training in the window costs, compared with the same training written by hand.

The two alternate in one process, because the machine may be shared, and the fastest two epochs in a
row of either are compared: whatever else runs can only slow them down. Two epochs take more than
twice the time between two drawings of the plots, so even the fastest have their share of drawings.
The first epoch of a run does not count. It goes on until three runs of either agree, or time is up.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer

from app.recovery import Journal
from app.settings import HOME_VARIABLE, Settings
from app.start import make_application
from app.window import Window
from benchmarks.report import Bar, report
from graph import edits

EXAMPLE = Path(__file__).parent.parent / "assets" / "examples" / "classic-cnn.loom"
FEWEST_ROUNDS = 5
LONGEST_S = 150.0
SETTLED = 1.02
EPOCHS = 7
WARM = 1
IN_A_ROW = 2
PROBE_MS = 5
LARGEST_RATIO = 1.03
LARGEST_GAP_MS = 33.0


class WindowRuns:
    """A visible window with the example, trained again and again."""

    def __init__(self) -> None:
        make_application()
        self.window = Window(Settings(theme="dark"), Journal())
        self.window.resize(1440, 900)
        self.window.show()
        self.window.files.open(EXAMPLE)
        session = self.window.session
        session.apply("Set epochs", lambda doc: edits.set_recipe(doc, "epochs", EPOCHS))
        self._wait_until(lambda: session.data_info is not None)
        self.window.canvas.fit()
        self.threads = 0
        self.cpu_shares: list[float] = []

    def train(self) -> tuple[list[float], list[float]]:
        """The loss of each step and the seconds of each epoch of one run."""
        panel = self.window.training
        self.window.train()
        self._wait_until(lambda: panel.runner.record is not None and panel.runner.record.step > 0)
        cpu, wall = time.thread_time(), time.perf_counter()
        self._wait_until(lambda: not self.window.is_training)
        self.cpu_shares.append((time.thread_time() - cpu) / (time.perf_counter() - wall))
        record = panel.runner.record
        assert record is not None and record.started is not None, "the run did not start"
        self.threads = record.started.threads
        return record.steps.y.tolist(), [epoch.seconds for epoch in record.ended]

    def gaps_ms(self) -> np.ndarray:
        """The times between the ticks of a timer while a run's steps are made."""
        ticks: list[float] = []
        panel = self.window.training
        probe = QTimer(self.window, interval=PROBE_MS)
        probe.setTimerType(Qt.TimerType.PreciseTimer)

        def tick() -> None:
            record = panel.runner.record
            if record is not None and record.started is not None and not record.is_over:
                ticks.append(time.perf_counter())

        probe.timeout.connect(tick)
        probe.start()
        self.train()
        probe.stop()
        return 1000 * np.diff(np.array(ticks))

    def close(self) -> None:
        """Closes the window without questions."""
        self.window.session.mark_saved(EXAMPLE)
        self.window.close()

    def _wait_until(self, is_done: Callable[[], bool]) -> None:
        loop = QEventLoop()
        watch = QTimer(interval=20)
        watch.timeout.connect(lambda: loop.quit() if is_done() else None)
        watch.start()
        loop.exec()


def main() -> int:
    """Measures and reports."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ[HOME_VARIABLE] = folder
        return measure()


def measure() -> int:
    """Alternates the two trainings, then measures how smooth the window stays."""
    runs = WindowRuns()
    runs.train()  # loads torch and pyqtgraph; not counted
    import torch

    from backends.data.source import source_of
    from backends.pytorch.reuse import reused_memory
    from benchmarks import handwritten

    arrays = source_of(runs.window.session.document.data).load().train
    torch.set_num_threads(runs.threads)
    window_s: list[float] = []
    hand_s: list[float] = []
    equal = True
    runs.cpu_shares.clear()
    best: dict[str, list[float]] = {"window": [], "by hand": []}
    started = time.perf_counter()
    while not _is_settled(best) and time.perf_counter() - started < LONGEST_S:
        own, own_s = runs.train()
        torch.set_num_threads(runs.threads)
        with reused_memory():  # which makes either faster, by chance or a lot
            hand, one_s = handwritten.train(arrays, EPOCHS)
        for name, all_s, run_s in (("window", window_s, own_s), ("by hand", hand_s, one_s)):
            found = _in_a_row(run_s[WARM:])
            all_s += found
            best[name].append(min(found))
        equal = equal and own == hand
        ratio = min(window_s) / min(hand_s)
        print(f"round {len(best['window'])}: {ratio:.3f}", file=sys.stderr, flush=True)
    if not _is_settled(best):
        print("The machine was too busy for a settled ratio.", file=sys.stderr, flush=True)
    cpu_share = statistics.median(runs.cpu_shares)
    gaps = runs.gaps_ms()
    runs.close()
    steps = IN_A_ROW * len(hand) // EPOCHS
    bars = [
        Bar("step time in the window / by hand, classic CNN, fastest epochs",
            min(window_s) / min(hand_s), LARGEST_RATIO),
        Bar("gap of a window timer while training, 99th percentile, ms",
            float(np.percentile(gaps, 99)), LARGEST_GAP_MS),
    ]  # fmt: skip
    pairs = [a / b for a, b in zip(best["window"], best["by hand"], strict=True)]
    detail = {
        "steps": steps,
        "rounds": len(best["window"]),
        "is_settled": _is_settled(best),
        "threads": runs.threads,
        "window_ms_per_step": _summary(window_s, steps),
        "by_hand_ms_per_step": _summary(hand_s, steps),
        "ratio_of_medians": round(statistics.median(window_s) / statistics.median(hand_s), 4),
        "median_of_ratios": round(statistics.median(pairs), 4),
        "window_thread_cpu_share": round(cpu_share, 4),
        "losses_equal": equal,
        "gap_median_ms": round(float(np.median(gaps)), 2),
        "gap_largest_ms": round(float(gaps.max()), 2),
        "gaps": len(gaps),
    }
    return report("training", bars, detail)


def _is_settled(best: dict[str, list[float]]) -> bool:
    """Whether three runs of either were about as fast as its fastest."""
    ordered = [sorted(found) for found in best.values()]
    return all(len(s) >= FEWEST_ROUNDS and s[2] <= SETTLED * s[0] for s in ordered)


def _in_a_row(seconds: list[float]) -> list[float]:
    return [sum(seconds[at : at + IN_A_ROW]) for at in range(len(seconds) - IN_A_ROW + 1)]


def _summary(seconds: list[float], steps: int) -> dict[str, float]:
    per_step = sorted(1000 * each / steps for each in seconds)
    return {"least": round(per_step[0], 3), "median": round(statistics.median(per_step), 3)}


if __name__ == "__main__":
    sys.exit(main())
