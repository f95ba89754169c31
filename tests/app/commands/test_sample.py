"""`torchloom sample` as people call it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app.cli import main
from graph.fileio import save
from graph.gallery import find
from tests.backends.pytorch.test_sample import drawing, finished


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("diffusion")
    document = drawing(1, steps=40, units=8, blocks=1)
    save(document, folder / "points.loom")
    return folder / "points.loom", finished(document, folder / "runs")


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict[str, object]]:
    code = main(["sample", *map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


def test_it_writes_as_many_rows_as_are_asked_for(trained, tmp_path, capsys):
    file, folder = trained
    out = tmp_path / "made.csv"
    code, answer = run(capsys, file, "--run", folder, "--out", out, "--count", 7)
    assert code == 0
    assert answer == {"out": str(out), "shape": [7, 2], "method": "ddim"}
    assert np.loadtxt(out, delimiter=",").shape == (7, 2)


def test_it_says_what_it_wrote(trained, tmp_path, capsys):
    file, folder = trained
    words = ["--run", folder, "--out", tmp_path / "made.npy", "--count", 3, "--method", "ddpm"]
    assert main(["sample", str(file), *map(str, words)]) == 0
    assert "3 new rows of 2 numbers" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong",
    [
        ["--count", "0"], ["--count", "x"], ["--steps", "-1"], ["--eta", "2"], ["--eta", "nan"],
        ["--seed", "-1"], ["--tell", "label"], ["--tell", "label=x"], ["--out", "made.txt"],
    ],
)  # fmt: skip
def test_words_that_cannot_be_are_refused(trained, tmp_path, capsys, wrong):
    file, folder = trained
    words = ["--run", folder, "--out", tmp_path / "made.npy", *wrong]
    code, answer = run(capsys, file, *words)
    assert code == 2
    assert wrong[1] in str(answer["error"])


def test_a_drawing_that_is_no_diffusion_model_is_told_so(trained, tmp_path, capsys):
    save(find("perceptron").build(), tmp_path / "other.loom")
    words = [tmp_path / "other.loom", "--run", trained[1], "--out", tmp_path / "made.npy"]
    code, answer = run(capsys, *words)
    assert code == 1
    assert "needs one Add noise" in str(answer["error"])


def test_a_file_that_cannot_be_written_is_told(trained, tmp_path, capsys):
    file, folder = trained
    out = tmp_path / "missing" / "made.npy"
    code, answer = run(capsys, file, "--run", folder, "--out", out)
    assert code == 1
    assert "cannot be written" in str(answer["error"])
