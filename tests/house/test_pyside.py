"""What we must know of the installed PySide6."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot


class Sender(QObject):
    sent = Signal()
    told = Signal(bool)


def test_calls_and_signals_keep_their_references_to_none_and_true(qtbot: QtBot) -> None:
    """PySide6 6.12.0 loses a reference at each of them on Python 3.11, and the program dies."""
    sender = Sender()
    got: list[int] = []
    sender.sent.connect(lambda: got.append(1))
    sender.told.connect(lambda _: None)
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(2000):
        sender.sent.emit()
        sender.told.emit(True)
        sender.setObjectName("x")
    after = sys.getrefcount(None), sys.getrefcount(True)
    assert len(got) == 2000
    assert after[0] - before[0] > -500
    assert after[1] - before[1] > -500
