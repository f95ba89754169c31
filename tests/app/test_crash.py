"""Bugs while the window is open: unsaved work is copied, told, and offered at the next start."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.crash import CrashHandler, log_qt_message
from app.recovery import SUFFIX, Journal
from app.start import offer_recovered
from app.window import Window
from graph import edits
from graph.fileio import save
from tests.drawing import chain

ROOT = Path(__file__).parents[2]
KILLED = """
import os, signal
from PySide6.QtCore import QTimer
from app.start import make_application, open_window
from graph import edits
app = make_application()
window = open_window(app, [])
window.show()
window.session.apply("Add", lambda document: edits.add(document, "dense"))
window.autosave.look()
def die_when_copied():
    if list(window.journal.folder.glob("*.recovered")):
        os.kill(os.getpid(), signal.SIGKILL)
timer = QTimer(interval=10)
timer.timeout.connect(die_when_copied)
timer.start()
app.exec()
"""


@pytest.fixture
def handler(window: Window, caplog: pytest.LogCaptureFixture) -> Iterator[CrashHandler]:
    """The crash handler of a window; what it logs is no news here."""
    caplog.set_level(logging.CRITICAL + 1, "app.crash")
    made = CrashHandler(window.autosave.save_all, window)
    made.install()
    yield made
    made.uninstall()


def copies(home: Path) -> list[Path]:
    """The copies on the disk."""
    return sorted(home.glob(f"recovery/*/*{SUFFIX}"))


def fail() -> None:
    """What a bug in a slot does: the hook of Python gets the exception."""
    try:
        raise ZeroDivisionError("a bug")
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def draw(window: Window) -> None:
    """Changes the document in front."""
    window.session.apply("Add", lambda document: edits.add(document, "dense"))


def press(qtbot: QtBot, window: Window, label: str) -> None:
    """Presses a button in the message bar."""
    buttons = window.messages.findChildren(QPushButton)
    (button,) = [button for button in buttons if button.text() == label]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_bug_copies_unsaved_work_and_says_where(
    window: Window, handler: CrashHandler, home: Path, qtbot: QtBot
) -> None:
    draw(window)
    fail()
    (copy,) = copies(home)
    qtbot.waitUntil(lambda: handler.report is not None and handler.report.isVisible())
    assert handler.report is not None
    details = handler.report.details.toPlainText()
    assert str(copy) in details
    assert "ZeroDivisionError: a bug" in details
    assert "Python 3." in details
    handler.report.copy_details()
    assert QGuiApplication.clipboard().text() == details
    handler.report.accept()
    assert window.session.document.graph.nodes
    assert window.session.apply("Add", lambda document: edits.add(document, "relu"))
    QGuiApplication.clipboard().clear()


def test_a_bug_in_another_thread_is_told_in_the_window(
    window: Window, handler: CrashHandler, qtbot: QtBot
) -> None:
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: handler.report is not None and handler.report.isVisible())
    assert handler.report is not None
    assert "There was no unsaved work" in handler.report.details.toPlainText()


def test_many_bugs_in_a_row_are_one_report(
    window: Window, handler: CrashHandler, qtbot: QtBot
) -> None:
    for _ in range(300):
        fail()
    qtbot.waitUntil(lambda: handler.report is not None and handler.report.isVisible())
    first = handler.report
    assert first is not None
    qtbot.waitUntil(lambda: first.details.blockCount() >= 400)
    assert handler.report is first
    assert first.details.blockCount() < 500


def test_work_that_cannot_be_copied_does_not_hide_the_bug(
    window: Window, handler: CrashHandler, home: Path, qtbot: QtBot
) -> None:
    home.parent.mkdir(exist_ok=True)
    home.write_text("a file in place of the folder")
    draw(window)
    fail()
    qtbot.waitUntil(lambda: handler.report is not None and handler.report.isVisible())
    assert handler.report is not None
    assert "could not be copied" in handler.report.details.toPlainText()
    home.unlink()


def test_the_hooks_go_back_to_who_had_them(window: Window) -> None:
    before = sys.excepthook, threading.excepthook
    made = CrashHandler(window.autosave.save_all, window)
    made.install()
    assert sys.excepthook is not before[0]
    made.uninstall()
    assert (sys.excepthook, threading.excepthook) == before


def test_what_qt_says_goes_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    from PySide6.QtCore import qInstallMessageHandler

    before = qInstallMessageHandler(log_qt_message)
    try:
        qWarning("a bad layout")
        qWarning("This plugin does not support raise()")
    finally:
        qInstallMessageHandler(before)
    assert [record.getMessage() for record in caplog.records] == ["a bad layout"]


def test_the_next_start_after_a_kill_offers_the_work(
    window: Window, home: Path, qtbot: QtBot
) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=ROOT, env=environment, timeout=100, check=False
    )
    assert ran.returncode == -signal.SIGKILL
    (old,) = copies(home)
    offer_recovered(window)
    assert "without saving “Untitled”" in window.messages.messages[0].text
    press(qtbot, window, "Recover")
    assert [node.kind for node in window.session.document.graph.nodes.values()] == ["dense"]
    assert not window.session.is_clean
    assert not old.exists()
    (new,) = copies(home)
    assert new.parent == window.journal.folder


def test_discarded_work_is_gone(window: Window, home: Path, qtbot: QtBot) -> None:
    lost = Journal()
    lost._own = home / "recovery" / "lost"
    lost.write(lost.new_key(), chain("input dense"), "net", None)
    assert lost._lock is not None
    lost._lock.unlock()
    offer_recovered(window)
    press(qtbot, window, "Discard")
    assert copies(home) == []
    assert not window.session.document.graph.nodes
    offer_recovered(window)
    assert window.messages.messages == []


def test_recovered_work_of_a_file_is_saved_there_only_when_asked(
    window: Window, home: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "net.loom"
    save(chain("input"), file)
    before = file.read_bytes()
    lost = Journal()
    lost._own = home / "recovery" / "lost"
    lost.write(lost.new_key(), chain("input dense"), "net.loom", file)
    assert lost._lock is not None
    lost._lock.unlock()
    offer_recovered(window)
    press(qtbot, window, "Recover")
    assert window.session.path == file
    assert not window.session.is_clean
    assert file.read_bytes() == before
    window.menus.actions["save"].trigger()
    assert file.read_bytes() != before
    assert copies(home) == []
