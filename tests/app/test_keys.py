"""The keys of actions: declared, given by a person, and in the way of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.actions import ACTIONS, BY_ID
from app.canvas.menus import canvas_menu
from app.key_editor import KeyEditor
from app.key_overlay import ShortcutOverlay
from app.key_texts import in_page, in_use
from app.keys import (
    CANVAS_KEYS,
    as_declared,
    custom_in,
    keys_of,
    lines_of,
    take_into_use,
    why_not_take,
    with_key,
    without_key,
)
from app.settings import load_settings
from tests.drawing import chain

if TYPE_CHECKING:
    from app.window import Window

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
FIND, FIT, REDO = BY_ID["find"], BY_ID["fit"], BY_ID["redo"]


def keys(action, custom):
    return [key.toString() for key in keys_of(action, custom)]


def test_an_action_has_its_declared_keys_until_it_gets_others(qapp: QApplication) -> None:
    assert keys(FIT, {}) == ["F"]
    custom = with_key({}, FIT, QKeySequence("Shift+X"))
    assert keys(FIT, custom) == ["Shift+X"]
    assert keys(FIT, as_declared(custom, FIT)) == ["F"]


def test_another_first_key_leaves_the_others(qapp: QApplication) -> None:
    before = keys(REDO, {})
    assert keys(REDO, with_key({}, REDO, QKeySequence("F12"))) == ["F12", *before[1:]]


def test_the_declared_key_typed_again_is_no_choice_of_a_person(qapp: QApplication) -> None:
    custom = with_key({}, FIT, QKeySequence("Shift+X"))
    assert with_key(custom, FIT, QKeySequence("F")) == {}


def test_an_empty_key_takes_all_away(qapp: QApplication) -> None:
    assert keys(REDO, with_key({}, REDO, QKeySequence())) == []


def test_what_is_chosen_is_written_and_read_back(qapp: QApplication) -> None:
    custom = {"fit": ("Shift+X",), "find": (), "redo": ("Ctrl+Y", "F12")}
    assert custom_in(lines_of(custom)) == custom
    assert custom_in(("unknown\tCtrl+U", "")) == {"unknown": ("Ctrl+U",), "": ()}


def test_a_key_of_another_action_is_refused_by_its_name(qapp: QApplication) -> None:
    reason, other = why_not_take(FIT, QKeySequence("Ctrl+F"), ACTIONS, {})
    assert "Find in the drawing" in reason
    assert other is FIND
    freed = without_key({}, FIND, QKeySequence("Ctrl+F"))
    assert why_not_take(FIT, QKeySequence("Ctrl+F"), ACTIONS, freed) == ("", None)


@pytest.mark.parametrize("key", CANVAS_KEYS)
def test_keys_of_the_canvas_itself_are_refused(qapp: QApplication, key: str) -> None:
    reason, other = why_not_take(FIT, QKeySequence(key), ACTIONS, {})
    assert reason
    assert other is None


def test_no_action_declares_a_key_of_the_canvas_itself(qapp: QApplication) -> None:
    declared = {key.toString() for action in ACTIONS for key in keys_of(action, {})}
    assert declared.isdisjoint(CANVAS_KEYS)


def test_a_letter_alone_is_no_key_for_the_whole_window(qapp: QApplication) -> None:
    assert why_not_take(FIND, QKeySequence("Y"), ACTIONS, {})[0]
    assert why_not_take(FIND, QKeySequence("Shift+Y"), ACTIONS, {})[0]
    assert not why_not_take(FIT, QKeySequence("Y"), ACTIONS, {})[0]
    assert not why_not_take(FIND, QKeySequence("F12"), ACTIONS, {})[0]


def test_texts_say_the_key_that_is_in_use(qapp: QApplication) -> None:
    take_into_use(ACTIONS, {"fit": ("Shift+X",), "copy": ()})
    assert in_use("F") == "Shift+X"
    assert in_use("Ctrl+C") == ""
    assert in_use("Tab") == "Tab"
    take_into_use(ACTIONS, {})
    assert in_use("F") == "F"


def editor_of(window: Window) -> KeyEditor:
    window.menus.actions["change-shortcuts"].trigger()
    editor = window.findChild(KeyEditor)
    assert isinstance(editor, KeyEditor)
    return editor


def press(qtbot: QtBot, editor: KeyEditor, id: str, key: Qt.Key, held: object) -> None:
    """Types a key into the field of an action, and waits until the field takes it."""
    edit = editor.rows[id].edit
    with qtbot.waitSignal(edit.editingFinished):
        qtbot.keyClick(edit, key, held)


def shortcut(window: Window, id: str) -> str:
    return window.menus.actions[id].shortcut().toString()


def test_a_key_that_is_typed_counts_at_once_everywhere(window: Window, qtbot: QtBot) -> None:
    window.session.apply("Draw", lambda _: chain("input dense output"))
    editor = editor_of(window)
    press(qtbot, editor, "find", Qt.Key.Key_J, CTRL | ALT)
    assert shortcut(window, "find") == "Ctrl+Alt+J"
    assert "Ctrl+Alt+J" in window.menus.actions["find"].toolTip()
    assert load_settings()[0].shortcuts == ("find\tCtrl+Alt+J",)
    editor.close()
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_F, CTRL)
    assert window.canvas.editor.find_bar.isHidden()
    qtbot.keyClick(window.canvas, Qt.Key.Key_J, CTRL | ALT)
    assert window.canvas.editor.find_bar.isVisible()


def test_a_conflict_is_named_and_the_key_can_be_taken_over(window: Window, qtbot: QtBot) -> None:
    editor = editor_of(window)
    row = editor.rows["fit"]
    press(qtbot, editor, "fit", Qt.Key.Key_F, CTRL)
    assert "Find in the drawing" in row.problem.text()
    assert shortcut(window, "fit") == "F"
    row.take_over.click()
    assert shortcut(window, "fit") == "Ctrl+F"
    assert shortcut(window, "find") == ""
    assert row.problem.isHidden()
    editor.rows["find"].reset.click()
    assert "Fit drawing" in editor.rows["find"].problem.text(), "it is not taken back unasked"
    row.reset.click()
    editor.rows["find"].reset.click()
    assert shortcut(window, "find") == "Ctrl+F"
    assert window.settings.shortcuts == ()


def test_keys_are_taken_away_and_all_are_reset_at_once(window: Window, qtbot: QtBot) -> None:
    editor = editor_of(window)
    press(qtbot, editor, "fit", Qt.Key.Key_F11, CTRL)
    editor.rows["redo"].none.click()
    assert window.menus.actions["redo"].shortcuts() == []
    window.canvas.refresh()
    assert "Ctrl+F11" in window.canvas.foot_bar.fit.text()
    menu = canvas_menu(window.canvas.editor, window.session, QPointF(5, 5))
    assert "Fit drawing\tCtrl+F11" in [action.text() for action in menu.actions()]
    menu.deleteLater()
    press(qtbot, editor, "train", Qt.Key.Key_F12, CTRL)
    assert window.training.header.train.toolTip().endswith("Ctrl+F12")
    overlay = ShortcutOverlay(window)
    overlay.show()
    overlay.field.setText("ctrl+f11")
    assert overlay.shown() == ["Fit drawing"]
    overlay.close()
    editor.reset_all.click()
    assert window.settings.shortcuts == ()
    assert editor.rows["fit"].edit.keySequence().toString() == "F"
    assert shortcut(window, "redo") != ""


def test_the_overlay_lists_everything_and_finds_by_word_and_key(window: Window) -> None:
    overlay = ShortcutOverlay(window)
    overlay.show()
    listed = overlay.shown()
    for action in ACTIONS:
        assert action.title.rstrip("…") in listed, action.id
    overlay.field.setText("zoom")
    assert "Zoom to selection" in overlay.shown()
    assert "Copy" not in overlay.shown()
    overlay.field.setText("ctrl+f")
    assert "Find in the drawing" in overlay.shown()
    overlay.field.setText("zebra")
    assert overlay.shown() == []
    assert "zebra" in overlay.nothing.text()
    overlay.close()


def test_a_question_mark_on_the_canvas_opens_the_overlay(window: Window, qtbot: QtBot) -> None:
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_Question, SHIFT)
    assert window.findChild(ShortcutOverlay) is not None


def test_help_says_the_keys_that_are_in_use(qapp: QApplication) -> None:
    page = "Press **Ctrl+F** or **F**, Ctrl+F too; `Ctrl+F` is typed.\n| Find | Ctrl+F |"
    take_into_use(ACTIONS, with_key({}, FIND, QKeySequence("F12")))
    said = in_page(page)
    assert said.startswith("Press **F12** or **F**, F12 too; `Ctrl+F` is typed")
    assert said.endswith("| Find | F12 |")
    take_into_use(ACTIONS, with_key({}, FIND, QKeySequence()))
    assert in_page("Press **Ctrl+F**.") == "Press **(no key)**."
    take_into_use(ACTIONS, {})
    assert in_page(page) == page
