"""The help that draws ResNet-18 step by step is followed to the letter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.canvas.search import BlockSearch
from app.forms import FieldRow
from app.page_help import PageHelp
from app.tutorial_help import PAGE
from graph.problems import Severity
from tests.app.canvas.hand import CTRL, PLAIN, Hand

if TYPE_CHECKING:
    from app.window import Window

TEXT = PAGE.read_text("utf-8")
STEPS = re.findall(r"^\d+\. (.+?)(?=^\d+\. |^#|^\n|\Z)", TEXT, re.MULTILINE | re.DOTALL)
PARTS = re.compile(
    r"\*(?P<held>[^*]+)\* with \*\*Ctrl\*\* held"
    r"|[Rr]ight click (?P<menu>\*[^*]+\*|it)"
    r"|choose \*(?P<entry>[^*]+)\*"
    r"|[Cc]lick \*(?P<thing>[^*]+)\*"
    r"|\*\*(?P<key>[^*]+)\*\*(?P<times> six times)?"
    r"|`(?P<typed>[^`]+)`"
)
SHORTCUT = "the shortcut"
KEYS = {"Enter": "Return"}
ALWAYS = ("data-shape", "no-loss")
"""What is wrong with a drawing of ImageNet on handwritten digits."""
UNFINISHED = (12, 13)


class Reader:
    """Does what the page says, with real keys and clicks."""

    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        self.row: FieldRow | None = None

    @property
    def hand(self) -> Hand:
        return Hand(self.window.canvas, self.window.session)

    def follow(self, step: str) -> None:
        for part in PARTS.finditer(" ".join(step.split())):
            held, menu, entry, thing, key, times, typed = part.groups()
            if held:
                self.click(held, CTRL)
            elif menu:
                self.row = self.field(menu.strip("*")) if menu != "it" else self.row
            elif entry:
                assert self.row is not None
                dict(self.row.field.offers())[entry]()
            elif thing:
                self.click(thing, PLAIN)
            elif key:
                for _ in range(6 if times else 1):
                    self.press(key)
            else:
                self.type(typed)

    def click(self, thing: str, held: Qt.KeyboardModifier) -> None:
        hand = self.hand
        named = [n.id for n in self.window.session.document.graph.nodes.values() if n.name == thing]
        if thing == SHORTCUT:
            add = next(n for n in self.window.session.document.graph.nodes.values()
                       if n.kind == "add")  # fmt: skip
            (row,) = [
                row for row, edge in enumerate(self.window.canvas.mirror.edges)
                if edge.target == add.id and edge.slot == 1
            ]  # fmt: skip
            x = self.window.canvas.mirror.lane[row]
            hand.click(hand.view(float(x), add.y - 250))
        elif named:
            hand.click(hand.block(named[0], dx=40), held)
        else:
            self.row = self.field(thing)
            line = self.row.field.focus_widget()
            QTest.mouseClick(line, Qt.MouseButton.LeftButton)
        QApplication.processEvents()

    def field(self, title: str) -> FieldRow:
        (found,) = [row for row in self.window.inspector.findChildren(FieldRow)
                    if row.isVisible() and row.label.text() == title]  # fmt: skip
        return found

    def press(self, key: str) -> None:
        combined = QKeySequence(KEYS.get(key, key))[0]
        if QApplication.activeWindow() is None:  # a desktop would do so when a dialog goes
            with self.qtbot.waitActive(self.window):
                self.window.activateWindow()
        dialogs = len(self.dialogs())
        QTest.keyClick(self.focus(), combined.key(), combined.keyboardModifiers())
        QApplication.processEvents()
        if len(self.dialogs()) > dialogs:
            self.qtbot.waitUntil(lambda: self.dialogs()[-1].focusWidget() is not None)

    def type(self, text: str) -> None:
        focus = self.focus()
        if isinstance(focus.parent(), BlockSearch) and isinstance(focus, QLineEdit):
            focus.insert(text)  # in one go: the search would rank all blocks for each letter
        else:
            QTest.keyClicks(focus, text)

    def dialogs(self) -> list[QDialog]:
        return [each for each in self.window.findChildren(QDialog) if each.isVisible()]

    def focus(self) -> QWidget:
        """What has the focus: in the dialog in front, where there is one."""
        dialogs = self.dialogs()
        widget = QApplication.focusWidget() or self.window.focusWidget()
        widget = dialogs[-1].focusWidget() if dialogs else widget
        assert widget is not None
        return widget


def test_the_page_is_reached_from_the_menu(window: Window) -> None:
    window.menus.actions["tutorial"].trigger()
    (dialog,) = window.findChildren(PageHelp)
    assert dialog.isVisible() and not dialog.isModal()
    dialog.close()


def test_what_the_page_says_draws_resnet_18(window: Window, qtbot: QtBot) -> None:
    assert len(STEPS) == 19
    window.resize(1600, 1000)
    window.canvas.setFocus()
    reader = Reader(window, qtbot)
    for number, step in enumerate(STEPS, 1):
        reader.follow(step)
        session = window.session
        if number not in UNFINISHED:
            errors = [p.text for p in session.root_problems
                      if p.severity is Severity.ERROR and p.code not in ALWAYS]  # fmt: skip
            assert not errors, f"step {number}: {step}"
    assert f"{session.root_costs.total.parameters:,}" in TEXT
