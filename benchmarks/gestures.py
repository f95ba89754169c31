"""What each gesture costs the thread of the window in a drawing of 10,000 blocks and 15,000 edges.

Times are CPU times of that thread, for an event and the frame after it: the median and the 95th
percentile. Memory is what the process needs beyond that of the empty canvas. Run it as
`python -m benchmarks.gestures`; `--width 3840 --height 2160` measures a large screen,
of which gestures are limited and not what begins and ends them: opening a file and full frames.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas import Canvas
from app.canvas.camera import Camera
from app.recovery import Journal
from app.session import Session
from app.settings import Settings
from app.start import make_application
from app.theme import DARK
from app.window import Window
from benchmarks.drawings import large_drawing
from benchmarks.report import Bar, megabytes, report
from graph import edits
from graph.fileio import dumps, loads
from graph.model import Document

BLOCKS = 10_000
MANY = 1000
STEPS = 40
FRAME_MS = 16.7
FULL = ("open", "frame")
LOOK_MS = 1200
REST_S = 0.3
LEFT, MIDDLE, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.NoButton
PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
Act = Callable[[], object]
Times = list[float]


class Watched(Canvas):
    """A canvas that tells when it has been painted."""

    painted = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted = True


class Bench:
    """A canvas with a large drawing, and a hand."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self.canvas = canvas = Watched()
        canvas.set_theme(DARK)
        canvas.resize(*size)
        canvas.show()
        QTest.qWaitForWindowExposed(canvas)
        self.frame()

    def frame(self) -> None:
        """Paints as the window does when something has changed."""
        self.canvas.painted = False
        self.canvas.update()
        while not self.canvas.painted:
            QApplication.processEvents()

    def open(self, path: Path) -> None:
        """From a file to its first full frame."""
        self.session = Session(loads(path.read_text("utf-8")).document)
        self.canvas.set_session(self.session)
        self.frame()

    def look(self, scale: float) -> None:
        """Shows the middle of the drawing at a scale; 0 for all of it."""
        box = self.canvas.mirror.bounds()
        assert box is not None
        width, height = self.size
        scale = scale or min(width / (box[2] - box[0]), height / (box[3] - box[1]))
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        self.canvas.look(Camera(scale, width / 2 - x * scale, height / 2 - y * scale))
        self.frame()
        _rest(REST_S)  # until then, frames of large views may be stretched ones

    def mouse(self, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: bool) -> None:
        """Sends one event of the mouse."""
        buttons = button if held else NONE
        own = button if kind != QEvent.Type.MouseMove else NONE
        event = QMouseEvent(kind, at, self.canvas.mapToGlobal(at), own, buttons, PLAIN)
        QApplication.sendEvent(self.canvas, event)

    def pull(self, start: QPointF, step: QPointF, button: Qt.MouseButton) -> Times:
        """The times of the moves of a drag and their frames."""
        self.mouse(QEvent.Type.MouseButtonPress, start, button, True)
        times = []
        for number in range(1, STEPS + 1):
            at = start + step * number

            def move(at: QPointF = at) -> None:
                self.mouse(QEvent.Type.MouseMove, at, button, True)
                self.frame()

            times.append(_ms(move))
        self.mouse(QEvent.Type.MouseButtonRelease, start + step * STEPS, button, False)
        return times[2:]  # the first starts the drag, the second builds what it keeps

    def zoom(self) -> Times:
        """The times of the steps of a wheel, all the way in and out again."""
        at = QPointF(self.size[0] / 3, self.size[1] / 3)

        def turn(by: int) -> None:
            event = QWheelEvent(at, self.canvas.mapToGlobal(at), QPoint(), QPoint(0, by), NONE,
                                PLAIN, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
            QApplication.sendEvent(self.canvas, event)
            self.frame()

        times = []
        for by in (120, -120):
            for _ in range(STEPS):
                before = self.canvas.camera
                took = _ms(lambda by=by: turn(by))
                if self.canvas.camera == before:
                    break  # there is an end to it
                times.append(took)
        return times

    def block_in_view(self) -> QPointF:
        """The middle of a block near the middle of the canvas."""
        middle = self.canvas.at(QPointF(self.size[0] / 2, self.size[1] / 2))
        rect = self.canvas.mirror.rect
        x, y = rect[:, 0] + rect[:, 2] / 2, rect[:, 1] + 14
        row = int(((x - middle.x()) ** 2 + (y - middle.y()) ** 2).argmin())
        self.row = row
        camera = self.canvas.camera
        return QPointF(x[row] * camera.scale + camera.dx, y[row] * camera.scale + camera.dy)

    def empty_corner(self) -> QPointF:
        """A place above and left of all blocks, or between them."""
        box = self.canvas.mirror.bounds()
        assert box is not None
        camera = self.canvas.camera
        return QPointF(box[0] * camera.scale + camera.dx - 4, box[1] * camera.scale + camera.dy - 4)


def main() -> int:
    """Measures every gesture and reports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--width", type=int, default=1600)
    parser.add_argument("--height", type=int, default=1000)
    asked = parser.parse_args()
    _application = make_application()  # lives as long as it has a name
    large = asked.width * asked.height > 1600 * 1000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.loom"
        path.write_text(dumps(large_drawing(BLOCKS)), "utf-8")
        large_drawing.cache_clear()
        found, memory = measure(path, (asked.width, asked.height))
    bars = []
    for what, (times, limit, place) in found.items():
        if large and what.startswith(FULL):
            continue
        bars.append(
            Bar(f"{what}, ms, {place}", _at(times, place), max(limit, FRAME_MS) if large else limit)
        )
    bars.append(Bar("memory above the empty canvas, MB", memory, 120.0))
    detail = {what: {"median": _at(t, "median"), "p95": _at(t, "p95"), "most": round(max(t), 2)}
              for what, (t, _, _) in found.items()}  # fmt: skip
    return report("gestures", bars, {"size": [asked.width, asked.height], "ms": detail})


Found = dict[str, tuple[Times, float, str]]


def measure(path: Path, size: tuple[int, int]) -> tuple[Found, float]:
    """The times of every gesture with its limit, and the memory in MB."""
    bench = Bench(size)
    gc.collect()
    before = megabytes()
    found: Found = {"open a file": ([_ms(lambda: bench.open(path))], 300.0, "median")}
    memory = megabytes() - before
    for name, scale, limit in (("far", 0.0, 12.0), ("near", 1.0, 8.0)):
        bench.look(scale)
        found[f"frame {name}"] = (_several(bench.frame), limit, "median")
        for what, times in _gestures(bench, scale):
            found[f"{what} {name}"] = (times, 8.0, "median")
    bench.look(0.0)
    found["zoom step"] = (bench.zoom(), 16.7, "p95")
    found["undo of moving 1,000"] = (_undo(bench), 16.7, "median")
    found["edit of a parameter"] = (_edits(bench.session.document), 16.7, "median")
    return found, round(memory, 1)


def _gestures(bench: Bench, scale: float) -> Iterator[tuple[str, Times]]:
    middle = QPointF(bench.size[0] / 2, bench.size[1] / 2)
    yield "pan", bench.pull(middle, QPointF(-3, -2), MIDDLE)
    bench.look(scale)
    for count in (1, MANY):
        bench.look(scale)
        start = bench.block_in_view()
        first = max(0, bench.row - count // 2)
        ids = bench.canvas.mirror.ids
        bench.session.select(frozenset(ids[first : first + count]) | {ids[bench.row]})
        bench.frame()
        yield f"drag of {count:,}", bench.pull(start, QPointF(2, 1), LEFT)
        bench.canvas.undo()
        bench.session.select(frozenset())
    bench.look(scale)
    if scale:
        start = bench.canvas.mapFromGlobal(bench.canvas.mapToGlobal(QPointF(4.0, 4.0)))
    else:
        start = bench.empty_corner()
    yield "box select", bench.pull(start, QPointF(20, 12), LEFT)
    bench.session.select(frozenset())


def _undo(bench: Bench) -> Times:
    times = []
    ids = bench.canvas.mirror.ids[:MANY]
    for _ in range(9):
        nodes = bench.session.document.graph.nodes
        places = {id: (nodes[id].x + 7, nodes[id].y + 7) for id in ids}
        bench.session.apply("Move", lambda document, places=places: edits.move(document, places))
        bench.frame()

        def undo() -> None:
            bench.canvas.undo()
            bench.frame()

        times.append(_ms(undo))
    return times


def _edits(document: Document) -> Times:
    """In the whole window with the code in front: types, problems, costs, every panel, the code.

    Motion is reduced: the glow that fades from new lines of code afterwards is no part of it.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TORCHLOOM_HOME"] = folder
        window = Window(Settings(theme="dark", motion="reduced"), Journal())
        window.resize(1600, 1000)
        window.show()
        QTest.qWaitForWindowExposed(window)
        session = window.files.open_drawn(document)
        window.docks.bring_up(window.docks.code)
        dense = [node.id for node in document.graph.nodes.values() if node.kind == "dense"]
        id = dense[len(dense) // 2]
        session.select(frozenset([id]))
        window.canvas.center_on([id])
        _rest()
        times = []
        for number in range(9):
            edit = partial(edits.set_param, ids=[id], name="bias", value=bool(number % 2))
            start = time.thread_time()
            session.apply("Edit", edit)
            QApplication.processEvents()
            _listed(window)
            times.append((time.thread_time() - start) * 1e3)
        session.mark_saved(Path(folder) / "saved.loom")
        window.close()
    return times


def _listed(window: Window) -> None:
    """Waits until the code is written and painted, and the copy for recovery is kept."""
    loop = QEventLoop()
    known = window.code.listed.connect(lambda: QTimer.singleShot(LOOK_MS, loop.quit))
    loop.exec()
    window.code.listed.disconnect(known)


def _rest(seconds: float = 0.6) -> None:
    """Lets timers and threads end what they are at."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1e3), loop.quit)
    loop.exec()


def _several(act: Act, repeats: int = 25) -> Times:
    for _ in range(3):
        act()
    return [_ms(act) for _ in range(repeats)]


def _ms(act: Act) -> float:
    start = time.thread_time()
    act()
    return (time.thread_time() - start) * 1e3


def _at(times: Times, place: str) -> float:
    if place == "median" or len(times) < 2:
        return round(statistics.median(times), 2)
    return round(statistics.quantiles(times, n=20)[-1], 2)


if __name__ == "__main__":
    sys.exit(main())
