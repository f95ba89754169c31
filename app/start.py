"""Starts the window: application, settings, crash handler, recovered work, then torch in peace."""

from __future__ import annotations

import signal
import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app import scaling, trusted
from app.collecting import Collector
from app.crash import CrashHandler
from app.examples import example_at
from app.i18n import tr
from app.messages import Choice, Message
from app.recovery import Journal, Recovered, discard
from app.settings import load_settings, peek_settings
from app.window import Window
from backends import loader

NAME = "Torchloom"
# The first clicks come before torch's import slows them down.
SETTLE_MS = 250
# How long a thread may keep Python to itself while the window waits for it. Each call of Qt lets
# go of Python: with the usual 5 ms, an edit beside a thread that writes code takes 250 ms, not 20.
TURN_S = 0.0002


def make_application() -> QApplication:
    """The Qt application with our name and style."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    scaling.prepare(peek_settings())
    sys.setswitchinterval(TURN_S)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("torchloom")
    app.setApplicationDisplayName(NAME)
    app.setDesktopFileName("torchloom")
    app.setStyle("Fusion")
    return app


def run_window(files: list[Path]) -> int:
    """Shows a window with these files; answers the exit code when it is closed."""
    app = make_application()
    window = open_window(app, files)
    window.show()
    return app.exec()


def open_window(app: QApplication, files: list[Path]) -> Window:
    """A window with these files, not yet shown; what crashes from now on is caught."""
    settings, note = load_settings()
    trusted.load()
    window = Window(settings, Journal())
    handler = CrashHandler(window.autosave.save_all, window)
    handler.install()
    app.aboutToQuit.connect(handler.uninstall)
    app.aboutToQuit.connect(Collector(window).end)
    _quit_on_interrupt(app, window)
    if note:
        window.tell(Message(note, "warning"))
    for file in files:
        example = example_at(file)
        if example is None:
            window.files.open(file)
        else:
            window.files.open_example(example)
    offer_recovered(window)
    window.painted.connect(lambda: QTimer.singleShot(SETTLE_MS, window, loader.warm_up))
    return window


def offer_recovered(window: Window) -> None:
    """Offers the unsaved work that a crash left behind."""
    found = window.journal.leftovers()
    if not found:
        return
    names = ", ".join(f"“{recovered.title}”" for recovered in found[:3])
    if len(found) > 3:
        names += tr(" and {n} more", n=len(found) - 3)
    text = tr("Torchloom ended without saving {names}. The unsaved work is still there.",
              names=names)  # fmt: skip
    choices = (
        Choice(tr("Recover"), partial(_recover, window, found)),
        Choice(tr("Discard"), partial(_discard, found)),
    )
    window.tell(Message(text, "warning", choices=choices))


def _recover(window: Window, found: list[Recovered]) -> None:
    for recovered in found:
        window.files.restore(recovered.document, recovered.path)
    window.autosave.save_all()  # the new copies are there before the old ones go
    _discard(found)


def _discard(found: list[Recovered]) -> None:
    for recovered in found:
        discard(recovered)


def _quit_on_interrupt(app: QApplication, window: Window) -> None:
    """Lets Ctrl+C in the terminal close the window like a click on its cross."""
    signal.signal(signal.SIGINT, lambda *_: window.close())
    # Python handles signals between its own instructions: the timer gives it a chance
    timer = QTimer(app, interval=500)
    timer.timeout.connect(lambda: None)
    timer.start()
