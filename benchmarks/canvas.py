"""Frames, drags and opening of large drawings, beside a QGraphicsScene in the same run.

Run it as `python -m benchmarks.canvas`.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.canvas import Canvas
from app.canvas.camera import Camera
from app.session import Session
from app.theme import DARK
from benchmarks.drawings import large_drawing
from benchmarks.graphics_scene import SceneView
from benchmarks.report import Bar, median_ms, report

SIZE = (1600, 1000)
SIZES = (1000, 10_000)
DRAGGED = 1000
# ours to theirs: about half of these when written, which leaves room for other machines
LIMITS = {"open": 0.2, "frame far": 0.2, "frame near": 0.8, "drag far": 0.2, "drag near": 0.4}


def main() -> int:
    """Measures both at every size and reports the ratios."""
    _application = QApplication.instance() or QApplication([])  # lives as long as it has a name
    bars, detail = [], {}
    for blocks in SIZES:
        ours, theirs = measure(blocks)
        detail[f"{blocks} blocks, ms"] = {
            what: {"ours": ours[what], "scene": theirs[what]} for what in ours
        }
        bars += [
            Bar(f"{what}, {blocks} blocks, ratio", round(ours[what] / theirs[what], 3), limit)
            for what, limit in LIMITS.items()
        ]
    return report("canvas", bars, detail)


def measure(blocks: int) -> tuple[dict[str, float], dict[str, float]]:
    """The times of our canvas and of the scene, in ms of CPU."""
    session = Session(large_drawing(blocks))
    canvas = Canvas()
    canvas.set_theme(DARK)
    canvas.resize(*SIZE)
    _show(canvas)
    box = canvas_box(canvas, session)
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    far = min(SIZE[0] / (box[2] - box[0]), SIZE[1] / (box[3] - box[1]))
    dragged = canvas.mirror.ids[len(canvas.mirror.ids) // 2 - DRAGGED // 2 :][:DRAGGED]
    step = [0.0]

    def drag() -> None:
        step[0] += 1.0
        canvas.mirror.preview_move(dragged, step[0], step[0])
        canvas.repaint()

    def look(scale: float) -> None:
        width, height = SIZE
        canvas.look(Camera(scale, width / 2 - x * scale, height / 2 - y * scale))

    gc.collect()
    ours = {"open": median_ms(lambda: _open(canvas, session), repeats=5)}
    ours |= _frames(look, canvas.repaint, drag, far)
    canvas.mirror.end_preview()
    gc.collect()
    views: list[SceneView] = []

    def open_scene() -> None:
        views.append(SceneView(canvas.mirror, DARK))
        views[-1].resize(*SIZE)
        _show(views[-1])
        views[-1].look(far, x, y)
        views[-1].viewport().repaint()

    theirs = {"open": median_ms(open_scene, repeats=1, warm_up=0)}
    view = views[-1]
    first = len(view.blocks) // 2 - DRAGGED // 2

    def drag_scene() -> None:
        for block in view.blocks[first : first + DRAGGED]:
            block.move_by(1.0, 1.0)
        view.viewport().repaint()

    theirs |= _frames(
        lambda scale: view.look(scale, x, y), view.viewport().repaint, drag_scene, far
    )
    view.close()
    canvas.close()
    return ours, theirs


def canvas_box(canvas: Canvas, session: Session) -> tuple[float, float, float, float]:
    """The box of a drawing that the canvas is made to show."""
    canvas.set_session(session)
    box = canvas.mirror.bounds()
    assert box is not None
    return box


def _show(widget: QWidget) -> None:
    """Shows a widget, and waits until it would really be painted."""
    widget.show()
    QTest.qWaitForWindowExposed(widget)


def _open(canvas: Canvas, session: Session) -> None:
    canvas.set_session(session)
    canvas.repaint()


def _frames(
    look: Callable[[float], None],
    repaint: Callable[[], None],
    drag: Callable[[], None],
    far: float,
) -> dict[str, float]:
    found = {}
    for name, scale in (("far", far), ("near", 1.0)):
        look(scale)
        found[f"frame {name}"] = median_ms(repaint)
        found[f"drag {name}"] = median_ms(drag)
    return found


if __name__ == "__main__":
    sys.exit(main())
