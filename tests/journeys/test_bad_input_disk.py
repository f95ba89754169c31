"""Disks that are full and folders that are read-only: told, and nothing that was there is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph import fileio
from graph.problems import UserError
from tests.journeys.bad import EXAMPLES, FULL, READ_ONLY, Answer, ask, ask_apart, contents, written

MOONS = EXAMPLES / "moons-mlp.loom"


def test_a_full_disk_keeps_what_was_there(full: Path) -> None:
    before = contents(full)
    file = full / "mine.loom"
    answers = {
        "train": ask("train", file, "--runs", full / "runs"),
        "export": ask("export", file, "--out", full / "code"),
        "export anew": ask("export", file, "--out", full / "again"),
        "render": ask("render", file, "--out", full / "picture.png"),
    }
    for command, answer in answers.items():
        assert answer.code == 1, command
        assert FULL in answer.error, command
    assert contents(full) == before
    large = fileio.loads(f'{{"torchloom": 1, "description": "{"x" * 9000}"}}').document
    with pytest.raises(UserError, match=f"{FULL}. Nothing was changed there."):
        fileio.save(large, file)
    assert contents(full) == before


def test_a_read_only_folder_is_told(read_only: Path) -> None:
    answers = [
        ask("train", MOONS, "--runs", read_only / "runs"),
        ask("export", MOONS, "--out", read_only / "code"),
        ask("render", MOONS, "--out", read_only / "picture.png"),
        ask_apart("demo", "--out", read_only / "demo"),
    ]
    for answer in answers:
        assert answer.code == 1
        assert READ_ONLY in answer.error
        assert str(read_only) in answer.error


def in_the_way(tmp_path: Path) -> list[Answer]:
    file = written(tmp_path / "file", "mine")
    return [
        ask("train", MOONS, "--runs", file),
        ask("train", MOONS, "--runs", file / "runs"),
        ask("export", MOONS, "--out", file),
        ask("export", MOONS, "--out", file / "code"),
        ask("render", MOONS, "--out", file / "picture.png"),
        ask_apart("demo", "--out", file),
    ]


def test_a_file_in_place_of_a_folder_stays(tmp_path: Path) -> None:
    for answer in in_the_way(tmp_path):
        assert answer.code == 1
        assert str(tmp_path / "file") in answer.error
    assert contents(tmp_path) == {"file": b"mine"}


def test_a_folder_with_other_files_is_not_exported_into(tmp_path: Path) -> None:
    written(tmp_path / "thesis.txt", "years of work")
    answer = ask("export", MOONS, "--out", tmp_path)
    assert answer.code == 1
    assert "“thesis.txt”" in answer.error
    assert contents(tmp_path) == {"thesis.txt": b"years of work"}


def test_an_export_that_was_changed_is_not_written_over(tmp_path: Path) -> None:
    assert ask("export", MOONS, "--out", tmp_path / "code").code == 0
    written(tmp_path / "code" / "train.py", "print('mine')")
    before = contents(tmp_path)
    answer = ask("export", MOONS, "--out", tmp_path / "code")
    assert answer.code == 1
    assert "“train.py”" in answer.error
    assert contents(tmp_path) == before
