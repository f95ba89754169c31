"""What stands around the canvas: panels, messages, the top bar, and where the keys go."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDockWidget
from pytestqt.qtbot import QtBot

from app.command_palette import CommandPalette
from app.examples import examples
from app.export_dialog import ExportDialog
from app.messages import Message
from app.recovery import Journal
from app.theme import THEMES
from app.window import Window
from graph import edits
from tests.drawing import chain

CTRL = Qt.KeyboardModifier.ControlModifier


def draw(window: Window, kind: str = "relu") -> None:
    """Changes the document in front."""
    assert window.session.apply("Add", lambda document: edits.add(document, kind))


def test_pause_says_what_it_does_next(window: Window, qtbot: QtBot) -> None:
    example = next(example for example in examples() if example.path.stem == "iris-mlp")
    window.files.open_example(example)
    qtbot.waitUntil(lambda: window.session.data_info is not None)
    pause = window.menus.actions["pause"]
    window.menus.actions["train"].trigger()
    qtbot.waitUntil(lambda: pause.isEnabled(), timeout=60_000)
    assert pause.text() == "Pause"
    pause.trigger()
    assert pause.text() == "Continue"
    assert window.top_bar.pause.text() == "Continue"
    window.training.pause_or_resume()
    assert pause.text() == "Pause"
    window.training.stop()
    qtbot.waitUntil(lambda: not window.is_training, timeout=60_000)


@pytest.mark.parametrize("key", [Qt.Key.Key_K, Qt.Key.Key_E])
def test_keys_of_commands_work_while_a_field_has_the_cursor(
    window: Window, qtbot: QtBot, key: Qt.Key
) -> None:
    draw(window)
    window.palette_panel.focus_search()
    qtbot.keyClicks(window.palette_panel.search, "dense")
    qtbot.keyClick(window.palette_panel.search, key, CTRL)
    kind = CommandPalette if key == Qt.Key.Key_K else ExportDialog
    (dialog,) = [found for found in window.findChildren(kind) if found.isVisible()]
    dialog.close()
    assert window.palette_panel.search.text() == "dense"


def test_a_fix_in_the_status_bar_leaves_the_keys_to_the_canvas(
    window: Window, qtbot: QtBot
) -> None:
    window.session.apply("Draw", lambda _: chain("input dense mse"))
    window.canvas.setFocus()
    assert window.status.fix.text() == "Add a Target"
    qtbot.mouseClick(window.status.fix, Qt.MouseButton.LeftButton)
    assert window.canvas.hasFocus()
    window.session.undo()
    window.status.fix.setFocus()
    qtbot.keyClick(window.status.fix, Qt.Key.Key_Space)
    assert window.canvas.hasFocus()


def test_a_theme_like_the_desktop_follows_it(window: Window) -> None:
    changed = QGuiApplication.styleHints().colorSchemeChanged
    window.choose_theme("system")
    changed.emit(Qt.ColorScheme.Light)
    assert window.theme is window.canvas.theme is THEMES["light"]
    changed.emit(Qt.ColorScheme.Dark)
    assert window.theme is THEMES["dark"]
    window.choose_theme("light")
    changed.emit(Qt.ColorScheme.Dark)
    assert window.theme is THEMES["light"]


def test_tabbed_panels_have_no_second_title_after_a_reset(window: Window, qtbot: QtBot) -> None:
    docks = window.docks
    docks.problems.setFloating(True)
    docks.palette.hide()
    window.reset_docks()
    assert docks.palette.isVisible()
    tabbed = (docks.training, docks.problems, docks.code)
    qtbot.waitUntil(lambda: all(_title_height(dock) == 0 for dock in tabbed))
    assert _title_height(docks.inspector) > 0


def _title_height(dock: QDockWidget) -> int:
    title = dock.titleBarWidget()
    assert title is not None
    return title.sizeHint().height()


def test_a_panel_that_floated_floats_again_over_the_next_window(
    window: Window, qtbot: QtBot
) -> None:
    window.docks.inspector.setFloating(True)
    window.docks.code.hide()
    again = Window(replace(window.settings, docks=window.docks.state()), Journal())
    qtbot.addWidget(again)
    with qtbot.waitSignal(again.painted):
        again.show()
    inspector = again.docks.inspector
    assert inspector.isFloating()
    assert inspector.isVisible()
    assert inspector.windowHandle().transientParent() is again.windowHandle()
    assert again.docks.code.isHidden()


def test_why_training_cannot_start_is_told_until_the_drawing_changes(window: Window) -> None:
    draw(window, "dense")
    window.tell(Message("The disk is full.", "error"))
    window.train()
    assert window.messages.messages[-1].text.startswith("Training cannot start.")
    draw(window, "relu")
    assert [message.text for message in window.messages.messages] == ["The disk is full."]


def test_a_long_title_leaves_room_for_the_buttons(window: Window) -> None:
    window.resize(1024, 700)
    name = "a very long name for a drawing " * 6
    window.session.apply("Rename", lambda document: edits.rename_document(document, name))
    bar = window.top_bar
    assert bar.train.isVisible()
    assert bar.train.mapTo(bar, bar.train.rect().topRight()).x() <= bar.width()


def test_messages_stay_below_the_tabs_and_with_their_document(window: Window, qtbot: QtBot) -> None:
    draw(window)
    first = window.session
    window.tell(Message("The disk is full.", "error"))
    first.message.emit(Message("The run failed.", "error"))
    both = window.messages.height()
    window.files.new()
    qtbot.waitUntil(lambda: window.messages.y() >= window.tabs.tabBar().height())
    assert window.messages.height() < both
    first.message.emit(Message("Untitled: it has finished.", "warning"))
    assert window.messages.height() >= both
    window.tabs.show_session(first)
    assert window.messages.height() > both
