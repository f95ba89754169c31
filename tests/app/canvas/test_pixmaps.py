"""The store of painted pixmaps: each painted once, the oldest forgotten."""

import pytest
from PySide6.QtGui import QColor

from app.canvas.chrome import Chrome, margin_px
from app.canvas.looks import UNKNOWN_COLOUR
from app.canvas.pixmaps import PixmapCache
from app.canvas.traits import ERROR, SELECTED, UNKNOWN, WARNING
from app.theme import DARK, LIGHT

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_pixmap_is_painted_once():
    cache, painted = PixmapCache(), []
    first = cache.get("a", 10, 10, painted.append)
    assert cache.get("a", 10, 10, painted.append) is first
    assert len(painted) == 1


def test_what_was_not_used_for_longest_is_forgotten():
    cache, painted = PixmapCache(most_bytes=2 * 400), []

    def get(key):
        cache.get(key, 10, 10, lambda _: painted.append(key))

    for key in "abaca":
        get(key)
    assert painted == ["a", "b", "c"]
    get("b")
    assert painted == ["a", "b", "c", "b"]


def test_a_pixmap_larger_than_the_store_is_still_painted():
    cache = PixmapCache(most_bytes=4)
    assert cache.get("a", 50, 50, lambda _: None).width() == 50


def test_states_of_a_block_look_different():
    chrome = Chrome(DARK, PixmapCache())
    states = [0, SELECTED, ERROR, WARNING, ERROR | SELECTED]
    images = [chrome.pixmap(1, state, 1.0).toImage() for state in states]
    images.append(chrome.pixmap(UNKNOWN_COLOUR, UNKNOWN, 1.0).toImage())
    for place, image in enumerate(images):
        assert all(image != other for other in images[place + 1 :])


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("state", [ERROR, WARNING])
def test_a_badge_is_at_the_top_right(theme, state):
    image = Chrome(theme, PixmapCache()).pixmap(0, state, 1.0).toImage()
    margin = margin_px(1.0)
    wanted = theme.error if state == ERROR else theme.warn
    assert image.pixelColor(margin + 186 - 7, margin + 4) == QColor(wanted)


def test_a_body_is_as_large_as_its_scale_says():
    pixmap = Chrome(DARK, PixmapCache()).pixmap(0, 0, 2.0)
    assert (pixmap.width(), pixmap.height()) == (2 * 190 + 56, 2 * 66 + 56)
