"""Exported folders train in a fresh interpreter, with the losses of the window to the last bit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import assets
from backends.protocol import Control, EpochEnded, Finished, Job
from backends.pytorch.checkpoint import load_weights
from backends.pytorch.export import export
from backends.pytorch.prepare import build_model, prepare
from backends.pytorch.train import run
from backends.pytorch.weights_file import read_weights
from graph import edits
from graph.data import DataSpec
from graph.fileio import load
from graph.model import Document
from graph.problems import UserError
from tests.backends.pytorch.drawings import classifier, with_recipe
from tests.drawing import chain, set_params

EXAMPLES = sorted(path.stem for path in assets.path("examples").glob("*.loom"))


def example(name: str, **recipe: object) -> Document:
    document = load(assets.path("examples", f"{name}.loom")).document
    for key, value in {"threads": 1, "device": "cpu", **recipe}.items():
        document = edits.set_recipe(document, key, value)
    return document


def python(script: Path, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs a script with nothing of ours in reach: other folder, empty environment, no site."""
    return subprocess.run(
        [sys.executable, "-E", "-s", str(script), *map(str, arguments)],
        cwd=cwd,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )


def answer(done: subprocess.CompletedProcess[str]) -> dict:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def train_here(document: Document, runs: Path) -> tuple[list[dict], Finished]:
    events: list = []
    run(Job(document, runs), events.append, Control())
    last = events[-1]
    assert isinstance(last, Finished), last
    epochs = [
        {"epoch": e.epoch, "train": dict(e.train), "validation": dict(e.validation)}
        for e in events
        if isinstance(e, EpochEnded)
    ]
    return epochs, last


def check_same_losses(document: Document, tmp_path: Path) -> None:
    epochs, last = train_here(document, tmp_path / "runs")
    folder = tmp_path / "exported"
    export(document, folder)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert (folder / "model.py").read_text("utf-8") == (last.run / "model.py").read_text("utf-8")
    found = answer(python(folder / "train.py", "--json", cwd=elsewhere))
    assert found["epochs"] == epochs
    assert found["test"] == dict(last.test)
    trained = read_weights(folder / "trained.safetensors")
    paths = prepare(document).source.paths
    kept = load_weights(last.run)
    assert len(trained) == len(kept)
    for name, weight in trained.items():
        assert torch.equal(kept[paths.node_key(name)], weight)
    assert list(elsewhere.iterdir()) == []


def check_lints(folder: Path) -> None:
    for command in (["check"], ["format", "--check", "--diff"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("iris-mlp", {"epochs": 4, "seed": 3}),
        ("digits-cnn", {"epochs": 2}),
        ("wine-mlp", {"epochs": 2}),
        ("digits-attention", {"epochs": 1, "threads": 2}),
    ],
)
def test_the_exported_script_gives_the_losses_of_the_window(name, recipe, tmp_path):
    check_same_losses(example(name, **recipe), tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_exported_example_gives_the_losses_of_the_window(name, tmp_path):
    check_same_losses(example(name), tmp_path)


@pytest.mark.parametrize("name", EXAMPLES)
def test_exported_code_lints_and_is_formatted(name, tmp_path):
    folder = tmp_path / "exported"
    export(example(name), folder)
    check_lints(folder)


def test_fresh_weights_are_those_that_training_starts_with(tmp_path):
    document = example("digits-lstm", seed=5)
    export(document, tmp_path / "exported")
    written = read_weights(tmp_path / "exported" / "weights.safetensors")
    fresh = build_model(prepare(document)).model.state_dict()
    assert written.keys() == fresh.keys()
    assert all(torch.equal(written[name], fresh[name]) for name in fresh)


def test_drawing_fresh_weights_takes_no_random_numbers(tmp_path):
    torch.manual_seed(1)
    before = torch.get_rng_state()
    export(example("iris-mlp"), tmp_path / "exported")
    assert torch.equal(torch.get_rng_state(), before)


def test_the_weights_of_a_run_go_along_and_score_the_same(tmp_path):
    document = example("iris-mlp", epochs=3)
    _, last = train_here(document, tmp_path / "runs")
    exported = export(document, tmp_path / "exported", last.run)
    assert exported.note == ""
    found = answer(python(exported.folder / "train.py", "--evaluate", "--json", cwd=tmp_path))
    assert found["test"] == dict(last.test)
    assert last.run.name in (exported.folder / "README.md").read_text("utf-8")


def test_weights_follow_their_blocks_and_others_stay_fresh(tmp_path):
    document = example("iris-mlp", epochs=1)
    _, last = train_here(document, tmp_path / "runs")
    hidden, wide = (
        next(node.id for node in document.graph.nodes.values() if node.name == name)
        for name in ("hidden1", "hidden2")
    )
    document = edits.rename(document, hidden, "first")
    document = edits.set_param(document, [wide], "features", 20)
    exported = export(document, tmp_path / "exported", last.run)
    assert "Dense “hidden2”, Dense “logits”" in exported.note
    written = read_weights(exported.folder / "weights.safetensors")
    kept = load_weights(last.run)
    assert torch.equal(written["first.weight"], kept[f"{hidden}.dense.weight"])
    fresh = build_model(prepare(document)).model.state_dict()
    assert torch.equal(written["hidden2.weight"], fresh["hidden2.weight"])


def test_what_is_asked_on_the_command_line_counts(tmp_path):
    folder = tmp_path / "exported"
    export(example("iris-perceptron"), folder)
    out = tmp_path / "w.safetensors"
    options = ("--epochs", 2, "--seed", 7, "--threads", 1, "--device", "cpu", "--out", out)
    found = answer(python(folder / "train.py", *options, "--json", cwd=tmp_path))
    epochs, _ = train_here(example("iris-perceptron", epochs=2, seed=7), tmp_path / "runs")
    assert found["epochs"] == epochs
    assert found["weights"] == str(out)
    assert out.exists()


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("--epochs", "0"), 2, "0 is less than 1"),
        (("--epochs", "many"), 2, "invalid whole_number value"),
        (("--device", "abacus"), 2, "invalid choice"),
        (("--out", "nowhere/w.safetensors"), 1, "No such file or directory"),
        (("--evaluate", "nothing.safetensors"), 1, "No such file or directory"),
        (("--evaluate", "README.md"), 1, "damaged"),
    ],
)
def test_the_exported_script_refuses_in_a_line(arguments, code, text, tmp_path):
    folder = tmp_path / "exported"
    export(example("iris-perceptron"), folder)
    done = python(folder / "train.py", *arguments, cwd=folder)
    assert done.returncode == code
    assert text in done.stderr
    assert "Traceback" not in done.stderr


