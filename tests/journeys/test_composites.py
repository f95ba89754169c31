"""A composite as a person makes one: drawn, grouped, repeated, opened, edited, undone, kept."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.asking import NameDialog, RepeatDialog
from app.recovery import Journal
from app.session import Session
from app.settings import Settings
from app.window import Window
from graph.fileio import load
from graph.model import NodeId, Repeat
from tests.journeys.person import Person

ENTER = Qt.Key.Key_Return


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    """A shown window with an untitled document."""
    made = Window(Settings(theme="dark"), Journal())
    qtbot.addWidget(made, before_close_func=_forget_changes)
    made.resize(1500, 1000)
    with qtbot.waitActive(made):
        made.show()
    return made


def _forget_changes(window: Window) -> None:
    for session in window.tabs.sessions():
        session.mark_saved(Path("journey.loom"))


def answer(person: Person, kind: type[NameDialog] | type[RepeatDialog], text: str) -> None:
    """Types into the dialog that is open, and presses Enter."""
    person.wait(lambda: bool(person.window.findChildren(kind)))
    dialog = person.window.findChildren(kind)[-1]
    dialog.line.selectAll()
    QTest.keyClicks(dialog.line, text)
    QTest.keyClick(dialog.line, ENTER)
    person.wait(lambda: not dialog.isVisible())


def focus(person: Person) -> Session:
    """Gives the canvas the keys."""
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)
    person.window.canvas.setFocus()
    person.wait(person.window.canvas.hasFocus)
    return person.window.session


def test_two_blocks_become_a_composite_that_is_repeated_edited_undone_and_kept(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    person = Person(window, qtbot)
    session = window.session
    start = session.root
    window.canvas.zoom_to(0.8)
    ids = [
        person.drag_from_palette(kind, (0, 120 * row - 240))
        for row, kind in enumerate(("input", "dense", "relu", "output"))
    ]
    for source, target in pairwise(ids):
        person.wire(source, "y", target, "x")
    block = group(person, ids[1:3])
    repeat(person, block)
    edit_inside(person, block)
    file = tmp_path / "stack.loom"
    window.files.save_to(session, file)
    whole = session.root
    assert load(file).document == whole
    undo_all(person)
    assert session.root.graph == start.graph and not session.root.definitions
    again = window.files.open(file)
    assert again is session or (again is not None and again.root == whole)


def group(person: Person, ids: list[NodeId]) -> NodeId:
    """Makes the blocks a composite with Ctrl+G."""
    session = focus(person)
    session.select(ids)
    person.press("Ctrl+G")
    answer(person, NameDialog, "Layer")
    (block,) = session.selection
    assert session.document.node(block).definition == "Layer"
    assert not session.typing.problems
    return block


def repeat(person: Person, block: NodeId) -> None:
    """Lets it follow itself three times with Ctrl+R."""
    session = focus(person)
    person.press("Ctrl+R")
    answer(person, RepeatDialog, "3")
    assert session.document.node(block).repeat == Repeat(3)
    assert not session.typing.problems


def edit_inside(person: Person, block: NodeId) -> None:
    """Opens it with Enter, changes a block inside, and leaves with Ctrl+Up."""
    session = focus(person)
    session.select([block])
    QTest.keyClick(person.window.canvas, ENTER)
    assert [step.definition for step in session.place] == ["Layer"]
    dense = person.node("dense").id
    session.select([dense])
    person.press("F2")
    line = person.window.focusWidget()
    assert line is not None
    QTest.keyClicks(line, "mix")
    QTest.keyClick(line, ENTER)
    assert session.document.node(dense).name == "mix"
    focus(person)
    person.press("Ctrl+Up")
    assert not session.place and session.selection == {block}


def undo_all(person: Person) -> None:
    """Takes everything back with Ctrl+Z; the step inside is shown where it was."""
    session = focus(person)
    person.press("Ctrl+Z")
    assert [step.definition for step in session.place] == ["Layer"]
    while session.history.undo_label is not None:
        person.press("Ctrl+Z")
    assert not session.place
