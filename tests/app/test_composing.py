"""What a person does with composites, by the actions of the window and the palette."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from app import composing, library
from app.asking import NameDialog, RepeatDialog
from app.block_search import blocks_here
from app.canvas.search import BlockSearch
from app.composite_menus import show_composite_menu
from app.line_edit import LineEdit
from app.messages import Message
from app.session import Session
from app.window import Window
from graph import edits
from graph.composites.making import make
from graph.model import Document, NodeId, Repeat
from tests.drawing import chain

PART = NodeId("n6")


@pytest.fixture
def session(window: Window) -> Session:
    """A session in the window with a composite in a chain."""
    document = make(chain("input flatten dense relu output"), [NodeId("n3"), NodeId("n4")], "Part")
    made = Session(document)
    window.show_session(made)
    made.select([PART])
    window.menus.refresh()
    return made


def run(window: Window, action: str) -> None:
    """Does what an action of the menu does."""
    window.menus.refresh()
    assert window.menus.actions[action].isEnabled()
    window.menus.actions[action].trigger()


def test_make_composite_asks_for_a_name_and_refuses_wrong_ones(
    window: Window, session: Session
) -> None:
    session.select([NodeId("n2")])
    run(window, "make-composite")
    (dialog,) = window.findChildren(NameDialog)
    assert dialog.line.text() == "Flatten" and dialog.ok.isEnabled()
    dialog.line.setText("Part")
    assert not dialog.ok.isEnabled() and "already" in dialog.reason.text()
    dialog.line.setText("Front")
    dialog.accept()
    assert "Front" in session.root.definitions and len(session.selection) == 1


def test_all_inside_a_composite_can_be_grouped_but_for_its_ports(
    window: Window, session: Session, qtbot: QtBot
) -> None:
    session.enter(PART)
    window.canvas.select_all()
    with qtbot.waitSignal(session.message) as told:
        run(window, "make-composite")
    assert "they are the ports of Part" in told.args[0].text
    (dialog,) = window.findChildren(NameDialog)
    dialog.line.setText("Core")
    dialog.accept()
    kinds = [node.kind for node in session.document.graph.nodes.values()]
    assert sorted(kinds) == ["def:Core", "input", "output"]


def test_what_cannot_be_grouped_is_told_without_a_dialog(
    window: Window, session: Session, qtbot: QtBot
) -> None:
    session.select([NodeId("n1")])
    with qtbot.waitSignal(session.message):
        run(window, "make-composite")
    assert not window.findChildren(NameDialog)


def test_unpack_peels_a_repeat_first_and_then_the_composite(
    window: Window, session: Session
) -> None:
    composing.repeat(session, [PART], Repeat(2))
    run(window, "unpack")
    assert len(session.selection) == 2 and "Part" in session.root.definitions
    session.select([PART])
    run(window, "unpack")
    assert {session.document.node(id).kind for id in session.selection} == {"dense", "relu"}


def test_rename_follows_and_make_independent_copies(window: Window, session: Session) -> None:
    run(window, "rename-composite")
    (dialog,) = window.findChildren(NameDialog)
    dialog.line.setText("Layer")
    dialog.accept()
    assert session.document.node(PART).definition == "Layer"
    session.apply("Add", partial(edits.add, kind="def:Layer"))
    session.select([PART])
    run(window, "make-independent")
    assert session.document.node(PART).definition == "Layer2"


def test_repeat_asks_and_can_be_taken_back(window: Window, session: Session) -> None:
    run(window, "repeat")
    (dialog,) = window.findChildren(RepeatDialog)
    dialog.line.setText("0")
    assert not dialog.ok.isEnabled()
    dialog.line.setText("4")
    dialog.mode.setCurrentIndex(dialog.mode.findData("shared"))
    dialog.accept()
    assert session.document.node(PART).repeat == Repeat(4, "shared")
    composing.repeat(session, [PART], None)
    assert session.document.node(PART).repeat is None


def test_weights_are_shared_with_equal_blocks_only(window: Window, session: Session) -> None:
    session.apply("Add", partial(edits.add, kind="def:Part"))
    other = list(session.document.graph.nodes)[-1]
    session.apply(
        "Wire", partial(edits.connect, source=NodeId("n2"), out="y", target=other, into="x")
    )
    assert list(composing.owners(session, other)) == [PART]
    menu = QMenu(window)
    composing.fill_sharing(menu, session, other)
    menu.actions()[0].trigger()
    assert session.document.node(other).shares == PART
    composing.unshare(session, [other])
    assert session.document.node(other).shares is None


def test_open_and_leave_are_actions(window: Window, session: Session) -> None:
    assert not window.menus.actions["leave-composite"].isEnabled()
    run(window, "open-composite")
    assert session.place
    run(window, "leave-composite")
    assert not session.place and session.selection == {PART}


def test_the_keys_that_leave_work_from_a_field_of_the_inspector(
    window: Window, session: Session, qtbot: QtBot
) -> None:
    run(window, "open-composite")
    next(each for each in window.inspector.findChildren(LineEdit) if each.isVisible()).setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert not session.place
    assert window.canvas.hasFocus()


# the library


def test_a_saved_composite_comes_into_another_drawing_with_all_it_uses(
    window: Window, session: Session, home: Path
) -> None:
    outer = make(session.root, [PART], "Outer")
    session.apply("Group", lambda _: outer)
    library.write(session.root, "Outer")
    assert (home / "library" / "Outer.loom").exists() and library.names() == ["Outer"]
    window.files.new()
    fresh = window.session
    window.canvas.add_block("lib:Outer")
    assert set(fresh.root.definitions) == {"Part", "Outer"}
    window.canvas.add_block("lib:Outer")
    assert set(fresh.root.definitions) == {"Part", "Outer"}
    assert [n.definition for n in fresh.document.graph.nodes.values()] == ["Outer", "Outer"]
    fresh.undo()
    fresh.undo()
    assert fresh.root == Document(name=fresh.root.name)


def test_saving_over_another_asks_first(window: Window, session: Session) -> None:
    run(window, "save-to-library")
    run(window, "save-to-library")
    box = window.findChildren(QMessageBox)[-1]
    assert box.isVisible() and "already" in box.text()
    box.reject()
    library.delete("Part")
    assert library.names() == []


def test_a_damaged_file_in_the_library_is_passed_over(home: Path) -> None:
    (home / "library").mkdir(parents=True)
    (home / "library" / "Bad.loom").write_text("{")
    assert library.names() == ["Bad"] and library.blocks() == []


def test_the_palette_lists_composites_of_the_drawing_and_of_the_library(
    window: Window, session: Session
) -> None:
    library.write(session.root, "Part")
    tree = window.palette_panel.tree
    groups = [tree.topLevelItem(place) for place in range(tree.topLevelItemCount())]
    rows = {
        group.text(0): [group.child(row).text(0) for row in range(group.childCount())]
        for group in groups
        if group is not None
    }
    assert rows["Composites"] == ["Part"] and rows["Library"] == ["Part"]
    window.palette_panel.search.setText("part")
    assert tree.current_kind() == "def:Part"
    window.palette_panel.search.clear()
    composing.rename(session, "Part", "Layer")
    window.palette_panel.search.setText("layer")
    assert tree.current_kind() == "def:Layer"


def test_inside_a_composite_neither_itself_nor_losses_are_offered(
    window: Window, session: Session
) -> None:
    session.enter(PART)
    kinds = {block.kind.name for block in blocks_here(session)}
    assert not kinds & {"def:Part", "target", "cross_entropy"} and "conv2d" in kinds


def test_the_palette_opens_a_composite_through_an_instance(
    window: Window, session: Session
) -> None:
    show_composite_menu(window, "def:Part", window.rect().center())
    menu = window.findChildren(QMenu)[-1]
    next(a for a in menu.actions() if a.text() == "Open Part").trigger()
    menu.close()
    assert [step.instance for step in session.place] == [PART]


def test_a_composite_that_is_not_used_can_be_deleted_in_the_palette(
    window: Window, session: Session
) -> None:
    def delete() -> bool:
        show_composite_menu(window, "def:Part", window.rect().center())
        menu = window.findChildren(QMenu)[-1]
        action = next(a for a in menu.actions() if a.text().startswith("Delete"))
        could = action.isEnabled()
        action.trigger()
        menu.close()
        return could

    assert not delete()
    session.apply("Remove", partial(edits.remove, ids=[PART]))
    assert delete() and not session.root.definitions


def test_the_search_on_the_canvas_finds_composites_of_the_library(
    window: Window, session: Session, qtbot: QtBot
) -> None:
    library.write(session.root, "Part")
    window.files.new()
    fresh = window.session
    window.canvas.focus_search(None)
    search = window.findChildren(BlockSearch)[-1]
    qtbot.keyClicks(search.field, "Part")
    qtbot.keyClick(search.field, Qt.Key.Key_Return)
    assert [n.definition for n in fresh.document.graph.nodes.values()] == ["Part"]
    fresh.undo()
    assert not fresh.root.definitions


def test_a_message_leaves_the_bar_at_the_top_free(window: Window, session: Session) -> None:
    session.enter(PART)
    session.message.emit(Message("Something is to be told.", "warning"))
    bar, crumbs = window.messages, window.canvas.crumbs
    assert bar.isVisible() and crumbs.isVisible()
    ends = crumbs.mapTo(window, crumbs.rect().bottomLeft()).y()
    assert bar.mapTo(window, bar.rect().topLeft()).y() > ends
