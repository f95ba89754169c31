"""Work off the UI thread."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.tasks import Task, run_task
from graph.problems import UserError


def test_the_result_comes_back_on_the_ui_thread(qtbot: QtBot) -> None:
    owner = QObject()
    seen: list[object] = []
    run_task(
        owner,
        lambda _task: threading.current_thread(),
        lambda worker: seen.extend([worker, threading.current_thread()]),
        lambda error: None,
    )
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen[0] is not threading.main_thread()
    assert seen[1] is threading.main_thread()


def test_a_refusal_comes_back_as_such(qtbot: QtBot) -> None:
    owner = QObject()
    seen: list[UserError] = []

    def refuse(_task: Task) -> None:
        raise UserError("There is no file.")

    run_task(owner, refuse, lambda _: None, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert str(seen[0]) == "There is no file."


def test_a_bug_flies_on_the_ui_thread(qtbot: QtBot) -> None:
    owner = QObject()

    def fail(_task: Task) -> None:
        raise RuntimeError("a bug")

    with qtbot.captureExceptions() as caught:
        run_task(owner, fail, lambda _: None, lambda _: None)
        qtbot.waitUntil(lambda: bool(caught))
    assert str(caught[0][1]) == "a bug"


def test_a_cancelled_task_gives_no_result(qtbot: QtBot) -> None:
    owner = QObject()
    go = threading.Event()
    seen: list[object] = []
    task = run_task(owner, lambda task: go.wait(5), seen.append, seen.append)
    with qtbot.waitSignal(task.cancelled):
        task.cancel()
        go.set()
    assert seen == []
    assert task.is_cancelled()


def test_progress_is_told(qtbot: QtBot) -> None:
    owner = QObject()
    go = threading.Event()

    def work(task: Task) -> None:
        go.wait(5)
        task.report(0.5, "half")

    task = run_task(owner, work, lambda _: None, lambda _: None)
    with qtbot.waitSignal(task.progressed) as told:
        go.set()
    assert told.args == [0.5, "half"]


def test_work_that_asks_python_to_end_does_not_end_the_window(qtbot: QtBot) -> None:
    owner = QObject()

    def leave(_task: Task) -> None:
        raise SystemExit(3)

    with qtbot.captureExceptions() as caught:
        run_task(owner, leave, lambda _: None, lambda _: None, name="leaving")
        qtbot.waitUntil(lambda: bool(caught))
    assert str(caught[0][1]) == "“leaving” asked Python to end"
