"""`torchloom runs`, called as the shell calls it."""

import json

import pytest

from app import cli
from backends.runs.entry import write_notes
from backends.runs.folder import write_json


@pytest.fixture
def folder(tmp_path):
    """Two runs."""
    for name, loss in (("a", 0.5), ("b", 0.25)):
        run = tmp_path / "runs" / name
        run.mkdir(parents=True)
        best = {"train": {"loss": loss}, "validation": {}}
        write_json(run / "run.json", {"name": name, "status": "finished", "best": best,
                                      "started": f"2026-{name}", "epochs": 2})  # fmt: skip
    write_notes(tmp_path / "runs" / "b", tags=["good"])
    return tmp_path / "runs"


def test_runs_are_listed_for_people_and_for_programs(folder, capsys):
    assert cli.main(["runs", "--runs", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["b  finished  2  loss 0.25      good", "a  finished  2  loss 0.5"]
    assert cli.main(["runs", "--runs", str(folder), "--json"]) == 0
    runs = json.loads(capsys.readouterr().out)["runs"]
    assert [(run["name"], run["best_loss"], run["tags"]) for run in runs] == [
        ("b", 0.25, ["good"]), ("a", 0.5, []),
    ]  # fmt: skip
    assert runs[0]["path"] == str(folder / "b")


def test_a_folder_without_runs_is_told(tmp_path, capsys):
    assert cli.main(["runs", "--runs", str(tmp_path)]) == 0
    assert "There are no runs" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["export"], ["export", "a"], ["export", "a", "--to", "x", "y"]])
def test_an_export_needs_a_run_a_program_and_a_place(folder, capsys, words):
    assert cli.main(["runs", *words, "--runs", str(folder), "--json"]) == 2
    out = capsys.readouterr()
    assert "export takes a run" in out.err
    assert "export takes a run" in json.loads(out.out)["error"]
