"""`torchloom train --on` and `torchloom attach`."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import main
from app.commands.common import FAILED, FINE, WRONG_USAGE
from backends.launch.job_file import write_launch
from backends.launch.process import is_alive
from backends.launch.where import where_of
from backends.protocol import Job
from graph.fileio import save
from tests.backends.pytorch.drawings import iris_mlp

ROOT = Path(__file__).parents[3]
LONG_S = 90


@pytest.fixture
def drawing(tmp_path):
    """A drawing in a file."""

    def save_(**recipe):
        path = tmp_path / "iris.loom"
        save(iris_mlp(**recipe), path)
        return str(path)

    return save_


def last_line(capsys):
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_a_place_that_is_none_is_wrong_usage(drawing, tmp_path, capsys):
    words = ["train", drawing(), "--on", "moon", "--runs", str(tmp_path / "runs"), "--json"]
    assert main(words) == WRONG_USAGE
    assert "is no place to train" in last_line(capsys)["error"]


def test_where_nothing_goes_on_nothing_is_listed(tmp_path, capsys):
    assert main(["attach", "--runs", str(tmp_path), "--json"]) == FINE
    assert last_line(capsys) == {"runs": []}


def test_a_folder_without_a_job_cannot_be_followed(tmp_path, capsys):
    assert main(["attach", str(tmp_path), "--json"]) == FAILED
    assert "no job" in last_line(capsys)["error"]


def test_an_order_reaches_the_folder(tmp_path, capsys):
    launch = write_launch(Job(iris_mlp(), tmp_path), where_of("machines:2x4"))
    assert main(["attach", str(launch.run), "--order", "pause", "--json"]) == FINE
    assert last_line(capsys) == {"run": str(launch.run), "order": "pause"}
    assert launch.order.read_text() == "pause"
    names = {path.name for path in launch.folder.iterdir()}
    assert {"torchrun.sh", "slurm.sh", "kubernetes.yaml"} <= names


@pytest.mark.slow
def test_a_run_apart_answers_like_one_here(drawing, tmp_path, capsys):
    path = drawing(epochs=3)
    runs = ["--runs", str(tmp_path / "runs"), "--json"]
    assert main(["train", path, *runs]) == FINE
    here = last_line(capsys)
    assert main(["train", path, *runs, "--on", "process"]) == FINE
    apart = last_line(capsys)
    for name in ("epochs", "train_loss", "val_loss", "test_accuracy", "device"):
        assert apart[name] == here[name]
    assert main(["attach", apart["run"], "--json"]) == FINE
    assert last_line(capsys)["train_loss"] == here["train_loss"]


@pytest.mark.slow
def test_a_run_outlives_its_command_and_is_found_listed_and_stopped(drawing, tmp_path, capsys):
    runs = str(tmp_path / "runs")
    words = ["train", drawing(epochs=1_000_000), "--runs", runs, "--on", "process"]
    command = subprocess.Popen(
        [sys.executable, "-m", "app", *words], cwd=ROOT, env=dict(os.environ),
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    for line in command.stderr:
        if line.startswith("epoch 1/"):
            break
    command.send_signal(signal.SIGKILL)
    command.wait(LONG_S)
    command.stderr.close()
    assert main(["attach", "--runs", runs, "--json"]) == FINE
    (run,) = last_line(capsys)["runs"]
    assert is_alive(Path(run))
    assert main(["attach", run, "--order", "stop"]) == FINE
    assert main(["attach", run, "--json"]) == FINE
    assert last_line(capsys)["run"] == run
    assert not is_alive(Path(run))
