"""Sessions with examples, and a training panel that is shown."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMainWindow

from app.datawatch import DataWatch
from app.session import Session
from app.theme import DARK
from app.training import TrainingPanel
from assets import path as asset
from graph import edits, fileio


@pytest.fixture
def open_example(qtbot):
    """Opens an example with some recipe values; its data is known when it comes back."""
    opened = []

    def open_(name: str, **recipe: object) -> Session:
        document = fileio.load(asset("examples", f"{name}.loom")).document
        for key, value in {"threads": 1, **recipe}.items():
            document = edits.set_recipe(document, key, value)
        session = Session(document)
        session.messages = []
        session.message.connect(session.messages.append)
        DataWatch(session)
        qtbot.waitUntil(lambda: session.data_info is not None)
        opened.append(session)
        return session

    return open_


@pytest.fixture
def panel(qtbot):
    """A panel of the size that the dock has; a run that is left over is stopped."""
    window = QMainWindow()
    qtbot.addWidget(window)
    made = TrainingPanel()
    made.set_theme(DARK)
    window.setCentralWidget(made)
    window.resize(1200, 320)
    with qtbot.waitExposed(window):
        window.show()
    yield made
    made.stop()
    qtbot.waitUntil(lambda: not made.runner.is_running, timeout=20_000)
