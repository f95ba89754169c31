"""Closing a window, or a document, while its network trains."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from app.examples import examples
from app.window import Window
from graph import edits

LOADING_MS = 60_000  # torch is imported first, on a machine that may be busy


@pytest.fixture
def training(window: Window, qtbot: QtBot, tmp_path: Path) -> Window:
    """A window with a run that would take long."""
    example = next(example for example in examples() if example.path.stem == "iris-mlp")
    session = window.files.open_example(example)
    assert session is not None
    session.apply("Long", lambda document: edits.set_recipe(document, "epochs", 100_000))
    window.files.save_to(session, tmp_path / "iris.loom")
    qtbot.waitUntil(lambda: session.data_info is not None)
    window.menus.actions["train"].trigger()
    qtbot.waitUntil(lambda: window.is_training, timeout=LOADING_MS)
    return window


def press(qtbot: QtBot, window: Window, label: str) -> None:
    """Presses the button with that label of the question that is open."""
    (box,) = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    (button,) = [b for b in box.buttons() if b.text().replace("&", "") == label]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_closing_while_training_asks_and_stops_first(training: Window, qtbot: QtBot) -> None:
    assert not training.close()
    press(qtbot, training, "Cancel")
    assert training.isVisible()
    assert training.is_training
    training.close()
    press(qtbot, training, "Stop and quit")
    qtbot.waitUntil(lambda: not training.isVisible(), timeout=LOADING_MS)
    assert not training.is_training


def test_stop_ends_a_run_and_train_is_there_again(training: Window, qtbot: QtBot) -> None:
    actions = training.menus.actions
    assert not actions["train"].isEnabled()
    assert actions["stop"].isEnabled()
    actions["stop"].trigger()
    qtbot.waitUntil(lambda: not training.is_training, timeout=LOADING_MS)
    assert actions["train"].isEnabled()
    assert not actions["stop"].isEnabled()


def test_training_goes_on_when_its_document_is_closed(training: Window, qtbot: QtBot) -> None:
    training.files.new()
    session = training.tabs.sessions()[0]
    training.files.close(session)
    assert session not in training.tabs.sessions()
    qtbot.wait_until(lambda: training.training.runner.session is None)
    assert training.is_training
    record = training.training.runner.record
    assert record is not None
    step = record.step
    qtbot.waitUntil(lambda: record.step > step, timeout=LOADING_MS)
    assert "iris.loom is training" in training.training.elsewhere.text()
    training.menus.actions["stop"].trigger()
    qtbot.waitUntil(lambda: not training.is_training, timeout=LOADING_MS)
    assert training.messages.messages[-1].text.startswith("iris.loom: Stopped in epoch")


def test_the_tab_of_the_document_that_trains_is_marked(training: Window, qtbot: QtBot) -> None:
    training.files.new()
    assert training.tabs.tabText(0).startswith("▶")
    assert not training.tabs.tabText(1).startswith("▶")
    training.menus.actions["stop"].trigger()
    qtbot.waitUntil(lambda: not training.is_training, timeout=LOADING_MS)
    assert training.tabs.tabText(0) == "iris.loom"


def test_other_documents_close_at_once_while_one_trains(training: Window) -> None:
    other = training.files.new()
    training.files.close(other)
    assert other not in training.tabs.sessions()
    assert training.is_training
    training.training.stop()


def test_the_run_of_a_document_behind_is_brought_to_the_front(
    training: Window, qtbot: QtBot
) -> None:
    session = training.session
    training.files.new()
    training.docks.bring_up(training.docks.problems)
    training.menus.actions["stop"].trigger()
    qtbot.waitUntil(lambda: not training.is_training, timeout=LOADING_MS)
    (button,) = [b for b in training.messages.findChildren(QPushButton) if b.text() == "Show run"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert training.session is session
    assert training.training.parts.plots.isVisible()
