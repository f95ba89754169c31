"""`torchloom train` and `eval` as programs and people call them."""

import argparse
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.commands import eval as evaluation
from app.commands import train as training
from app.commands.common import FINE, WRONG_USAGE
from graph import edits
from graph.data import DataSpec
from graph.fileio import save
from graph.model import NodeId
from graph.problems import UserError
from tests.backends.pytorch.drawings import digits_mlp, iris_mlp

KEYS = ["epochs", "train_loss", "val_loss", "val_accuracy", "test_accuracy", "test", "seconds",
        "device", "run"]  # fmt: skip


@pytest.fixture
def call(tmp_path, capsys):
    """Runs a command on a document; answers its exit code, the JSON line and all that it said."""

    def run(module, document, *words):
        parser = argparse.ArgumentParser()
        module.declare(parser)
        parser.add_argument("--json", action="store_true")
        save(document, tmp_path / "d.loom")
        if module is training and "--runs" not in words:
            words = (*words, "--runs", str(tmp_path / "runs"))
        code = module.run(parser.parse_args([str(tmp_path / "d.loom"), *words]))
        said = capsys.readouterr()
        last = said.out.strip().splitlines()[-1:] if "--json" in words else []
        return code, json.loads(last[0]) if last else None, said

    return run


def test_the_answer_has_the_promised_keys(call, tmp_path):
    code, answer, said = call(training, iris_mlp(), "--json", "--epochs", "2", "--seed", "5")
    assert code == FINE
    assert list(answer) == KEYS
    assert answer["epochs"] == 2
    assert 0 < answer["train_loss"] < 3
    assert 0 <= answer["val_accuracy"] <= 1
    assert 0 <= answer["test_accuracy"] <= 1
    assert answer["test"]["loss"] > 0 and answer["test_accuracy"] in answer["test"].values()
    assert answer["device"] == "cpu"
    assert Path(answer["run"]).parent == tmp_path / "runs"
    assert json.loads((Path(answer["run"]) / "recipe.json").read_text())["seed"] == 5
    assert "epoch 2/2" in said.err
    assert len(said.out.splitlines()) == 1


def test_what_there_is_not_is_null(call):
    document = edits.remove(iris_mlp(validation_fraction=0.0), [NodeId("n7")])
    document = edits.set_data(document, DataSpec("iris", {"test_fraction": 0.0}))
    _, answer, _ = call(training, document, "--json")
    assert answer["train_loss"] > 0
    assert [answer[key] for key in ("val_loss", "val_accuracy", "test_accuracy")] == [None] * 3


def test_the_first_accuracy_is_reported_whatever_its_name(call):
    document = edits.rename(iris_mlp(), NodeId("n7"), "hits")
    _, answer, _ = call(training, document, "--json")
    assert answer["val_accuracy"] is not None
    _, found, _ = call(evaluation, document, "--run", answer["run"], "--json")
    assert found["test_accuracy"] == found["metrics"]["hits"] == answer["test_accuracy"]
    assert found["rows"] == 30


def test_people_get_sentences(call):
    _, _, said = call(training, iris_mlp())
    assert "kept epoch" in said.out
    assert "accuracy" in said.out
    run = said.out.split()[-1]
    _, _, said = call(evaluation, iris_mlp(), "--run", run)
    assert "over 30 test rows" in said.out


@pytest.mark.parametrize("words", [("--epochs", "0"), ("--seed", "-1"), ("--threads", "99999")])
def test_values_out_of_bounds_are_wrong_usage(call, words, tmp_path):
    code, _, said = call(training, iris_mlp(), *words)
    assert code == WRONG_USAGE
    assert "must be at" in said.err
    assert not (tmp_path / "runs").exists()


def test_a_failed_run_is_an_error_with_its_text(call, tmp_path):
    x = np.random.default_rng(0).standard_normal((60, 4)).astype(np.float32) * 1e12
    np.savez(tmp_path / "data.npz", x=x, y=np.arange(60) % 3)
    spec = DataSpec("npy", {"path": str(tmp_path / "data.npz"), "target": "y"})
    document = edits.set_data(iris_mlp(optimizer="sgd", epochs=50, learning_rate=100.0), spec)
    with pytest.raises(UserError, match="loss became .* The run is in"):
        call(training, document, "--json")


def test_a_drawing_with_errors_is_not_trained(call, tmp_path):
    document = edits.set_param(iris_mlp(), [NodeId("n1")], "shape", "7")
    with pytest.raises(UserError, match="is not ready"):
        call(training, document)
    assert not (tmp_path / "runs").exists()


def test_an_interruption_keeps_a_checkpoint_to_go_on_with(tmp_path):
    document = digits_mlp(epochs=100_000)
    save(document, tmp_path / "d.loom")
    script = (
        "import sys\nfrom app import cli\n"
        "cli.COMMANDS = ('train', 'eval')\n"
        "sys.exit(cli.main(sys.argv[1:]))\n"
    )
    command = [sys.executable, "-c", script, "train", str(tmp_path / "d.loom"), "--json"]
    process = subprocess.Popen(
        [*command, "--runs", str(tmp_path / "runs")], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    said = ""
    while "epoch 2/" not in said:
        line = process.stderr.readline()
        assert line, said
        said += line
    process.send_signal(signal.SIGINT)
    out, more = process.communicate(timeout=60)
    assert process.returncode == 130, said + more
    assert "Traceback" not in more
    answer = json.loads(out.splitlines()[-1])
    assert list(answer) == KEYS
    assert answer["epochs"] >= 2
    assert answer["test_accuracy"] is None
    run = Path(answer["run"])
    assert json.loads((run / "run.json").read_text())["status"] == "stopped"
    assert list(run.glob("checkpoints/step-*.pt"))
    more_epochs = [*command, "--epochs", str(answer["epochs"] + 2), "--resume", str(run)]
    done = subprocess.run(more_epochs, text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["epochs"] == answer["epochs"] + 2
