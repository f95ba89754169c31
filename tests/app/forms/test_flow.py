"""Rows of widgets that go on in the next row."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.forms.flow import Flow


def flowing(qtbot: QtBot, texts: list[str], width: int) -> tuple[QWidget, list[QPushButton]]:
    """A shown widget of that width and the buttons in it."""
    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    row = Flow(spacing=6)
    buttons = [QPushButton(text) for text in texts]
    for button in buttons:
        row.add(button)
    layout.addLayout(row)
    layout.addStretch(1)
    page.resize(width, 300)
    with qtbot.waitExposed(page):
        page.show()
    return page, buttons


def test_widgets_stand_in_one_row_while_there_is_room(qtbot: QtBot) -> None:
    _page, (one, other) = flowing(qtbot, ["Yes", "No"], 400)
    assert one.y() == other.y()
    assert other.x() == one.width() + 6


def test_a_widget_without_room_starts_the_next_row(qtbot: QtBot) -> None:
    _page, (one, other) = flowing(qtbot, ["Set the kernel size", "Set the padding"], 220)
    assert other.x() == 0
    assert other.y() == one.height() + 6


def test_a_widget_wider_than_the_row_is_cut_to_it(qtbot: QtBot) -> None:
    _page, (one,) = flowing(qtbot, ["a name of very many letters " * 4], 220)
    assert one.width() == 220


def test_nothing_takes_no_room() -> None:
    assert Flow(spacing=6).heightForWidth(100) == 0
