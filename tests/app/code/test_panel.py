"""The code panel beside a session."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.code import CodePanel
from app.derived import source_of
from app.session import Session
from app.theme import THEMES
from graph import edits
from graph.composites.making import make
from graph.model import Document, NodeId
from tests.drawing import chain, set_params

CONV = NodeId("n2")


def drawing() -> Document:
    """A small network that is ready to run."""
    return chain("input conv2d relu flatten dense output")


def text_of(session: Session) -> str:
    """The code of what a session has drawn."""
    source = source_of(session.document, session.typing, session.data_info)
    assert source is not None
    return source.text


@pytest.fixture
def session(qtbot: QtBot) -> Session:
    """A session on a small network."""
    return Session(drawing())


@pytest.fixture
def panel(qtbot: QtBot, session: Session) -> CodePanel:
    """A shown panel with the code of the session in it."""
    made = CodePanel()
    qtbot.addWidget(made)
    made.resize(600, 500)
    made.set_session(session)
    with qtbot.waitActive(made):
        made.show()
    wanted = text_of(session)
    qtbot.waitUntil(lambda: made.text + "\n" == wanted)
    return made


def line_of(panel: CodePanel, text: str) -> int:
    """The number, from 0, of the first line with that text in it."""
    return next(i for i, line in enumerate(panel.text.split("\n")) if text in line)


def test_an_edit_changes_the_code(panel: CodePanel, session: Session, qtbot: QtBot) -> None:
    assert "nn.Conv2d(1, 32, 3)" in panel.text
    session.apply("Set", lambda d: set_params(d, CONV, out_channels=17))
    qtbot.waitUntil(lambda: "nn.Conv2d(1, 17, 3)" in panel.text)
    assert panel.text + "\n" == text_of(session)


def test_many_edits_in_a_row_end_with_the_last(
    panel: CodePanel, session: Session, qtbot: QtBot
) -> None:
    for filters in range(2, 60):
        session.apply("Set", lambda d, f=filters: set_params(d, CONV, out_channels=f), "spin")
    qtbot.waitUntil(lambda: "nn.Conv2d(1, 59, 3)" in panel.text)


def test_a_hidden_panel_writes_nothing_until_it_is_shown(
    panel: CodePanel, session: Session, qtbot: QtBot
) -> None:
    panel.hide()
    before = panel.text
    session.apply("Set", lambda d: set_params(d, CONV, out_channels=9))
    assert panel.text == before
    panel.show()
    qtbot.waitUntil(lambda: "nn.Conv2d(1, 9, 3)" in panel.text)


def test_selected_blocks_have_their_lines_marked_in_their_colour(
    panel: CodePanel, session: Session
) -> None:
    session.select([CONV])
    made, used = line_of(panel, "nn.Conv2d"), line_of(panel, "self.conv(")
    tone = THEMES["dark"].categories["conv"]
    assert panel.view.marks == {made: tone, used: tone}
    assert panel.view.current_line() == made
    session.select([])
    assert panel.view.marks == {}


def test_entering_a_composite_brings_its_class_into_view(
    panel: CodePanel, session: Session, qtbot: QtBot
) -> None:
    part = edits.next_node_id(session.document)
    session.apply("Make", partial(make, ids=[CONV, NodeId("n3")], name="Part"))
    qtbot.waitUntil(lambda: "class Part" in panel.text)
    session.select([part])
    assert panel.view.current_line() == line_of(panel, "= Part(")
    session.enter(part)
    assert panel.view.current_line() == line_of(panel, "nn.Conv2d")
    assert not panel.view.marks and not session.selection


def test_a_panel_that_is_shown_again_marks_what_was_selected_meanwhile(
    panel: CodePanel, session: Session
) -> None:
    panel.hide()
    session.select([CONV])
    assert panel.view.marks == {}
    panel.show()
    assert set(panel.view.marks) == {line_of(panel, "nn.Conv2d"), line_of(panel, "self.conv(")}


def test_the_cursor_selects_the_block_of_its_line(
    panel: CodePanel, session: Session, qtbot: QtBot
) -> None:
    panel.view.setFocus()
    panel.view.reveal([line_of(panel, "nn.Conv2d") - 1])
    with qtbot.waitSignal(panel.node_under_cursor) as told:
        qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    assert told.args == [CONV]
    assert session.selection == {CONV}


def test_a_line_of_no_block_leaves_the_selection_alone(
    panel: CodePanel, session: Session, qtbot: QtBot
) -> None:
    session.select([CONV])
    panel.view.reveal([line_of(panel, "class Model") - 1])
    with qtbot.waitSignal(panel.node_under_cursor) as told:
        qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    assert told.args == [None]
    assert session.selection == {CONV}


def test_selecting_on_the_canvas_and_new_code_emit_nothing(
    panel: CodePanel, session: Session, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(panel.node_under_cursor):
        session.select([NodeId("n5")])
        session.apply("Set", lambda d: set_params(d, CONV, out_channels=5))
        qtbot.waitUntil(lambda: "nn.Conv2d(1, 5, 3)" in panel.text)
    assert session.selection == {"n5"}


def test_an_added_and_selected_block_is_marked_once_its_lines_are_there(
    panel: CodePanel, session: Session, qtbot: QtBot
) -> None:
    from graph.surgery import insert

    edge = session.document.graph.inputs_of(NodeId("n4"))[0]
    new = edits.next_node_id(session.document)
    session.apply("Insert", lambda d: insert(d, edge, "batch_norm"))
    session.select([new])
    qtbot.waitUntil(lambda: len(panel.view.marks) == 2)
    assert panel.view.current_line() in panel.view.marks


def test_an_unfinished_drawing_says_how_many_blocks_are_left_out_and_leads_to_them(
    panel: CodePanel, session: Session, qtbot: QtBot
) -> None:
    assert panel.unfinished.isHidden()
    session.apply("Set", lambda d: set_params(d, CONV, kernel_size=(99, 99)))
    qtbot.waitUntil(panel.unfinished.isVisible)
    waiting = 4  # ReLU, Flatten, Dense and Output
    assert panel.unfinished.text() == f"Unfinished: {1 + waiting} blocks are left out"
    with qtbot.waitSignal(panel.node_under_cursor) as told:
        qtbot.mouseClick(panel.unfinished, Qt.MouseButton.LeftButton)
    assert told.args == [CONV]
    assert session.selection == {CONV}
    session.undo()
    qtbot.waitUntil(panel.unfinished.isHidden)


def test_the_cursor_stays_with_its_block_when_that_is_left_out(
    panel: CodePanel, session: Session, qtbot: QtBot
) -> None:
    session.select([CONV])
    session.apply("Set", lambda d: set_params(d, CONV, kernel_size=(99, 99)))
    qtbot.waitUntil(lambda: "does not fit" in panel.text)
    assert panel.view.current_line() == line_of(panel, "does not fit")


def test_an_empty_drawing_says_what_will_be_here(
    panel: CodePanel, session: Session, qtbot: QtBot
) -> None:
    session.apply("Clear", lambda d: edits.remove(d, list(d.graph.nodes)))
    qtbot.waitUntil(panel.empty.isVisible)
    assert panel.view.isHidden()
    session.undo()
    qtbot.waitUntil(panel.view.isVisible)
    assert "nn.Conv2d(1, 32, 3)" in panel.text


def test_another_session_starts_at_its_top_without_flashing(
    panel: CodePanel, session: Session, qtbot: QtBot
) -> None:
    session.select([CONV])
    other = Session(chain("input dense output"))
    panel.set_session(other)
    qtbot.waitUntil(lambda: "Conv2d" not in panel.text)
    assert panel.view.current_line() == 0
    assert not panel.view.flashed
    session.apply("Set", lambda d: set_params(d, CONV, out_channels=5))
    assert "Conv2d" not in panel.text


def test_copy_takes_the_selected_code_or_all_of_it(panel: CodePanel, session: Session) -> None:
    clipboard = QGuiApplication.clipboard()
    panel.copy()
    assert clipboard.text() == text_of(session)
    cursor = panel.view.textCursor()
    cursor.setPosition(0)
    cursor.setPosition(20, cursor.MoveMode.KeepAnchor)
    panel.view.setTextCursor(cursor)
    panel.copy()
    assert clipboard.text() == text_of(session)[:20]
    clipboard.clear()


def test_ctrl_f_finds_text_in_the_code_and_escape_goes_back(panel: CodePanel, qtbot: QtBot) -> None:
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert panel.find_bar.isVisible()
    qtbot.keyClicks(panel.find_bar.field, "CONV(")
    assert panel.view.textCursor().selectedText() == "conv("
    assert panel.find_bar.count.text() == "1 of 1"
    panel.find_bar.field.setText("self.")
    total = panel.text.count("self.")
    assert panel.find_bar.count.text().endswith(f"of {total}")
    for _ in range(total):
        qtbot.keyClick(panel.find_bar.field, Qt.Key.Key_Return)
    assert panel.view.textCursor().selectedText() == "self."
    panel.find_bar.field.setText("nowhere")
    assert panel.find_bar.count.text() == "No match"
    qtbot.keyClick(panel.find_bar.field, Qt.Key.Key_Escape)
    assert panel.find_bar.isHidden()
    qtbot.waitUntil(panel.view.hasFocus)


def test_finding_text_selects_no_blocks(panel: CodePanel, session: Session, qtbot: QtBot) -> None:
    panel.open_find()
    panel.find_bar.field.setText("self.conv(")
    assert panel.view.textCursor().selectedText() == "self.conv("
    assert session.selection == frozenset()


def test_wrap_breaks_long_lines(panel: CodePanel, qtbot: QtBot) -> None:
    panel.resize(180, 400)
    assert panel.view.horizontalScrollBar().maximum() > 0
    qtbot.mouseClick(panel.wrap, Qt.MouseButton.LeftButton)
    assert panel.view.horizontalScrollBar().maximum() == 0


def test_a_renamed_document_is_renamed_in_the_code(
    panel: CodePanel, session: Session, qtbot: QtBot
) -> None:
    session.apply("Rename", partial(edits.rename_document, name="Little net"))
    qtbot.waitUntil(lambda: panel.text.startswith('"""Little net."""'))
