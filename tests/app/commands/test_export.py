"""`torchloom export`: the folder, what is said of it, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import assets
from app.cli import main
from graph.fileio import save
from tests.drawing import chain

IRIS = str(assets.path("examples", "iris-perceptron.loom"))


def run(capsys, *words: object) -> tuple[int, dict, str]:
    code = main(["export", *map(str, words), "--json"])
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    return code, json.loads(out.splitlines()[-1]), err


def test_it_writes_a_folder_and_lists_it(tmp_path, capsys):
    code, answer, err = run(capsys, IRIS, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert answer["out"] == str(tmp_path / "out")
    assert answer["run"] is None
    assert answer["files"] == [
        "README.md", "data/iris.csv", "model.py", "pyproject.toml", "requirements.txt",
        "train.py", "weights.safetensors",
    ]  # fmt: skip
    assert all((tmp_path / "out" / name).is_file() for name in answer["files"])


def test_without_json_it_says_how_to_train(tmp_path, capsys):
    assert main(["export", IRIS, "--out", str(tmp_path / "out")]) == 0
    assert f"python {tmp_path / 'out' / 'train.py'}" in capsys.readouterr().out


def test_it_exports_again_into_its_own_folder(tmp_path, capsys):
    assert run(capsys, IRIS, "--out", tmp_path)[0] == 0
    assert run(capsys, IRIS, "--out", tmp_path)[0] == 0


def test_foreign_files_are_named_and_left_alone(tmp_path, capsys):
    (tmp_path / "thesis.tex").write_text("important")
    code, answer, err = run(capsys, IRIS, "--out", tmp_path)
    assert code == 1
    assert "thesis.tex" in answer["error"]
    assert "thesis.tex" in err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_drawing_with_errors_is_refused(tmp_path, capsys):
    path = tmp_path / "wrong.loom"
    save(chain("input dense cross_entropy"), path)
    code, answer, _ = run(capsys, path, "--out", tmp_path / "out")
    assert code == 1
    assert "Cross-entropy “cross_entropy”" in answer["error"]
    assert not (tmp_path / "out").exists()


def test_what_is_no_run_is_refused(tmp_path, capsys):
    code, answer, _ = run(capsys, IRIS, "--out", tmp_path / "out", "--run", tmp_path)
    assert code == 1
    assert "no folder of a run" in answer["error"]


def test_a_folder_must_be_given(capsys):
    assert main(["export", IRIS]) == 2
    assert "--out" in capsys.readouterr().err


def test_a_missing_file_is_refused(tmp_path, capsys):
    code, answer, _ = run(capsys, Path("nothing.loom"), "--out", tmp_path / "out")
    assert code == 1
    assert "nothing.loom" in answer["error"]
