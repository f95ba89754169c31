"""How drawings look and feel, from the settings onto every canvas."""

from __future__ import annotations

import pytest

from app.canvas.options import Options, Others
from app.canvas_options import options_of
from app.settings import Settings, load_settings
from app.window import Window
from tests.drawing import chain


def test_settings_say_how_drawings_look() -> None:
    assert options_of(Settings()) == Options(animated=True)
    chosen = Settings(wires="straight", other_wires="faded", snapping="off", motion="reduced")
    assert options_of(chosen) == Options(True, Others.FADED, snaps=False, animated=False)


def test_words_of_a_newer_version_count_as_the_default() -> None:
    odd = Settings(wires="round", other_wires="glow", snapping="3", motion="fast")
    assert options_of(odd) == Options(animated=True)


@pytest.mark.parametrize(
    ("action", "look"),
    [
        ("straight-wires", Options(straight=True, animated=True)),
        ("fade-wires", Options(others=Others.FADED, animated=True)),
        ("hide-wires", Options(others=Others.HIDDEN, animated=True)),
        ("snapping", Options(snaps=False, animated=True)),
        ("reduced-motion", Options()),
    ],
)
def test_an_action_changes_every_canvas_and_is_remembered(
    window: Window, action: str, look: Options
) -> None:
    first = window.canvas
    window.files.new()
    was_checked = window.menus.actions[action].isChecked()
    window.menus.actions[action].trigger()
    assert first.options == window.canvas.options == look
    assert options_of(load_settings()[0]) == look
    assert window.menus.actions[action].isChecked() is not was_checked
    window.files.new()
    assert window.canvas.options == look, "a new document looks like the others"
    window.menus.actions[action].trigger()
    assert window.canvas.options == Options(animated=True)


def test_reduced_motion_stills_the_panels_and_the_code_too(window: Window, qtbot) -> None:
    assert window.isAnimated()
    window.menus.actions["reduced-motion"].trigger()
    assert not window.isAnimated()
    window.docks.bring_up(window.docks.code)
    window.session.apply("Draw", lambda _: chain("input dense output"))
    qtbot.waitUntil(lambda: bool(window.code.view.toPlainText()))
    window.session.apply("Draw", lambda _: chain("input dense relu output"))
    qtbot.waitUntil(lambda: "relu" in window.code.view.toPlainText())
    assert not window.code.view.flashed
