"""After an edit only what it touched is painted, and the window shows what painting all would."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication

from app.canvas import Canvas
from app.session import Session
from app.theme import DARK
from benchmarks.drawings import large_drawing
from graph import edits
from graph.model import NodeId


class Counting(Canvas):
    """Notes how much of it is painted."""

    painted_px = 0

    def paintEvent(self, event):
        self.painted_px += event.rect().width() * event.rect().height()
        super().paintEvent(event)


@pytest.fixture
def canvas(qtbot):
    made = Counting()
    qtbot.addWidget(made)
    made.set_theme(DARK)
    made.resize(900, 700)
    made.set_session(Session(large_drawing(60)))
    made.show()
    qtbot.waitExposed(made)
    made.center_on(list(made.mirror.ids)[:8])
    made.zoom_to(1.0)
    QApplication.processEvents()
    return made


def pixels(pixmap: QPixmap) -> np.ndarray:
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.array(image.constBits()).reshape(image.height(), image.width(), 4)[..., :3]


def shown(canvas: Canvas) -> np.ndarray:
    """What is on the screen, painted bit by bit."""
    QApplication.processEvents()
    return pixels(canvas.screen().grabWindow(canvas.winId()))


def in_view(canvas: Canvas, kind: str) -> str:
    seen = canvas.mirror.nodes_in(canvas.camera.seen(canvas.width(), canvas.height()))
    nodes = canvas.session.document.graph.nodes
    ids = [canvas.mirror.ids[row] for row in seen]
    found = [id for id in ids if nodes[id].kind == kind]
    return found[len(found) // 2]


def changed(name: str, value: object) -> Callable[[NodeId], edits.Edit]:
    return lambda id: partial(edits.set_param, ids=[id], name=name, value=value)


EDITS = {
    "what a block counts": ("layer_norm", changed("affine", False)),
    "shapes of what follows": ("dense", changed("features", 77)),
    "a refusal": ("conv2d", changed("kernel_size", (90, 90))),
    "a name": ("gelu", lambda id: partial(edits.rename, id=id, name="renamed")),
}


@pytest.mark.parametrize("what", EDITS)
def test_the_window_shows_what_painting_everything_would(canvas, qtbot, what):
    kind, edit = EDITS[what]
    before = shown(canvas)
    canvas.painted_px = 0
    assert canvas.session.apply("Edit", edit(in_view(canvas, kind)))
    qtbot.waitUntil(lambda: canvas.painted_px > 0)
    after = shown(canvas)
    assert canvas.painted_px < canvas.width() * canvas.height()
    assert (before != after).any()
    assert (np.abs(after.astype(int) - pixels(canvas.grab())).max(2) > 8).sum() == 0
    canvas.painted_px = 0
    canvas.session.undo()
    qtbot.waitUntil(lambda: canvas.painted_px > 0)
    assert (np.abs(before.astype(int) - shown(canvas)).max(2) > 8).sum() == 0
