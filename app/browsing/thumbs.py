"""Small pictures of samples, made in a thread when they are looked at, the latest wish first."""

from __future__ import annotations

import threading
from collections import OrderedDict

from PySide6.QtCore import QObject, QSize, Qt, Signal

from app.browsing.looks import Made, made_of
from app.theme import Theme
from backends.data.browsing.samples import Samples

MOST_KEPT = 3000
MOST_WAITING = 300


class Thumbs(QObject):
    """Keeps the pictures of those samples that were looked at last.

    Signals:
        arrived: the row whose picture is there now.
    """

    arrived = Signal(int)
    _made = Signal(int, object)

    def __init__(self, samples: Samples, theme: Theme, side: int, parent: QObject) -> None:
        super().__init__(parent)
        self._samples, self._theme, self._size = samples, theme, QSize(side, side)
        self._kept: OrderedDict[int, Made] = OrderedDict()
        self._waiting: OrderedDict[int, None] = OrderedDict()
        self._turn = threading.Condition()
        self._is_over = False
        self._made.connect(self._keep, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._work, name="thumbs", daemon=True).start()

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, row: int) -> tuple[bool, Made]:
        """Whether the picture of a row is there, and the picture; if it is not, it is made."""
        if row in self._kept:
            self._kept.move_to_end(row)
            return True, self._kept[row]
        with self._turn:
            self._waiting[row] = None
            self._waiting.move_to_end(row)
            while len(self._waiting) > MOST_WAITING:
                self._waiting.popitem(last=False)
            self._turn.notify()
        return False, None

    def stop(self) -> None:
        """Makes no more of them."""
        with self._turn:
            self._is_over = True
            self._waiting.clear()
            self._turn.notify()

    def _work(self) -> None:
        while True:
            with self._turn:
                while not self._waiting and not self._is_over:
                    self._turn.wait()
                if self._is_over:
                    return
                row, _ = self._waiting.popitem()
            made = made_of(self._samples.open(row), self._size, self._theme)
            try:
                self._made.emit(row, made)
            except RuntimeError:
                return  # whoever waited for it is gone

    def _keep(self, row: int, made: Made) -> None:
        self._kept[row] = made
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        self.arrived.emit(row)
