"""Which blocks there are, found without reading what cannot hold any."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from graph.registry import ENTRY_POINTS, may_declare

ASK = """
import sys
from graph.registry import default_registry
assert default_registry().find("conv2d")
print("importlib.metadata" in sys.modules)
"""


def package(folder: Path, declared: str | None) -> str:
    """A folder in which a package is installed, with this text as its entry points."""
    metadata = folder / "afar-1.0.dist-info"
    metadata.mkdir(parents=True)
    if declared is not None:
        (metadata / "entry_points.txt").write_text(declared)
    return str(folder)


@pytest.mark.parametrize(
    ("declared", "may"),
    [
        (None, False),
        ("[console_scripts]\nafar = afar:main\n", False),
        (f"[{ENTRY_POINTS}]\nafar = afar\n", True),
    ],
)
def test_packages_that_declare_blocks_are_found(
    declared: str | None, may: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [str(tmp_path / "gone"), package(tmp_path / "here", declared)]
    monkeypatch.setattr(sys, "path", places)
    assert may_declare(ENTRY_POINTS) is may


def test_an_archive_may_declare_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "packages.zip"
    zipfile.ZipFile(archive, "w").close()
    monkeypatch.setattr(sys, "path", [str(archive)])
    assert may_declare(ENTRY_POINTS)


def test_without_plugins_their_declarations_are_not_read() -> None:
    root = Path(__file__).parents[2]
    answer = subprocess.run(
        [sys.executable, "-c", ASK], cwd=root, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False"
