"""Where a view takes long to paint, a zoom stretches the frame it began with until it rests."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication

from app.canvas import Canvas, painter
from app.canvas.camera import Camera
from app.canvas.mirror import Mirror
from app.canvas.painter import ScenePainter
from app.session import Session
from app.theme import DARK
from benchmarks.drawings import large_drawing

SIZE = (500, 400)
FIRST = Camera(0.8, 40.0, 30.0)


@pytest.fixture
def session():
    return Session(large_drawing(200))


@pytest.fixture
def scene(qapp, session, monkeypatch):
    monkeypatch.setattr(painter, "SLOW_S", 0.0)  # every view takes longer than no time
    mirror = Mirror(session.registry)
    mirror.rebuild(session.document, session.typing, session.problems)
    made = ScenePainter(mirror, DARK)
    painted(made, FIRST, zooms=False)  # it knows how long that takes from now on
    return made


def painted(scene: ScenePainter, camera: Camera, *, zooms: bool, ratio: float = 1.0) -> np.ndarray:
    image = QImage(round(SIZE[0] * ratio), round(SIZE[1] * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    with QPainter(image) as painter_:
        scene.paint(painter_, camera, SIZE, ratio, zooms=zooms)
    found = np.array(image.constBits()).reshape(image.height(), image.width(), 4)[..., :3]
    return found.astype(int)


def apart(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).mean())


@pytest.mark.parametrize("ratio", [1.0, 1.5])
def test_the_first_frame_of_a_zoom_is_painted_as_it_is(scene, ratio):
    whole = painted(scene, FIRST, zooms=False, ratio=ratio)
    assert np.array_equal(painted(scene, FIRST, zooms=True, ratio=ratio), whole)
    assert not scene.is_stretched


@pytest.mark.parametrize("factor", [0.7, 1.3])
def test_the_next_frames_look_much_like_the_real_ones(scene, factor):
    real = painted(scene, FIRST.zoomed(factor, 200, 150), zooms=False)
    painted(scene, FIRST, zooms=True)
    shown = painted(scene, FIRST.zoomed(factor, 200, 150), zooms=True)
    assert scene.is_stretched
    elsewhere = painted(scene, FIRST.panned(60, 45).zoomed(factor, 200, 150), zooms=False)
    inside = np.s_[46:320, 62:408]  # of the picture, also where that is smaller
    assert apart(shown[inside], real[inside]) < 0.6 * apart(elsewhere[inside], real[inside])


def test_what_comes_into_view_shows_where_blocks_are(scene):
    painted(scene, FIRST, zooms=True)
    shown = painted(scene, FIRST.zoomed(0.4, 0, 0), zooms=True)
    assert scene.is_stretched
    beside = shown[:, round(SIZE[0] * 0.4) + 4 :]
    assert np.ptp(beside) > 50


def test_a_view_that_rests_is_painted_as_it_is(scene):
    later = FIRST.zoomed(1.3, 200, 150)
    painted(scene, FIRST, zooms=True)
    painted(scene, later, zooms=True)
    assert scene.is_stretched
    rested = painted(scene, later, zooms=False)
    assert not scene.is_stretched
    fresh = ScenePainter(scene.mirror, DARK)
    assert np.array_equal(rested, painted(fresh, later, zooms=False))


def test_a_view_that_is_moved_right_after_a_zoom_is_not_yet_as_it_is(scene):
    painted(scene, FIRST, zooms=True)
    painted(scene, FIRST.panned(-60, 20), zooms=True)
    assert scene.is_stretched


def test_a_picture_stretched_too_far_is_made_anew(scene):
    painted(scene, FIRST.zoomed(0.05, 0, 0), zooms=True)
    near = FIRST.zoomed(4.0, 0, 0)
    painted(scene, near, zooms=True)
    assert not scene.is_stretched


def test_an_edit_within_a_zoom_is_seen_at_once(scene, session):
    painted(scene, FIRST, zooms=True)
    scene.mirror.rebuild(session.document, session.typing, session.problems)
    painted(scene, FIRST.zoomed(1.2, 0, 0), zooms=True)
    assert not scene.is_stretched


def test_after_the_last_step_of_a_wheel_the_canvas_is_painted_sharp(qtbot, session, monkeypatch):
    monkeypatch.setattr(painter, "SLOW_S", 0.0)
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(*SIZE)
    canvas.show()
    canvas.set_session(session)
    qtbot.waitUntil(lambda: not canvas.scene.is_stretched)
    canvas.grab()
    at = QPointF(200, 150)
    for _ in range(2):
        event = QWheelEvent(
            at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(canvas, event)
        canvas.grab()
    assert canvas.scene.is_stretched
    qtbot.waitUntil(lambda: not canvas.scene.is_stretched)
