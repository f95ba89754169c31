"""A window that is killed while a run goes on in a process of its own, and the window after it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.apart import look_for_running, wire_apart
from app.settings import load_settings
from app.window import Window
from backends.launch.process import is_alive
from backends.launch.where import where_of
from backends.protocol import Stopped

ROOT = Path(__file__).parents[2]
LONG_MS = 90_000
CRASHING = """\
from PySide6.QtCore import QTimer
from app.examples import examples
from app.recovery import Journal
from app.settings import Settings
from app.start import make_application
from app.window import Window
from backends.launch.where import where_of
from graph import edits

app = make_application()
window = Window(Settings(), Journal())
window.show()
example = next(each for each in examples() if each.path.stem == "iris-mlp")
session = window.files.open_example(example)
session.apply("Long", lambda document: edits.set_recipe(document, "epochs", 100_000))
window.training.runner.set_where(where_of("process"))

def train():
    if session.data_info is None:
        QTimer.singleShot(50, train)
    else:
        window.train()

def look():
    record = window.training.runner.record
    if record is not None and record.step:
        print(record.run, flush=True)
    else:
        QTimer.singleShot(50, look)

train()
look()
app.exec()
"""


@pytest.mark.slow
def test_a_run_outlives_the_window_and_the_next_window_follows_it(
    window: Window, qtbot: QtBot
) -> None:
    killed = subprocess.Popen(
        [sys.executable, "-c", CRASHING], cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert killed.stdout is not None
    run = Path(killed.stdout.readline().strip())
    killed.kill()
    killed.wait()
    killed.stdout.close()
    assert is_alive(run)
    runner = window.training.runner
    look_for_running(window)
    qtbot.waitUntil(lambda: runner.is_apart, timeout=LONG_MS)
    qtbot.waitUntil(lambda: runner.record is not None and runner.record.step > 0, timeout=LONG_MS)
    record = runner.record
    assert record is not None
    assert record.run == run
    assert record.steps.x[0] == 1, "the curves are whole"
    step = record.step
    qtbot.waitUntil(lambda: record.step > step, timeout=LONG_MS)
    window.training.stop()
    qtbot.waitUntil(lambda: not window.is_training, timeout=LONG_MS)
    assert isinstance(record.end, Stopped)
    assert not is_alive(run)


def test_the_place_where_runs_go_on_is_remembered(window: Window) -> None:
    page = window.training.parts.where_page
    assert str(page.where) == "thread"
    page.kinds.setCurrentIndex(2)
    page.processes.setValue(3)
    assert load_settings()[0].where == "processes:3"
    page.show_where(where_of("thread"))
    wire_apart(window)  # as at the next start
    assert str(page.where) == str(window.training.runner.where) == "processes:3"
    window.settings = replace(window.settings, where="on the moon")
    wire_apart(window)
    assert str(page.where) == "processes:3"
