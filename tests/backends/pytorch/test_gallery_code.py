"""The code of every network of the gallery is laid out as formatters would have it, and short."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from backends.pytorch.source import Source, print_source
from backends.pytorch.verify import verify
from graph.gallery import entries, find
from graph.infer import infer
from graph.lower import lower

NAMES = [entry.name for entry in entries()]


@cache
def source_of(name: str) -> Source:
    """What is printed for an entry as it was published."""
    document = find(name).build()
    return print_source(lower(document, infer(document)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The printed modules of all entries, as published and small."""
    made = tmp_path_factory.mktemp("gallery")
    for name in NAMES:
        small = find(name).build(**find(name).small)
        for size, source in (
            ("", source_of(name)),
            ("_small", print_source(lower(small, infer(small)))),
        ):
            for part in ("text", "model", "objective"):
                (made / f"{name}{size}_{part}.py").write_text(getattr(source, part), "utf-8")
    return made


@pytest.mark.parametrize("width", [88, 100])
def test_ruff_changes_nothing_at_the_usual_widths(width: int, folder: Path) -> None:
    options = ["--isolated", "--no-cache", "--line-length", str(width), str(folder)]
    for command in (["check"], ["format", "--diff"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *options],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_missing_and_all_of_it_may_run(name: str) -> None:
    source = source_of(name)
    assert source.gaps == ()
    for text in (source.text, source.model, source.objective):
        verify(text)


@pytest.mark.parametrize(
    ("name", "most"), [("resnet-50", 120), ("gpt-2", 130), ("densenet-121", 110)]
)
def test_the_code_of_a_long_network_is_short(name: str, most: int) -> None:
    assert len(source_of(name).text.splitlines()) <= most
