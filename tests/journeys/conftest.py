"""A home of their own for whole stories, no screen, and disks that refuse."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.conftest import home
from tests.journeys.bad import ask, example, written

__all__ = ["home"]


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
