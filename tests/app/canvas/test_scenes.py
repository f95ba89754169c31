"""The canvas looks as it did: scenes are compared with pictures that were looked at."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage

from graph import edits
from graph.model import NodeId
from tests.app.canvas.scenes import FOLDER, FONTS, SCENES, fonts, glance, render

MOST_ON_AVERAGE = 0.6
MOST_AT_ONE_PLACE = 24.0
MOST_BYTES = 1_000_000
BY_NAME = {scene.name: scene for scene in SCENES}


@pytest.fixture(autouse=True)
def same_fonts(qapp):
    if fonts() != FONTS.read_text().strip():
        pytest.skip("The fonts here are others than those of the kept pictures (`make scenes`).")


def differences(scene, picture):
    """How far a picture is from the kept one: on average, and where it differs most."""
    kept = QImage(str(FOLDER / f"{scene.name}.png"))
    away = np.abs(glance(picture) - glance(kept))
    return away.mean(), away.max()


def looks_the_same(scene, picture):
    mean, most = differences(scene, picture)
    return bool(mean <= MOST_ON_AVERAGE and most <= MOST_AT_ONE_PLACE)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_scene_looks_as_it_did(scene):
    assert looks_the_same(scene, render(scene)), differences(scene, render(scene))


def test_another_colour_of_one_category_is_noticed():
    scene = BY_NAME["dark"]
    colours = dict.fromkeys(scene.theme.categories, "#ff00ff")
    assert not looks_the_same(scene, render(scene, replace(scene.theme, categories=colours)))


def test_a_block_that_stands_a_little_aside_is_noticed():
    scene = BY_NAME["dark"]
    aside = render(
        scene, change=lambda document: edits.move(document, {NodeId("n6"): (284.0, 110.0)})
    )
    assert not looks_the_same(scene, aside)


def test_a_wire_that_is_gone_is_noticed():
    scene = BY_NAME["dark"]
    cut = render(scene, change=lambda d: edits.disconnect(d, d.graph.edges_into(NodeId("n5"), "x")))
    assert not looks_the_same(scene, cut)


def test_the_kept_pictures_are_small_and_each_belongs_to_a_scene():
    pictures = sorted(FOLDER.glob("*.png"))
    assert [path.stem for path in pictures] == sorted(BY_NAME)
    assert sum(path.stat().st_size for path in pictures) < MOST_BYTES
