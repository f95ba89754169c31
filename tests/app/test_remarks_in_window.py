"""Frames and notes by the menus and keys of the window; what is half written is not lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMessageBox, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.session import Session
from app.window import Window
from graph.fileio import load, save
from graph.model import NodeId
from graph.remarks import Note
from tests.drawing import chain


@pytest.fixture
def session(window: Window, tmp_path: Path) -> Session:
    """An opened file, the canvas with the focus."""
    path = tmp_path / "net.loom"
    save(chain("input dense output"), path)
    opened = window.files.open(path)
    assert opened is not None
    window.canvas.setFocus()
    return opened


def begin_note(window: Window, qtbot: QtBot) -> QPlainTextEdit:
    """Adds a note and writes half of it."""
    window.menus.actions["add-note"].trigger()
    field = window.focusWidget()
    assert isinstance(field, QPlainTextEdit)
    qtbot.keyClicks(field, "half a **th")
    return field


def texts(session: Session) -> list[str]:
    return [n.text for n in session.document.graph.remarks.values() if isinstance(n, Note)]


def test_saving_takes_half_a_note_and_leaves_the_cursor_there(
    window: Window, session: Session, qtbot: QtBot
) -> None:
    field = begin_note(window, qtbot)
    window.menus.actions["save"].trigger()
    assert session.path is not None and session.is_clean
    assert [n.text for n in load(session.path).document.graph.remarks.values()
            if isinstance(n, Note)] == ["half a **th"]  # fmt: skip
    assert window.focusWidget() is field
    qtbot.keyClicks(field, "ought**")
    window.menus.actions["save"].trigger()
    assert texts(session) == ["half a **thought**"]


def test_closing_asks_about_half_a_note(window: Window, session: Session, qtbot: QtBot) -> None:
    begin_note(window, qtbot)
    window.menus.actions["save"].trigger()
    qtbot.keyClicks(window.focusWidget(), "ought")
    window.menus.actions["close"].trigger()
    (box,) = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    assert "net.loom" in box.text()
    assert texts(session) == ["half a **thought"]
    box.button(QMessageBox.StandardButton.Cancel).click()


def test_another_tab_keeps_half_a_note(window: Window, session: Session, qtbot: QtBot) -> None:
    begin_note(window, qtbot)
    window.menus.actions["new"].trigger()
    assert texts(session) == ["half a **th"]
    assert window.session is not session


def test_the_menu_frames_what_is_selected(window: Window, session: Session, qtbot: QtBot) -> None:
    assert not window.menus.actions["frame-selection"].isEnabled()
    session.select([NodeId("n2")])
    window.menus.actions["frame-selection"].trigger()
    field = window.focusWidget()
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "Head\r")
    (frame,) = session.document.graph.remarks.values()
    assert session.chosen_remarks == {frame.id}
    assert window.menus.actions["duplicate"].isEnabled()
    assert not window.menus.actions["make-composite"].isEnabled()
    window.menus.actions["delete"].trigger()
    assert not session.document.graph.remarks
    assert len(session.document.graph.nodes) == 3


def test_keys_of_the_canvas_are_letters_while_one_writes(
    window: Window, session: Session, qtbot: QtBot
) -> None:
    field = begin_note(window, qtbot)
    qtbot.keyClicks(field, " N M L R C Q")
    for key in (Qt.Key.Key_D, Qt.Key.Key_J, Qt.Key.Key_M, Qt.Key.Key_A, Qt.Key.Key_X):
        QTest.keyClick(field, key, Qt.KeyboardModifier.ControlModifier)
    assert len(session.document.graph.remarks) == 1
    assert field.toPlainText() == "", "all of the text was chosen and cut"
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.toPlainText() == "half a **th N M L R C Q"


def test_notes_change_no_code_and_no_problems(
    window: Window, session: Session, qtbot: QtBot
) -> None:
    typing, problems = session.typing, session.problems
    begin_note(window, qtbot)
    window.canvas.editor.close_fields()
    assert texts(session) == ["half a **th"]
    assert session.typing is typing
    assert session.problems is problems
