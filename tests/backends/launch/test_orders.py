"""Orders to a run in another process."""

import threading
import time

from backends.launch import orders
from backends.launch.orders import GO, LOOK_EVERY_S, PAUSE, STOP, Orders, ask_for, order, order_of
from backends.protocol import Control, Job, Stepped, Stopped
from backends.pytorch import report
from tests.backends.pytorch.drawings import iris_mlp
from tests.backends.pytorch.running import follow


def wait_until(holds, longest_s=5.0):
    until = time.monotonic() + longest_s
    while not holds():
        assert time.monotonic() < until
        threading.Event().wait(0.002)


def test_orders_are_followed(tmp_path):
    path = tmp_path / "order.txt"
    order(path, GO)
    control = Orders(path)
    assert not control.is_paused
    assert not control.is_stopped
    order(path, PAUSE)
    wait_until(lambda: control.is_paused)
    order(path, GO)
    wait_until(lambda: not control.is_paused)
    order(path, STOP)
    wait_until(lambda: control.is_stopped)
    assert control.wait() is False


def test_who_waits_hears_of_the_end_of_a_pause(tmp_path):
    path = tmp_path / "order.txt"
    order(path, PAUSE)
    control = Orders(path)
    answers = []
    thread = threading.Thread(target=lambda: answers.append(control.wait()))
    thread.start()
    order(path, GO)
    thread.join(5)
    assert answers == [True]


def test_without_a_file_it_goes_on(tmp_path):
    control = Orders(tmp_path / "none")
    assert not control.is_stopped
    assert control.wait() is True


def test_asking_at_every_step_costs_next_to_nothing(tmp_path):
    path = tmp_path / "order.txt"
    order(path, GO)
    control = Orders(path)
    best_s = min(_seconds_for(control, 2000) for _ in range(5))
    assert best_s / 2000 < 20e-6, "a step of a small network takes 200 µs"
    assert LOOK_EVERY_S <= 0.005, "and a stop waits no longer than that"


def _seconds_for(control, times):
    started = time.perf_counter()
    for _ in range(times):
        _ = control.is_paused
        _ = control.is_stopped
    return time.perf_counter() - started


def test_a_control_says_its_order_and_that_it_was_heard():
    control, heard = Control(), []
    control.heard = lambda: heard.append(order_of(control))
    control.pause()
    control.resume()
    control.stop()
    assert heard == [PAUSE, GO, STOP]


def test_no_step_is_made_after_the_order_to_stop(tmp_path, monkeypatch):
    monkeypatch.setattr(orders, "LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(orders, "LOOK_SHARE", 1e9)
    monkeypatch.setattr(report, "EVENT_EVERY_S", 0.0)
    path = tmp_path / "order.txt"
    order(path, GO)

    def stop_at_step_5(event):
        if isinstance(event, Stepped) and 5 in event.steps:
            order(path, STOP)

    last = follow(Job(iris_mlp(epochs=100), tmp_path), Orders(path), stop_at_step_5)[-1]
    assert isinstance(last, Stopped)
    assert last.step == 5


def test_other_values_of_the_recipe_are_asked_for_in_a_file(tmp_path):
    settings = tmp_path / "settings.jsonl"
    control = Orders(tmp_path / "order.txt", settings)
    assert control.take_settings() == []
    ask_for(settings, [("learning_rate", 0.5), ("epochs", 7)])
    found = []
    wait_until(lambda: found.extend(control.take_settings()) or found)
    assert found == [("learning_rate", 0.5), ("epochs", 7)]
    with settings.open("a") as file:
        file.write('["epochs"')  # being written
    assert Orders(tmp_path / "none", settings).take_settings() == found