def test_weights_that_do_not_fit_are_refused(tmp_path):
    for name in ("iris-mlp", "iris-perceptron"):
        export(example(name), tmp_path / name)
    script, other = tmp_path / "iris-mlp" / "train.py", tmp_path / "iris-perceptron"
    done = python(script, "--evaluate", other / "weights.safetensors", cwd=tmp_path)
    assert done.returncode == 1
    assert "does not fit model.py" in done.stderr


def test_the_readme_says_how_the_model_is_used(tmp_path):
    folder = tmp_path / "exported"
    export(example("classic-cnn"), folder)
    text = (folder / "README.md").read_text("utf-8")
    code = text.partition("## Use it")[2].partition("## Files")[0]
    script = folder / "use.py"
    lines = [line.removeprefix("    ") for line in code.splitlines()]
    script.write_text("\n".join([*lines, "print(tuple(logits.shape))"]), "utf-8")
    done = python(script, cwd=folder)
    assert done.stdout.strip() == "(1, 10)", done.stderr
    assert "93,322 parameters" in text


def test_a_drawing_without_a_loss_is_exported_without_training(tmp_path):
    document = replace(chain("input flatten dense output"), data=DataSpec("mnist"))
    exported = export(document, tmp_path / "exported")
    assert set(exported.files) == {
        "README.md", "model.py", "pyproject.toml", "requirements.txt", "weights.safetensors",
    }  # fmt: skip
    assert "no train.py" in exported.note
    assert (exported.folder / "requirements.txt").read_text() == "torch>=2.6\n"


def test_a_drawing_with_errors_is_refused_by_the_names_of_its_blocks(tmp_path):
    document = chain("input conv2d dense cross_entropy")
    with pytest.raises(UserError, match="Cross-entropy “cross_entropy”"):
        export(document, tmp_path / "exported")
    assert list(tmp_path.iterdir()) == []


def test_a_run_without_weights_is_refused(tmp_path):
    with pytest.raises(UserError, match="no folder of a run"):
        export(example("iris-mlp"), tmp_path / "exported", tmp_path / "nothing")
    assert not (tmp_path / "exported").exists()


def test_data_of_the_person_is_read_where_it_lies(tmp_path):
    rows = [f"{i % 7},{i % 5},{'yes' if i % 7 > 3 else 'no'}" for i in range(60)]
    table = tmp_path / (
        "my data, which has a long name that goes on and on" + " and on" * 9 + ".csv"
    )
    table.write_text("\n".join(["a,b,answer", *rows]), "utf-8")
    document = classifier("dense", "2", DataSpec("csv", {"path": str(table), "target": "answer"}))
    document = with_recipe(set_params(document, "n2", features=2), epochs=2, threads=1)
    exported = export(document, tmp_path / "exported")
    epochs, _ = train_here(document, tmp_path / "runs")
    assert answer(python(exported.folder / "train.py", "--json", cwd=tmp_path))["epochs"] == epochs
    assert not any(name.startswith("data/") for name in exported.files)
    check_lints(exported.folder)
    table.unlink()
    done = python(exported.folder / "train.py", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == f"train.py: The table “{table}” does not exist.\n"


def test_columns_that_the_drawing_does_not_use_are_left_alone(tmp_path):
    arrays = tmp_path / "a.npz"
    numbers = np.arange(40, dtype=np.float32).reshape(20, 2) / 40
    np.savez(arrays, x=numbers, other=numbers, y=np.arange(20) % 2)
    document = classifier("dense", "2", DataSpec("npy", {"path": str(arrays)}))
    document = with_recipe(set_params(document, "n2", features=2), epochs=2, threads=1)
    document = set_params(document, "n1", column="x")
    check_same_losses(document, tmp_path)


def test_the_classic_cnn_runs_on_files_as_mnist_is_published(tmp_path):
    folder = tmp_path / "mnist"
    folder.mkdir()
    drawn = np.random.RandomState(0)
    for part, rows in (("train", 70), ("t10k", 20)):
        images = drawn.randint(0, 256, (rows, 28, 28), np.uint8)
        labels = (np.arange(rows) % 10).astype(np.uint8)
        for name, held in (("images-idx3", images), ("labels-idx1", labels)):
            sizes = b"".join(size.to_bytes(4, "big") for size in held.shape)
            header = bytes([0, 0, 8, held.ndim]) + sizes
            (folder / f"{part}-{name}-ubyte").write_bytes(header + held.tobytes())
    document = example("classic-cnn", epochs=1)
    document = edits.set_data(document, DataSpec("mnist", {"folder": str(folder)}))
    check_same_losses(document, tmp_path)
    text = (tmp_path / "exported" / "train.py").read_text("utf-8")
    assert "DATA_FOLDER = Path(" in text
    assert f'"{folder}"' in text
