"""Speed and time left of a run."""

import pytest

from backends.pytorch import pace
from backends.pytorch.pace import Pace


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test turns: `clock[0]` is its time."""
    time = [100.0]
    monkeypatch.setattr(pace.time, "perf_counter", lambda: time[0])
    return time


def test_speed_is_that_of_the_last_while(clock):
    run = Pace()
    run.start(0)
    for step in range(1, 101):
        clock[0] += 0.1 if step <= 50 else 0.2
        run.step(run.now(), step * 64)
    assert run.rows_per_second() == pytest.approx(64 / 0.2)
    assert run.seconds_left(3200, 0) == pytest.approx(10)


def test_pauses_and_validations_do_not_count_as_training(clock):
    run = Pace()
    run.start(1000)
    clock[0] += 1
    run.step(run.now(), 1100)
    clock[0] += 50
    run.pause(50)
    clock[0] += 2
    run.epoch()
    clock[0] += 1
    run.step(run.now(), 1200)
    assert run.rows_per_second() == pytest.approx(100)
    assert run.seconds_left(300, 3) == pytest.approx(3 + 3 * 2)


def test_before_the_first_step_nothing_is_known(clock):
    run = Pace()
    run.start(0)
    assert run.rows_per_second() == 0
    assert run.seconds_left(100, 2) == 0
