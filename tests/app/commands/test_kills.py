"""A training that is killed at any moment, and started again, ends as if nothing had been."""

import random
import signal
import subprocess
import sys
import time

import pytest

from backends.protocol import Finished
from backends.runs.checkpoints import checkpoints_of
from backends.runs.folder import read_json
from backends.runs.metrics import read_metrics
from graph import edits
from graph.data import DataSpec
from graph.fileio import save
from tests.backends.pytorch.drawings import classifier
from tests.backends.pytorch.running import train
from tests.drawing import set_params


def drawing(epochs):
    """A small network with dropout, so that random numbers count, too."""
    document = classifier(
        "dense relu dropout dense", "64", DataSpec("digits", {"layout": "flat"}),
        epochs=epochs, threads=1, learning_rate=0.002, schedule="one-cycle",
        early_stopping=True, patience=epochs, checkpoint_steps=40,
    )  # fmt: skip
    document = set_params(document, "n2", features=32)
    document = set_params(document, "n5", features=10)
    return edits.rename_document(document, "Killed")


def start(folder):
    """`torchloom train` in a process of its own, going on with what there is."""
    words = [sys.executable, "-m", "app", "train", str(folder / "d.loom"), "--resume", "latest",
             "--runs", str(folder / "runs"), "--json"]  # fmt: skip
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def size(folder):
    return sum(path.stat().st_size for path in folder.glob("runs/*/metrics.jsonl"))


def kill_at_random(folder, chance):
    """Kills it before or after it has begun to train; answers whether it was in time."""
    process, before = start(folder), size(folder)
    if chance.random() < 0.2:
        time.sleep(chance.uniform(0.0, 2.5))
    else:
        while size(folder) <= before and process.poll() is None:
            time.sleep(0.005)
        time.sleep(chance.uniform(0.0, 0.3))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def rows_of(run):
    """All rows but for the time that they took."""
    return [{**row, "seconds": None} for row in read_metrics(run / "metrics.jsonl")]


@pytest.mark.parametrize(
    ("kills", "epochs"),
    [
        pytest.param(3, 60, marks=pytest.mark.timeout(400)),
        pytest.param(50, 3000, marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
    ],
)
def test_a_killed_training_ends_as_one_that_was_left_alone(tmp_path, kills, epochs):
    document, chance = drawing(epochs), random.Random(kills)
    save(document, tmp_path / "d.loom")
    for _ in range(kills):
        assert kill_at_random(tmp_path, chance), "it had ended before it was killed"
    process = start(tmp_path)
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    whole = train(document, tmp_path / "whole")[-1]
    assert isinstance(whole, Finished)
    runs = [path for path in (tmp_path / "runs").iterdir() if (path / "run.json").exists()]
    assert len(runs) == 1, output
    assert rows_of(runs[0]) == rows_of(whole.run)
    summary = read_json(runs[0] / "run.json")
    assert summary["status"] == "finished"
    assert summary["test"] == whole.test
    for name in ("best.safetensors", "last.safetensors"):
        assert (runs[0] / name).read_bytes() == (whole.run / name).read_bytes()
    assert 2 <= len(checkpoints_of(runs[0])) <= 7
    assert not list(runs[0].glob("**/.*"))
    assert not (runs[0] / "running.json").exists()
