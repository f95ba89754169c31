"""A drawing is walked, wired and left by keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.command_palette import CommandPalette
from graph.model import NodeId
from tests.drawing import chain

if TYPE_CHECKING:
    from app.window import Window

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
IDS = [NodeId(f"n{number}") for number in range(1, 5)]


@pytest.fixture
def walked(window: Window, qtbot) -> Window:
    assert window.session.apply("Draw", lambda _: chain("input conv2d relu output"))
    window.canvas.setFocus()
    qtbot.waitUntil(window.canvas.hasFocus)
    return window


def test_the_first_arrow_chooses_the_first_block_and_ctrl_follows_the_wires(
    walked: Window, qtbot
) -> None:
    canvas, session = walked.canvas, walked.session
    qtbot.keyClick(canvas, Key.Key_Down)
    assert session.selection == {IDS[0]}
    for id in IDS[1:]:
        qtbot.keyClick(canvas, Key.Key_Down, CTRL)
        assert session.selection == {id}
        assert canvas.accessibleDescription().startswith(session.document.node(id).name)
    qtbot.keyClick(canvas, Key.Key_Down, CTRL)
    assert session.selection == {IDS[3]}, "the walk ends where the wires end"
    qtbot.keyClick(canvas, Key.Key_Up, CTRL | SHIFT)
    assert session.selection == {IDS[2], IDS[3]}


def test_esc_lets_go_and_shift_tab_leaves_the_canvas(walked: Window, qtbot) -> None:
    qtbot.keyClick(walked.canvas, Key.Key_Down)
    qtbot.keyClick(walked.canvas, Key.Key_Escape)
    assert not walked.session.selection
    qtbot.keyClick(walked.canvas, Key.Key_Backtab, SHIFT)
    assert not walked.canvas.hasFocus()


def test_a_wire_is_drawn_and_the_keys_are_back_on_the_canvas(walked: Window, qtbot) -> None:
    walked.session.select([IDS[0]])
    qtbot.keyClick(walked.canvas, Key.Key_C)
    (palette,) = [p for p in walked.findChildren(CommandPalette) if p.isVisible()]
    qtbot.keyClicks(palette.field, "output")
    qtbot.keyClick(palette.field, Key.Key_Return)
    (edge,) = walked.session.document.graph.inputs_of(IDS[3])
    assert edge.source == IDS[0]
    qtbot.waitUntil(walked.canvas.hasFocus)
    walked.session.select([IDS[0]])
    qtbot.keyClick(walked.canvas, Key.Key_C)
    (palette,) = [p for p in walked.findChildren(CommandPalette) if p.isVisible()]
    qtbot.keyClick(palette, Key.Key_Escape)
    qtbot.waitUntil(walked.canvas.hasFocus)
