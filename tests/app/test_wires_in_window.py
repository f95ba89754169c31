"""Wires by the keys of the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.command_palette import CommandPalette
from graph import edits
from graph.fileio import load, save
from graph.model import NodeId
from tests.drawing import chain


@pytest.fixture
def session(window, tmp_path):
    """An opened file, the canvas with the focus."""
    path = tmp_path / "net.loom"
    save(edits.add(chain("input relu gelu"), "input", (400.0, 0.0)), path)
    opened = window.files.open(path)
    window.canvas.setFocus()
    return opened


def press(window, key, held=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window.canvas, key, held)


def via(session, id):
    return session.document.graph.inputs_of(NodeId(id))[0].via


def test_a_wire_is_led_by_keys_and_saved(window, session):
    press(window, Qt.Key.Key_E)
    assert {edge.target for edge in window.canvas.editor.chosen_edges} == {"n2"}
    press(window, Qt.Key.Key_B)
    press(window, Qt.Key.Key_Right)
    ((x, y),) = via(session, "n2")
    window.menus.actions["save"].trigger()
    read = load(session.path).document
    assert read.graph.inputs_of(NodeId("n2"))[0].via == ((x, y),)
    press(window, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    assert via(session, "n2") == ()
    assert not session.is_clean


def test_a_point_is_found_by_keys_and_deleted(window, session):
    session.select([NodeId("n3")])
    press(window, Qt.Key.Key_B)
    press(window, Qt.Key.Key_Escape)
    assert not window.canvas.editor.chosen_points
    press(window, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    assert {point.edge.target for point in window.canvas.editor.chosen_points} == {"n3"}
    press(window, Qt.Key.Key_Delete)
    assert via(session, "n3") == ()


def test_all_wires_of_a_block_are_moved_by_typing(window, session):
    session.select([NodeId("n1")])
    press(window, Qt.Key.Key_J)
    palette = window.findChild(CommandPalette)
    QTest.keyClicks(palette.field, "inputs2")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert session.document.graph.inputs_of(NodeId("n2"))[0].source == "n4"
    assert session.history.undo_label == "Re-route wire"


def test_leading_a_wire_changes_neither_code_nor_problems(window, session):
    code, problems = window.code.text, session.problems
    session.select([NodeId("n3")])
    press(window, Qt.Key.Key_B)
    assert via(session, "n3")
    assert (window.code.text, session.problems) == (code, problems)
