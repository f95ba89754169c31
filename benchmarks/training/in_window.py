"""Trainings in a visible window, their plots drawn as they go on."""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer

from app.recovery import Journal
from app.session import Session
from app.settings import Settings
from app.start import make_application
from app.training.record import RunRecord
from app.window import Window
from backends.protocol import Stopped
from benchmarks.training.by_hand import Trained
from graph.model import Document

PROBE_MS, LOOK_MS = 5, 100  # looking often would cost the training, too
STOP_AFTER_S = (0.23, 0.31, 0.47)


class Windowed:
    """A window that trains one drawing after the other, each as often as one likes."""

    def __init__(self) -> None:
        make_application()
        self.window = Window(Settings(theme="dark"), Journal())
        self.window.resize(1440, 900)
        self.window.show()
        self.shares: list[float] = []  # of the time of each run, that the window's thread computed

    def open(self, document: Document) -> Session:
        """Shows a drawing, ready to train."""
        session = self.window.files.open_drawn(document)
        wait_until(lambda: session.data_info is not None)
        self.window.canvas.fit()
        gc.collect()
        return session

    def train(self) -> Trained:
        """One run of the drawing in front."""
        record = self._start()
        cpu, wall = time.thread_time(), time.perf_counter()
        seen: list[tuple[int, float]] = []

        def is_over() -> bool:
            seen.extend(progress_now())
            return not self.window.is_training

        wait_until(is_over)
        self.shares.append((time.thread_time() - cpu) / (time.perf_counter() - wall))
        assert record.started is not None, f"the run did not start: {record.end}"
        seconds = [epoch.seconds for epoch in record.ended]
        (start, before), (stop, after) = seen[0], seen[-1]
        cpu_ms = 1000 * (after - before) / max(stop - start, 1)
        return Trained(record.steps.y.tolist(), seconds, cpu_ms)

    def gaps_ms(self) -> np.ndarray:
        """The times between the ticks of a timer while a run's steps are made."""
        ticks: list[float] = []
        record: RunRecord | None = None

        def tick() -> None:
            if record is not None and record.started is not None and not record.is_over:
                ticks.append(time.perf_counter())

        probe = QTimer(self.window, interval=PROBE_MS)
        probe.setTimerType(Qt.TimerType.PreciseTimer)
        probe.timeout.connect(tick)
        probe.start()
        record = self._start()
        wait_until(lambda: not self.window.is_training)
        probe.stop()
        return 1000 * np.diff(np.array(ticks))

    def steps_after_stop(self) -> list[int]:
        """How many steps runs have still made after the button was pressed."""
        return [self._steps_after_stop(after_s) for after_s in STOP_AFTER_S]

    def _steps_after_stop(self, after_s: float) -> int:
        record = self._start()
        until = time.perf_counter() + after_s
        wait_until(lambda: time.perf_counter() >= until or not self.window.is_training)
        self.window.training.stop()
        [(done, _)] = progress_now()
        wait_until(lambda: not self.window.is_training)
        assert isinstance(record.end, Stopped), f"the run was not stopped: {record.end}"
        return record.end.step - done

    def _start(self) -> RunRecord:
        """Starts a run; answers it once its first steps are known."""
        panel = self.window.training
        self.window.train()
        record = panel.runner.record
        assert record is not None
        wait_until(lambda: record.step > 0 or not self.window.is_training)
        return record

    def close(self) -> None:
        """Closes the window without questions."""
        for session in self.window.tabs.sessions():
            session.mark_saved(Path("measured.loom"))
        self.window.close()


def progress_now() -> list[tuple[int, float]]:
    """The steps that the loop has done, as the stack of its thread tells, and its seconds of CPU.

    Nothing where no loop goes on.
    """
    for thread in threading.enumerate():
        frame = sys._current_frames().get(thread.ident or 0) if thread.name == "training" else None
        while frame is not None and frame.f_code.co_name != "fit":
            frame = frame.f_back
        if frame is not None and "run" in frame.f_locals:
            clock = time.pthread_getcpuclockid(thread.ident or 0)
            return [(frame.f_locals["run"].step, time.clock_gettime(clock))]
    return []


def wait_until(is_done: Callable[[], bool]) -> None:
    """Lets the window do its work until then."""
    loop = QEventLoop()
    watch = QTimer(interval=LOOK_MS)
    watch.timeout.connect(lambda: loop.quit() if is_done() else None)
    watch.start()
    loop.exec()
