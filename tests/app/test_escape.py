"""What Esc closes, cancels and leaves, one thing at a time."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.forms import FieldRow
from app.messages import Message
from app.window import Window
from graph import edits


def draw(window: Window, kind: str = "relu") -> None:
    """Changes the document in front."""
    assert window.session.apply("Add", lambda document: edits.add(document, kind))


def test_esc_closes_the_newest_message_before_it_selects_nothing(
    window: Window, qtbot: QtBot
) -> None:
    draw(window)
    window.session.select(window.session.document.graph.nodes)
    window.tell(Message("One."))
    window.tell(Message("Two."))
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert [message.text for message in window.messages.messages] == ["One."]
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not window.messages.messages
    assert window.session.selection
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not window.session.selection


def test_esc_closes_a_message_from_any_part_that_does_not_need_it(
    window: Window, qtbot: QtBot
) -> None:
    window.tell(Message("One."))
    qtbot.keyClick(window.training.header.train, Qt.Key.Key_Escape)
    assert not window.messages.messages


def test_esc_goes_back_to_the_canvas_once_nothing_is_left_to_put_back(
    window: Window, qtbot: QtBot
) -> None:
    draw(window, "dense")
    (dense,) = window.session.document.graph.nodes
    window.session.select([dense])
    (row,) = [row for row in window.inspector.findChildren(FieldRow)
              if row.isVisible() and row.param.name == "features"]  # fmt: skip
    line = row.field.focus_widget()
    line.setFocus()
    qtbot.keyClicks(line, "12")
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert line.hasFocus()
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert window.canvas.hasFocus()
    assert window.session.selection == {dense}


def test_a_gesture_is_cancelled_before_a_message_is_closed(window: Window, qtbot: QtBot) -> None:
    window.tell(Message("One."))
    middle = window.canvas.rect().center()
    qtbot.mousePress(window.canvas, Qt.MouseButton.MiddleButton, pos=middle)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not window.canvas.is_busy()
    assert window.messages.messages
