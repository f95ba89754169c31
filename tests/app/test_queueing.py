"""Trainings in line, and what becomes of them when the program ends."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from app.queueing import FILE, kept_queue
from backends.protocol import Finished
from backends.runs import lock
from backends.runs.folder import read_json
from backends.runs.index import list_runs
from backends.runs.metrics import read_metrics
from tests.backends.pytorch.drawings import iris_mlp
from tests.backends.pytorch.running import train

TRAINING_MS = 60_000  # torch may be imported first, on a machine that may be busy


@pytest.fixture
def line(window, qtbot):
    """A window in which a long training goes on."""
    open_drawing(window, 100_000, "Long")
    window.menus.actions["queue"].trigger()
    qtbot.waitUntil(lambda: window.is_training, timeout=TRAINING_MS)
    return window.line


def open_drawing(window, epochs, name):
    from graph import edits

    document = edits.rename_document(iris_mlp(epochs=epochs), name)
    session = window.files.open_drawn(document)
    session.mark_saved(Path(f"/nowhere/{name}.loom"))
    return session


def test_trainings_follow_each_other_though_their_documents_are_closed(window, line, qtbot, home):
    for name in ("first", "second"):
        session = open_drawing(window, 2, name)
        window.menus.actions["queue"].trigger()
        window.files.close(session)
    assert [waiting.title for waiting in line.queue.waiting] == ["first.loom", "second.loom"]
    assert [line.queue.index(row, 0).data() for row in range(2)] == ["1.  first.loom",
                                                                     "2.  second.loom"]  # fmt: skip
    window.training.stop()
    qtbot.waitUntil(lambda: not window.is_training, timeout=TRAINING_MS)
    assert len(line.queue.waiting) == 2  # a person has stopped it
    line.start_next()
    qtbot.waitUntil(
        lambda: [e.status for e in list_runs(home / "runs")].count("finished") == 2,
        timeout=TRAINING_MS,
    )
    qtbot.waitUntil(lambda: not window.is_training)
    names = [(entry.name, entry.status) for entry in list_runs(home / "runs")]
    assert sorted(names) == [("Long", "stopped"), ("first", "finished"), ("second", "finished")]


def test_the_line_is_put_in_order_and_thinned_by_keys(window, line, qtbot):
    for name in "abc":
        open_drawing(window, 2, name)
        line.add()
    window.docks.bring_up(window.docks.runs)
    shown = window.runs.line
    assert shown.isVisible()
    shown.list.setFocus()
    shown.list.setCurrentIndex(line.queue.index(2, 0))
    qtbot.keyClick(shown.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    titles = lambda: [waiting.title[0] for waiting in line.queue.waiting]  # noqa: E731
    assert titles() == ["a", "c", "b"]
    qtbot.keyClick(shown.list, Qt.Key.Key_Delete)
    assert titles() == ["a", "b"]
    assert [waiting.title[0] for waiting in kept_queue()] == ["a", "b"]
    shown.list.setCurrentIndex(line.queue.index(0, 0))
    shown.down.click()
    assert titles() == ["b", "a"]
    line.hold()
    window.training.stop()
    qtbot.waitUntil(lambda: not window.is_training, timeout=TRAINING_MS)


def test_a_drawing_that_cannot_be_trained_is_not_put_in_line(window):
    window.line.add()
    assert not window.line.queue.waiting
    assert not window.is_training


def test_what_waited_is_offered_at_the_next_start(window, home, qtbot):
    from graph.fileio import dumps

    held = [{"title": "Old", "document": json.loads(dumps(iris_mlp(epochs=1))), "start_from": None}]
    home.mkdir(exist_ok=True)
    (home / FILE).write_text(json.dumps(held))
    messages = []
    window.tell = messages.append
    window.line.offer_kept()
    start, discard = messages[0].choices
    assert "“Old”" in messages[0].text
    discard.run()
    assert kept_queue() == []
    start.run()
    qtbot.waitUntil(
        lambda: [e.status for e in list_runs(home / "runs")] == ["finished"], timeout=TRAINING_MS
    )
    qtbot.waitUntil(lambda: not window.is_training)
    assert not (home / FILE).exists()


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"title": 1}]', "3"])
def test_a_damaged_line_is_left_alone(home, content):
    home.mkdir()
    (home / FILE).write_text(content)
    assert kept_queue() == []


@pytest.mark.slow
def test_a_run_goes_on_in_the_background_when_the_program_is_left(window, qtbot, home):
    document = iris_mlp(epochs=1200)
    window.files.open_drawn(document).mark_saved(Path("/nowhere/iris.loom"))
    window.train()
    record = lambda: window.training.runner.record  # noqa: E731
    qtbot.waitUntil(lambda: record() is not None and record().step > 0, timeout=TRAINING_MS)
    window.close()
    (box,) = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    button = next(b for b in box.buttons() if "background" in b.text())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=TRAINING_MS)
    run = record().run
    qtbot.waitUntil(lambda: read_json(run / "run.json")["status"] == "finished",
                    timeout=TRAINING_MS)  # fmt: skip
    qtbot.waitUntil(lambda: lock.owner_of(run) is None, timeout=TRAINING_MS)
    whole = train(document, home / "whole")[-1]
    assert isinstance(whole, Finished)
    rows = [[row["loss"] for row in read_metrics(each / "metrics.jsonl") if "loss" in row]
            for each in (run, whole.run)]  # fmt: skip
    assert rows[0] == rows[1]
    assert read_json(run / "run.json")["test"] == whole.test
