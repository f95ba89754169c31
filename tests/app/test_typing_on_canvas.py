"""Whoever types in a field on the canvas gives no commands to the canvas by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.canvas.param_strip import ParamStrip
from app.canvas.rename import NameField
from graph.model import NodeId
from tests.drawing import chain, set_params

if TYPE_CHECKING:
    from app.window import Window

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
CONV = NodeId("n2")
OF_CANVAS = [(Qt.Key.Key_D, CTRL), (Qt.Key.Key_B, CTRL), (Qt.Key.Key_A, ALT), (Qt.Key.Key_M, SHIFT)]


@pytest.fixture
def drawn(window: Window) -> Window:
    document = set_params(chain("input conv2d relu output"), "n1", shape="3, 28, 28")
    window.session.apply("Draw", lambda _: document)
    window.session.select([CONV])
    window.canvas.setFocus()
    return window


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifiers)


def holds_focus(part: QWidget) -> bool:
    return part.isAncestorOf(QApplication.focusWidget())


def test_a_name_that_is_typed_is_no_command(drawn: Window) -> None:
    drawn.canvas.rename_selected()
    (field,) = drawn.canvas.findChildren(NameField)
    before = drawn.session.document.graph
    for key, modifiers in OF_CANVAS:
        press(key, modifiers)
        assert drawn.session.document.graph is before, key
        assert holds_focus(field)


def test_the_same_key_is_a_command_on_the_canvas(drawn: Window) -> None:
    press(Qt.Key.Key_D, CTRL)
    assert len(drawn.session.document.graph.nodes) == 5


def test_a_key_given_by_a_person_is_kept_from_the_canvas_too(drawn: Window) -> None:
    drawn.menus.actions["duplicate"].setShortcut("Ctrl+J")
    drawn.canvas.rename_selected()
    press(Qt.Key.Key_J, CTRL)
    assert len(drawn.session.document.graph.nodes) == 4


def test_commands_of_the_window_go_on_from_a_name(drawn: Window) -> None:
    told: list[bool] = []
    drawn.menus.actions["check"].triggered.connect(lambda: told.append(True))
    drawn.canvas.rename_selected()
    press(Qt.Key.Key_F7, Qt.KeyboardModifier.NoModifier)
    assert told == [True]


def test_values_that_are_typed_on_a_block_are_no_commands(drawn: Window) -> None:
    drawn.menus.actions["edit-parameters"].trigger()
    (strip,) = drawn.canvas.findChildren(ParamStrip)
    assert holds_focus(strip)
    press(Qt.Key.Key_D, CTRL)
    assert len(drawn.session.document.graph.nodes) == 4


def test_what_is_typed_in_the_search_is_no_command(drawn: Window) -> None:
    drawn.canvas.focus_search()
    press(Qt.Key.Key_D, CTRL)
    assert len(drawn.session.document.graph.nodes) == 4
