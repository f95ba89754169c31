"""How fast a thousand runs are listed, and a run of a million steps is read, drawn and moved."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from backends.runs.columns import CACHE, read_columns
from backends.runs.folder import write_json, write_lightly
from backends.runs.index import INDEX, list_runs, rebuild
from benchmarks.report import Bar, report

RUNS, STEPS, STEPS_PER_EPOCH, FRAMES = 1000, 1_000_000, 1000, 120
LARGEST_LIST_S, LARGEST_PLOT_MS, LARGEST_FRAME_MS = 0.5, 100.0, 1000 / 60


def make_runs(folder: Path) -> None:
    """A thousand runs as training leaves them."""
    for number in range(RUNS):
        run = folder / f"20260101-{number:06d}-net"
        run.mkdir(parents=True)
        means = {"train": {"loss": 1 / (number + 1), "accuracy": 0.5}, "validation": {"loss": 0.5}}
        summary = {
            "name": f"Net {number % 7}", "status": "finished", "started": f"2026-01-01T{number:06}",
            "epochs": 10, "step": 1000, "best_epoch": 5, "last": means, "best": means,
            "test": {"loss": 0.4, "accuracy": 0.9}, "seconds": 12.5, "device": "cpu",
            "parameters": 12345, "dataset": "digits", "document": "0" * 64,
            "plan": {"epochs": 10, "steps_per_epoch": 100},
        }  # fmt: skip
        write_lightly(run / "run.json", summary)


def make_long(run: Path) -> None:
    """A run of a million steps."""
    run.mkdir()
    losses = np.exp(-np.arange(STEPS) / 2e5) + np.random.default_rng(0).normal(0, 0.1, STEPS)
    with (run / "metrics.jsonl").open("w") as file:
        for step, loss in enumerate(np.abs(losses).tolist(), start=1):
            file.write(f'{{"step": {step}, "loss": {loss!r}}}\n')
            if step % STEPS_PER_EPOCH == 0:
                means = {"loss": loss}
                row = {"epoch": step // STEPS_PER_EPOCH, "step": step, "train": means,
                       "validation": means}  # fmt: skip
                file.write(json.dumps(row) + "\n")
    write_json(run / "run.json", {"name": "Long", "status": "finished"})


def cpu_ms(act: Callable[[], object]) -> float:
    """The processor time of something, in milliseconds."""
    started = time.process_time()
    act()
    return 1000 * (time.process_time() - started)


def main() -> int:
    """Measures and reports."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert app is not None
    from app.plotting.lines import LinesPlot, Shown, line_of

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "runs"
        make_runs(folder)
        rebuilt = cpu_ms(lambda: list_runs(folder))
        listed = statistics.median(cpu_ms(lambda: list_runs(folder)) for _ in range(5))
        size = (folder / INDEX).stat().st_size
        rebuild(folder)
        run = Path(name) / "long"
        make_long(run)
        parsed = cpu_ms(lambda: read_columns(run))
        kept = statistics.median(cpu_ms(lambda: read_columns(run)) for _ in range(3))
        window = QWidget()
        layout = QVBoxLayout(window)
        plot = LinesPlot(window)
        layout.addWidget(plot)
        window.resize(1200, 400)
        window.show()
        QApplication.processEvents()

        def open_and_draw() -> None:
            columns = read_columns(run)
            lines = [Shown("loss", line_of(columns.steps, columns.loss), "#6EA8FE", is_thin=True)]
            lines.append(Shown("val", line_of(*columns.means("validation", "loss")), "#F5B83D"))
            plot.show_lines(lines)
            plot.grab()

        open_and_draw()
        drawn = statistics.median(cpu_ms(open_and_draw) for _ in range(5))
        plot.view.setXRange(2e5, 5e5, padding=0)
        plot.grab()
        frames = []
        for frame in range(FRAMES):
            low = 2e5 + 1500 * frame
            frames.append(cpu_ms(lambda low=low: _frame(plot, low)))  # type: ignore[misc]
        window.close()
    bars = [
        Bar("list of 1,000 runs, s", listed / 1000, LARGEST_LIST_S),
        Bar("list of 1,000 runs without an index, s", rebuilt / 1000, LARGEST_LIST_S),
        Bar("plot of 1,000,000 steps, ms", drawn, LARGEST_PLOT_MS),
        Bar("a frame of panning over them, p95, ms", float(np.percentile(frames, 95)),
            LARGEST_FRAME_MS),
    ]  # fmt: skip
    detail = {
        "index_bytes": size, "first_read_ms": round(parsed, 1), "kept_read_ms": round(kept, 1),
        "frame_median_ms": round(statistics.median(frames), 2), "cache": CACHE,
    }  # fmt: skip
    return report("runs", bars, detail)


def _frame(plot: object, low: float) -> None:
    plot.view.setXRange(low, low + 3e5, padding=0)  # type: ignore[attr-defined]  # a LinesPlot
    plot.grab()  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main())
