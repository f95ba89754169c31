"""Trainings in processes of their own: as the window starts them, by the command line, by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from queue import SimpleQueue

from backends.launch import process
from backends.launch.where import Kind, Where
from backends.protocol import Control, Event, Finished, Job
from backends.runs.folder import METRICS
from backends.runs.metrics import read_metrics
from benchmarks.training.by_hand import Trained
from benchmarks.training.tasks import TASKS
from graph.fileio import save

ROOT = Path(__file__).parents[2]
LONGEST_S = 300


def in_process(name: str, runs: Path) -> Trained:
    """As the window trains in a process of its own."""
    events: SimpleQueue[Event] = SimpleQueue()
    job = Job(TASKS[name].document(), runs)
    process.train(job, Where(Kind.PROCESS), events.put, Control()).join(LONGEST_S)
    last = [events.get_nowait() for _ in range(events.qsize())][-1]
    assert isinstance(last, Finished), f"the run has not finished: {last}"
    return trained_in(last.run)


def by_command(name: str, runs: Path) -> Trained:
    """By `torchloom train`."""
    drawing = runs / f"{name}.loom"
    save(TASKS[name].document(), drawing)
    answer = _answer("app", "train", str(drawing), "--runs", str(runs), "--json")
    return trained_in(Path(str(answer["run"])))


def by_hand(name: str) -> Trained:
    """By a script."""
    answer = _answer("benchmarks.training.by_hand", name)
    return Trained(answer["losses"], answer["seconds"])


def _answer(*words: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", *words], capture_output=True, text=True, timeout=LONGEST_S,
        cwd=ROOT, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stderr[-2000:]}")
    answer: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return answer


def trained_in(run: Path) -> Trained:
    """What the folder of a run tells of it."""
    rows = list(read_metrics(run / METRICS))
    return Trained(
        [row["loss"] for row in rows if "epoch" not in row],
        [row["seconds"] for row in rows if "epoch" in row],
    )
