"""Messages lie over the canvas: they come and go without moving it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.messages import MARGIN_PX, WIDEST_PX, Choice, Message, MessageBar
from app.theme import DARK, blended


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    host = QWidget()
    host.resize(1000, 600)
    qtbot.addWidget(host)
    host.show()
    return host


def test_a_message_lies_in_the_middle_below_the_tabs(host: QWidget) -> None:
    bar = MessageBar(DARK, host, lambda: 30)
    bar.tell(Message("Saved."))
    assert bar.isVisible()
    assert bar.width() == WIDEST_PX
    assert bar.y() == 30 + MARGIN_PX
    assert bar.geometry().center().x() == pytest.approx(host.rect().center().x(), abs=1)


def test_a_narrow_window_gets_narrow_messages(host: QWidget) -> None:
    bar = MessageBar(DARK, host)
    bar.tell(Message("A long message that needs more than one line in a narrow window. " * 3))
    wide = bar.height()
    host.resize(300, 600)
    assert bar.width() == 300 - 2 * MARGIN_PX
    assert bar.height() > wide


def test_messages_take_only_the_room_they_need(host: QWidget) -> None:
    bar = MessageBar(DARK, host)
    bar.tell(Message("One."))
    one = bar.height()
    bar.tell(Message("Two."))
    assert bar.height() > one
    bar.tell(Message("Two."))
    assert [message.text for message in bar.messages] == ["One.", "Two."]
    bar.clear()
    assert not bar.isVisible()


def test_what_belongs_to_a_document_is_seen_only_with_it(host: QWidget) -> None:
    bar = MessageBar(DARK, host)
    first, second = object(), object()
    bar.tell(Message("It failed.", "error"), first)
    bar.show_owner(second)
    assert not bar.isVisible()
    bar.tell(Message("The disk is full.", "error"))
    one = bar.height()
    bar.show_owner(first)
    assert bar.height() > one
    bar.forget_owner(first)
    assert [message.text for message in bar.messages] == ["The disk is full."]
    assert bar.height() == one


def test_blended_colours_are_opaque() -> None:
    assert blended("#000000", "#ffffff", 0.0) == "#000000"
    assert blended("#000000", "#ffffff", 1.0) == "#ffffff"
    assert blended("#102030", "#102030", 0.4) == "#102030"


def test_the_newest_message_that_is_seen_is_closed_first(host: QWidget) -> None:
    bar = MessageBar(DARK, host)
    elsewhere = object()
    bar.tell(Message("One."))
    bar.tell(Message("Two."))
    bar.tell(Message("Of another document."), elsewhere)
    bar.show_owner(object())
    assert bar.close_newest()
    assert [message.text for message in bar.messages] == ["One.", "Of another document."]
    assert bar.close_newest()
    assert not bar.close_newest()


def test_a_button_tells_in_its_tip_what_it_opens(host: QWidget) -> None:
    bar = MessageBar(DARK, host)
    pressed: list[str] = []
    bar.tell(Message("Done.", choices=(Choice("Open", lambda: pressed.append("it"), "/runs/1"),)))
    (button,) = [b for b in bar.findChildren(QPushButton) if b.text() == "Open"]
    assert button.toolTip() == "/runs/1"
    button.click()
    assert pressed == ["it"]
    assert not bar.messages


def test_of_one_topic_only_the_newest_is_shown(host: QWidget) -> None:
    bar = MessageBar(DARK, host)
    bar.tell(Message("Other."))
    bar.tell(Message("Stopped.", topic="run"))
    bar.tell(Message("Finished.", topic="run"))
    assert [message.text for message in bar.messages] == ["Other.", "Finished."]
    bar.drop_topic("run")
    assert [message.text for message in bar.messages] == ["Other."]


def test_words_are_shown_as_they_are_and_a_percentage_stays_whole(host: QWidget) -> None:
    bar = MessageBar(DARK, host)
    bar.tell(Message("<b>accuracy</b> 97.5 %"))
    (shown,) = [label for label in bar.findChildren(QLabel) if "accuracy" in label.text()]
    assert shown.text() == "<b>accuracy</b> 97.5\u00a0%"
    assert shown.textFormat() is Qt.TextFormat.PlainText
