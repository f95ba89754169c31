"""Has Python look for garbage on the UI thread alone.

Widgets that nobody needs any more may lie in circles of references, which only the collector finds.
By itself it runs in whatever thread makes the next object, such as one that trains, and there Qt
must not delete a widget: "Timers cannot be stopped from another thread", or worse.

PyTorch and what it takes along are some 300 000 objects. To look through them stops the window for
0.2 s, so they are frozen, which is to say left out, as soon as they are imported.
"""

from __future__ import annotations

import gc
import sys
from time import monotonic

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500
WHOLE_S = 20.0
"""To look through all objects takes long, so that much lies between two times."""
FROZEN_S = 600.0
"""What was frozen is looked through as seldom as this: documents of then may be closed by now."""
MANY_MODULES = 100


class Collector(QObject):
    """Collects from time to time, as often as Python itself would, as long as it lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._last_whole = monotonic()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.collect)
        gc.disable()
        self._freeze()
        self._timer.start()

    def collect(self) -> None:
        """Collects what is due."""
        if len(sys.modules) - self._modules > MANY_MODULES:
            self._freeze()
        due = [
            count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)
        ]
        if due[2] and monotonic() - self._last_whole > WHOLE_S:
            self._collect_whole()
        elif due[1]:
            gc.collect(1)
        elif due[0]:
            gc.collect(0)

    def _collect_whole(self) -> None:
        is_long_ago = monotonic() - self._last_frozen > FROZEN_S
        if is_long_ago:
            gc.unfreeze()
        gc.collect()
        self._last_whole = monotonic()
        if is_long_ago:
            self._freeze()

    def _freeze(self) -> None:
        gc.freeze()
        self._modules = len(sys.modules)
        self._last_frozen = monotonic()

    def end(self) -> None:
        """Leaves it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
