"""Runs as training leaves them, in the folder where the window looks."""

from pathlib import Path

import pytest

from backends.runs.folder import write_json
from backends.runs.metrics import MetricsFile
from graph.fileio import save
from graph.model import Document


@pytest.fixture
def make_run(home):
    """Makes a run with a few steps."""

    def make(folder: str, document: Document | None = None, losses=(1.0, 0.5), **facts) -> Path:
        run = home / "runs" / folder
        run.mkdir(parents=True)
        means = {"train": {"loss": losses[-1], "accuracy": 0.75}, "validation": {"loss": 0.25}}
        summary = {"name": folder.capitalize(), "status": "finished", "best": means, "last": means,
                   "started": f"2026-01-0{len(list(run.parent.iterdir()))}T10:00:00+00:00",
                   "epochs": 1, "plan": {"epochs": 2}, **facts}  # fmt: skip
        write_json(run / "run.json", summary)
        metrics = MetricsFile(run / "metrics.jsonl")
        metrics.add_steps(tuple(range(1, len(losses) + 1)), tuple(losses))
        metrics.close()
        if document is not None:
            save(document, run / "document.loom")
        return run

    return make
