"""What canvases leave in the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.canvas.camera import Camera
from app.canvas.spots import Spot
from app.memory import MOST_BOOKMARKS, MOST_USED, bookmarks_of, with_bookmarks, with_used
from app.recovery import Journal
from app.settings import Settings, load_settings
from app.window import Window
from graph.composites.places import Step
from graph.fileio import save
from graph.model import NodeId
from tests.drawing import chain

if TYPE_CHECKING:
    from pathlib import Path

SPOT = Spot((Step("Hidden", NodeId("n7")),), 10.0, 20.0, 0.5)
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_kinds_that_were_used_last_come_first_and_once() -> None:
    settings = with_used(Settings(used=("relu", "dense")), ["dense"])
    assert settings.used == ("dense", "relu")
    many = with_used(Settings(), [f"kind{n}" for n in range(40)])
    assert len(many.used) == MOST_USED


def test_bookmarks_of_a_file_are_kept_apart_from_those_of_others() -> None:
    settings = with_bookmarks(Settings(), "/a.loom", {1: SPOT, 2: SPOT})
    settings = with_bookmarks(settings, "/b.loom", {1: SPOT})
    settings = with_bookmarks(settings, "/a.loom", {3: SPOT})
    assert bookmarks_of(settings, "/a.loom") == {3: SPOT}
    assert bookmarks_of(settings, "/b.loom") == {1: SPOT}


def test_lines_that_say_nothing_are_passed_over() -> None:
    settings = Settings(bookmarks=("", "[]", '["/a.loom", 1, "x"]', '["/a.loom", "1", null]'))
    assert bookmarks_of(settings, "/a.loom") == {}


def test_not_more_than_some_bookmarks_are_kept() -> None:
    settings = Settings()
    for number in range(40):
        settings = with_bookmarks(settings, f"/{number}", dict.fromkeys(range(1, 10), SPOT))
    assert len(settings.bookmarks) == MOST_BOOKMARKS
    assert bookmarks_of(settings, "/39") != {}


def test_a_block_that_is_added_is_offered_first_in_another_drawing(window: Window) -> None:
    window.canvas.add_block("gelu")
    window.files.new()
    assert window.canvas.editor.searches.used()[0] == "gelu"


def test_what_was_used_is_written_when_the_window_closes(window: Window, tmp_path: Path) -> None:
    window.canvas.add_block("gelu")
    window.session.mark_saved(tmp_path / "net.loom")
    window.close()
    assert load_settings()[0].used[0] == "gelu"


def test_what_was_used_is_at_hand_in_the_next_window(qtbot: QtBot) -> None:
    later = Window(Settings(used=("gelu", "gone-kind")), Journal())
    qtbot.addWidget(later)
    assert later.palette_panel.at_hand() == ["input", "conv2d", "dense", "relu", "gelu"]
    later.close()


def test_bookmarks_are_there_again_when_a_file_is_opened_again(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "net.loom"
    save(chain("input dense relu dense output"), path)
    window.files.open(path)
    window.canvas.setFocus()
    window.canvas.look(Camera(0.75, 100.0, 50.0))
    qtbot.keyClick(window.canvas, Qt.Key.Key_2, CTRL | SHIFT)
    middle = window.canvas.at(window.canvas.rect().center().toPointF())
    window.close_session(window.session)
    window.files.open(path)
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_2, CTRL)
    assert window.canvas.camera.scale == 0.75
    back = window.canvas.at(window.canvas.rect().center().toPointF())
    assert abs(back.x() - middle.x()) < 1
    assert abs(back.y() - middle.y()) < 1


def test_a_new_drawing_keeps_its_bookmarks_where_it_is_saved(
    window: Window, tmp_path: Path
) -> None:
    window.session.apply("Draw", lambda _: chain("input dense output"))
    window.canvas.editor.trail.set_bookmark(1)
    window.session.mark_saved(tmp_path / "new.loom")
    assert 1 in bookmarks_of(window.settings, str(tmp_path / "new.loom"))


def test_alt_left_goes_back(window: Window, qtbot: QtBot) -> None:
    window.session.apply("Draw", lambda _: chain("input dense output"))
    window.canvas.setFocus()
    window.canvas.look(Camera(1.0, 300.0, 60.0))
    window.canvas.editor.trail.arrive()
    window.canvas.look(Camera(1.0, 9000.0, 60.0))
    qtbot.keyClick(window.canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert abs(window.canvas.camera.dx - 300.0) < 1
