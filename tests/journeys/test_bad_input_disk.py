"""Disks that are full and folders that are read-only: told, and nothing that was there is lost."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph import fileio
from graph.problems import UserError
from tests.journeys.bad import EXAMPLES, Answer, ask, ask_apart, example, written

MOONS = EXAMPLES / "moons-mlp.loom"
FULL, READ_ONLY = "No space left on device", "Read-only file system"


def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A small disk of its own."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("nothing can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(path: Path) -> None:
    """Takes all of a disk but 8 KiB."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    os.truncate(path, path.stat().st_size - 8192)


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A disk with 8 KiB left, which holds a drawing, an older picture and an export."""
    for folder in mounted(tmp_path / "full", "size=192k"):
        written(folder / "mine.loom", example("moons-mlp"))
        written(folder / "picture.png", b"an older picture")
        assert ask("export", folder / "mine.loom", "--out", folder / "code").code == 0
        fill(folder / "filler")
        yield folder


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A disk that cannot be written."""
    yield from mounted(tmp_path / "read-only", "size=64k,ro")


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "runs" not in path.parts
    }


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
