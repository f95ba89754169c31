"""`torchloom train` with several drawings, and with `--resume latest`."""

import json

import pytest

from app import cli
from backends.runs.index import list_runs
from graph import edits
from graph.fileio import save
from graph.model import NodeId
from tests.backends.pytorch.drawings import iris_mlp


@pytest.fixture
def files(tmp_path):
    """Two drawings that train, and one between them that cannot."""
    wrong = edits.set_param(iris_mlp(), [NodeId("n1")], "shape", "7")
    made = {"a": iris_mlp(epochs=1), "wrong": wrong, "b": iris_mlp(epochs=2)}
    for name, document in made.items():
        save(edits.rename_document(document, name), tmp_path / f"{name}.loom")
    return [str(tmp_path / f"{name}.loom") for name in made]


def test_drawings_train_in_line_and_one_that_cannot_keeps_none_waiting(files, tmp_path, capsys):
    code = cli.main(["train", *files, "--runs", str(tmp_path / "runs"), "--json"])
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code == 1
    assert [answer.get("epochs") for answer in answers] == [1, None, 2]
    assert answers[1]["file"] == files[1]
    assert "is not ready" in answers[1]["error"]
    assert [entry.name for entry in list_runs(tmp_path / "runs")] == ["b", "a"]


def test_a_single_run_cannot_be_gone_on_with_in_several_drawings(files, tmp_path, capsys):
    assert cli.main(["train", *files, "--resume", str(tmp_path)]) == 2
    assert "takes one drawing" in capsys.readouterr().err


def test_latest_begins_anew_where_nothing_was_stopped(files, tmp_path, capsys):
    words = ["train", files[0], "--runs", str(tmp_path / "runs"), "--resume", "latest"]
    for count in (1, 2):
        assert cli.main(words) == 0
        assert "a new one begins" in capsys.readouterr().err
        assert len(list_runs(tmp_path / "runs")) == count


def test_a_run_may_be_called_by_its_name_alone(files, tmp_path, capsys):
    runs = str(tmp_path / "runs")
    assert cli.main(["train", files[0], "--runs", runs]) == 0
    (entry,) = list_runs(tmp_path / "runs")
    words = ["train", files[0], "--runs", runs, "--epochs", "3", "--json"]
    assert cli.main([*words, "--resume", entry.path.name]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["epochs"] == 3
    assert [each.path for each in list_runs(tmp_path / "runs")] == [entry.path]
