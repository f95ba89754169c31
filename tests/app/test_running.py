"""Runs in the window: what is done with them there."""

import pytest
from PySide6.QtCore import Qt

from app import running
from app.messages import Message
from backends.protocol import Finished
from backends.runs.checkpoints import checkpoints_of
from backends.runs.entry import read_entry
from backends.runs.folder import read_json, write_json
from backends.runs.metrics import read_metrics
from tests.app.runs.conftest import make_run  # noqa: F401  a fixture
from tests.backends.pytorch.drawings import iris_mlp
from tests.backends.pytorch.running import train


@pytest.fixture
def told(window, monkeypatch):
    """The messages of the window."""
    found: list[Message] = []
    tell = window.tell
    monkeypatch.setattr(window, "tell", lambda message: (found.append(message), tell(message)))
    return found


def choose(window, qtbot, count):
    window.docks.bring_up(window.docks.runs)
    panel = window.runs
    qtbot.waitUntil(lambda: len(panel.model.entries) == count and not panel._is_looking)
    panel.table.setFocus()
    panel.table.selectRow(0)
    return panel


def test_drawing_and_weights_of_a_run_come_back(window, make_run, qtbot, told):  # noqa: F811
    document = iris_mlp(epochs=7)
    run = make_run("alpha", document)
    panel = choose(window, qtbot, 1)
    running.put_weights(window, panel.chosen()[0])
    assert window.training.last_run == run
    assert window.training.header.from_last.isEnabled()
    assert "“Alpha” are on the drawing" in told[-1].text
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    assert window.session.root == document
    assert window.training.last_run == run
    (run / "document.loom").unlink()
    before = window.tabs.count()
    panel.open.click()
    assert window.tabs.count() == before
    assert told[-1].kind == "error"


def test_hidden_columns_are_remembered(window, make_run, qtbot):  # noqa: F811
    make_run("alpha")
    table = choose(window, qtbot, 1).table
    menu = table.columns_menu()
    next(action for action in menu.actions() if action.text() == "Data").trigger()
    assert "dataset" in window.settings.hidden_columns
    assert table.isColumnHidden([column.id for column in table.runs.columns].index("dataset"))


def test_an_interrupted_run_goes_on_where_it_was(window, home, qtbot, told):
    document = iris_mlp(epochs=4)
    whole = train(document, home / "whole")[-1]
    run = train(iris_mlp(epochs=2), home / "runs")[-1].run
    for path in checkpoints_of(run)[1:]:
        path.unlink()
    (run / "document.loom").write_text((whole.run / "document.loom").read_text())
    write_json(run / "run.json", {**read_json(run / "run.json"), "status": "running"})
    running.look_for_interrupted(window)
    qtbot.waitUntil(lambda: any("was interrupted" in message.text for message in told))
    go_on, _, leave = told[-1].choices
    leave.run()
    assert read_entry(run).status == "stopped"
    assert go_on.label == "Go on"
    go_on.run()
    qtbot.waitUntil(lambda: window.training.runner.record is not None)
    record = window.training.runner.record
    qtbot.waitUntil(lambda: isinstance(record.end, Finished), timeout=20_000)
    qtbot.waitUntil(lambda: not window.is_training)
    shown = dict(zip(record.steps.x.tolist(), record.steps.y.tolist(), strict=True))
    rows = read_metrics(whole.run / "metrics.jsonl")
    assert shown == {row["step"]: row["loss"] for row in rows if "loss" in row}
    entry = read_entry(run)
    assert entry.status == "finished"
    assert (entry.train, entry.validation) == (record.ended[-1].train, record.ended[-1].validation)
    assert entry.test == record.end.test == whole.test
    assert window.session.root == document


def test_the_taskbar_calls_when_a_run_has_ended_and_its_message_goes_with_the_next(
    window, monkeypatch
):
    called = []
    monkeypatch.setattr(running.QApplication, "alert", called.append)
    window.tell(Message("Stopped.", topic="run"))
    window.training.running_changed.emit(True)
    assert not called and not window.messages.messages
    window.training.running_changed.emit(False)
    assert called == [window]
