"""What is kept between frames of a gesture shows what painting everything anew would."""

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from app.canvas.camera import Camera
from app.canvas.mirror import Mirror
from app.canvas.painter import LARGE, ScenePainter
from app.session import Session
from app.theme import DARK
from benchmarks.drawings import large_drawing

SIZE = (500, 400)


@pytest.fixture
def mirror(qapp):
    session = Session(large_drawing(LARGE + 60))
    made = Mirror(session.registry)
    made.rebuild(session.document, session.typing, session.problems)
    return made


def painted(scene: ScenePainter, camera: Camera, ratio: float, *, keep: bool) -> np.ndarray:
    image = QImage(round(SIZE[0] * ratio), round(SIZE[1] * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    with QPainter(image) as painter:
        scene.paint(painter, camera, SIZE, ratio, keep=keep)
    return np.array(image.constBits()).reshape(image.height(), image.width(), 4)[..., :3]


def check(mirror: Mirror, kept: ScenePainter, camera: Camera, ratio: float) -> None:
    """Few px differ: those at the ends of wires that were cut differently."""
    ours = painted(kept, camera, ratio, keep=True).astype(int)
    anew = painted(ScenePainter(mirror, DARK), camera, ratio, keep=False).astype(int)
    assert np.ptp(anew) > 50
    assert (np.abs(ours - anew).max(2) > 24).mean() < 0.002


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("scale", [0.15, 0.4, 1.0])
def test_a_panned_view_is_as_if_painted_anew(mirror, scale, ratio):
    kept = ScenePainter(mirror, DARK)
    x = y = -60.0
    for dx, dy in ((0, 0), (7, 3), (-31, 12), (0, -44), (120, 0), (-3, -3), (900, 10)):
        x, y = x + dx, y + dy
        check(mirror, kept, Camera(scale, x, y), ratio)


@pytest.mark.parametrize("count", [1, 100])
@pytest.mark.parametrize("scale", [0.15, 0.5, 1.0])
def test_dragged_blocks_are_as_if_painted_anew(mirror, scale, count):
    kept = ScenePainter(mirror, DARK)
    camera = Camera(scale, -60.0, -60.0)
    ids = mirror.ids[20 : 20 + count]
    mirror.select(frozenset(ids))
    painted(kept, camera, 1.0, keep=True)
    for step in (0, 20, 40, 60, 200):
        mirror.preview_move(ids, float(step), step / 2)
        ours = painted(kept, camera, 1.0, keep=True).astype(int)
        anew = painted(ScenePainter(mirror, DARK), camera, 1.0, keep=False).astype(int)
        assert (np.abs(ours - anew).max(2) > 24).mean() < 0.01  # blocks that move are in front
    mirror.end_preview()
    check(mirror, kept, camera, 1.0)


def test_what_changes_meanwhile_is_seen(mirror):
    kept = ScenePainter(mirror, DARK)
    camera = Camera(1.0, -60.0, -60.0)
    for ids in (mirror.ids[:3], mirror.ids[3:9], []):
        mirror.select(frozenset(ids))
        check(mirror, kept, camera, 1.0)
