"""A home of their own for the tests of the window, and no screen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

if TYPE_CHECKING:
    from app.window import Window

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for settings and recovered work."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TORCHLOOM_HOME", str(folder))
    return folder


@pytest.fixture
def window(qtbot: QtBot, home: Path) -> Iterator[Window]:
    """A shown window with an untitled document; what is unsaved at the end is thrown away."""
    # here and not above: tests of parts need not wait for the whole
    from app.recovery import Journal
    from app.settings import Settings
    from app.window import Window

    made = Window(Settings(theme="dark"), Journal())
    with qtbot.waitActive(made):
        made.show()
    yield made
    for dialog in made.findChildren(QDialog):
        dialog.reject()
    for session in made.tabs.sessions():
        session.mark_saved(home / "thrown-away.loom")
    made.close()
    made.deleteLater()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.setStyleSheet("")
