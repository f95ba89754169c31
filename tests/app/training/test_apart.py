"""The training dock with runs in other processes."""

import pytest

from backends.launch.process import is_alive
from backends.launch.where import where_of
from backends.protocol import Failed, Finished, Stopped

ENOUGH_MS = 90_000


def wait_end(qtbot, panel):
    qtbot.waitUntil(lambda: not panel.runner.is_running, timeout=ENOUGH_MS)
    return panel.runner.record


@pytest.mark.slow
@pytest.mark.parametrize("place", ["process", "processes:2"])
def test_the_dock_shows_a_run_in_other_processes_as_its_own(qtbot, panel, open_example, place):
    session = open_example("iris-mlp", epochs=10)
    panel.set_session(session)
    panel.runner.set_where(where_of(place))
    panel.train()
    assert panel.runner.is_apart
    record = wait_end(qtbot, panel)
    assert isinstance(record.end, Finished), record.end
    assert len(record.epochs["train", "loss"].y) == 10
    assert len(record.steps) == record.end.epochs * record.steps_per_epoch
    assert "test accuracy" in panel.header.facts.text()
    assert panel.last_run == record.end.run


@pytest.mark.slow
def test_it_is_paused_stopped_and_resumed_there(qtbot, panel, open_example):
    session = open_example("moons-mlp", epochs=100_000)
    panel.set_session(session)
    panel.runner.set_where(where_of("process"))
    panel.train()
    qtbot.waitUntil(lambda: panel.runner.record.step > 0, timeout=ENOUGH_MS)
    panel.pause_or_resume()
    assert panel.runner.is_paused
    panel.pause_or_resume()
    panel.stop()
    record = wait_end(qtbot, panel)
    assert isinstance(record.end, Stopped)
    step = record.end.step
    panel.resume()
    qtbot.waitUntil(lambda: panel.runner.record.step > step, timeout=ENOUGH_MS)
    assert record.steps.x.tolist() == list(range(1, len(record.steps) + 1)), "no step is missing"
    panel.stop()
    assert isinstance(wait_end(qtbot, panel).end, Stopped)


@pytest.mark.slow
def test_a_run_that_is_let_go_goes_on_and_is_followed_again(qtbot, panel, open_example):
    session = open_example("moons-mlp", epochs=100_000)
    panel.set_session(session)
    panel.runner.set_where(where_of("process"))
    panel.train()
    qtbot.waitUntil(lambda: panel.runner.record.step > 0, timeout=ENOUGH_MS)
    run = panel.runner.record.run
    panel.runner.let_go()
    assert not panel.runner.is_running
    assert is_alive(run)
    panel.runner.attach(session, run)
    qtbot.waitUntil(lambda: panel.runner.record.step > 0, timeout=ENOUGH_MS)
    assert panel.runner.record.run == run
    panel.stop()
    assert isinstance(wait_end(qtbot, panel).end, Stopped)


def test_too_many_processes_are_a_message_and_not_a_start(qtbot, panel, open_example):
    session = open_example("iris-mlp")
    panel.set_session(session)
    panel.runner.set_where(where_of("processes:999"))
    panel.train()
    record = wait_end(qtbot, panel)
    assert isinstance(record.end, Failed)
    assert "too many" in session.messages[-1].text
