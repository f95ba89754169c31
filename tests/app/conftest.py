"""A home of their own for the tests of the window, and no screen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for settings and recovered work."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TORCHLOOM_HOME", str(folder))
    return folder
