"""How source files are kept: short, and each with one subject named in its first line."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "graph", "backends", "assets", "benchmarks", "tests")
LONGEST = 400
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short_and_says_its_subject_first(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "there is no docstring"


def test_every_folder_with_code_is_a_package_or_holds_tests() -> None:
    folders = {path.parent for path in FILES if ROOT / "tests" not in path.parents}
    missing = [str(folder) for folder in folders if not (folder / "__init__.py").exists()]
    assert missing == []
