"""Folders of runs and what is written into them."""

import math
import os

import pytest

from backends.runs.folder import finite, make_folder, read_json, write_json, write_text
from graph.problems import UserError


def test_folders_are_named_by_time_and_drawing_and_never_twice(tmp_path):
    folders = [make_folder(tmp_path / "runs", "My Net: 2/3 ✓") for _ in range(3)]
    assert len(set(folders)) == 3
    assert all(folder.is_dir() and "-my-net-2-3" in folder.name for folder in folders)
    assert make_folder(tmp_path, "…").name.endswith("-run")
    assert len(make_folder(tmp_path, "x" * 500).name) < 80


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be made in .*file"):
        make_folder(tmp_path / "file", "a")


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    write_text(path, "before")

    def fail(descriptor: int) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ZeroDivisionError):
        write_text(path, "after")
    assert path.read_text() == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]
    with pytest.raises(UserError, match="cannot be written"):
        write_text(tmp_path / "no" / "a.txt", "text")


def test_json_has_no_nan(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, {"a": math.nan, "b": [1.5, math.inf], "c": {"d": -math.inf, "e": "é"}})
    assert read_json(path) == {"a": None, "b": [1.5, None], "c": {"d": None, "e": "é"}}
    assert finite((1, True, "x", None)) == [1, True, "x", None]


@pytest.mark.parametrize("content", ["", "{", "[1]", "\x00"])
def test_damaged_json_is_told(tmp_path, content):
    path = tmp_path / "run.json"
    path.write_text(content)
    with pytest.raises(UserError, match=r"run\.json"):
        read_json(path)
    path.unlink()
    with pytest.raises(UserError, match="no folder of a run"):
        read_json(path)
