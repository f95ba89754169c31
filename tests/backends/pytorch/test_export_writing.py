"""The README of an exported model of sequences says how it writes, and that runs as it stands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from backends.pytorch.export import export
from graph.gallery import find


def python(*words: object, cwd: Path) -> str:
    command = [sys.executable, *map(str, words)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def code_of(readme: str) -> str:
    """All the code from the use of the model on, as a person would copy it."""
    part = readme.partition("## Use it")[2].partition("## Files")[0]
    lines = part.splitlines()
    return "\n".join(line.removeprefix("    ") for line in lines if line.startswith("    "))


@pytest.mark.parametrize(
    ("name", "values", "end"),
    [
        ("gpt-2", {"layers": 1, "features": 16, "heads": 2}, "def "),
        ("transformer", {"layers": 1, "features": 16, "feed_forward": 16, "heads": 2}, "begin "),
        ("seq2seq", {"units": 8, "dimension": 4}, "begin "),
    ],
)
def test_the_lines_of_the_readme_make_it_write(
    name: str, values: dict[str, object], end: str, tmp_path: Path
) -> None:
    folder = tmp_path / "exported"
    export(find(name).build(**{**find(name).small, **values}), folder)
    readme = (folder / "README.md").read_text("utf-8")
    assert "## Let it write" in readme
    assert max(map(len, readme.splitlines())) <= 100
    (folder / "use.py").write_text(code_of(readme), "utf-8")
    assert python("use.py", cwd=folder).startswith(end)


def test_other_models_do_not_write(tmp_path: Path) -> None:
    folder = tmp_path / "exported"
    export(find("mlp").build(**find("mlp").small), folder)
    assert "Let it write" not in (folder / "README.md").read_text("utf-8")
