"""The outline in the window: in step with the canvas, and driven by keys."""

from __future__ import annotations

import time
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from app.outline import OutlinePanel
from app.outline.rows import BlockRow
from app.session import Session
from graph import edits, remark_edits
from graph.composites.making import make
from graph.model import Document, Edge, Graph, Node, NodeId, Wires
from tests.drawing import chain

if TYPE_CHECKING:
    from app.window import Window

Key = Qt.Key
IDS = [NodeId(f"n{number}") for number in range(1, 5)]


@pytest.fixture
def outlined(window: Window, qtbot) -> Window:
    """A window with a small drawing, and the focus in its outline."""
    assert window.session.apply("Draw", lambda _: chain("input conv2d relu output"))
    window.menus.actions["outline"].trigger()
    qtbot.waitUntil(window.outline.tree.hasFocus)
    return window


def go_to(window: Window, id: NodeId) -> QModelIndex:
    index = window.outline.model.index_of(BlockRow(id))
    walk(window, index)
    return index


def walk(window: Window, index: QModelIndex) -> None:
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
    window.outline.tree.selectionModel().setCurrentIndex(index, flags)


def chosen_rows(window: Window) -> set[int]:
    return {index.row() for index in window.outline.tree.selectionModel().selectedRows()}


def test_arrows_in_the_outline_select_on_the_canvas(outlined: Window, qtbot) -> None:
    go_to(outlined, IDS[0])
    qtbot.keyClick(outlined.outline.tree, Key.Key_Down)
    assert outlined.session.selection == {IDS[1]}
    qtbot.keyClick(outlined.outline.tree, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert outlined.session.selection == {IDS[1], IDS[2]}


def test_a_choice_on_the_canvas_is_made_in_the_outline(outlined: Window) -> None:
    outlined.canvas.editor.choose(frozenset([IDS[2]]))
    assert chosen_rows(outlined) == {2}
    assert outlined.outline.tree.currentIndex().row() == 2
    outlined.canvas.select_all()
    assert chosen_rows(outlined) == {0, 1, 2, 3}
    outlined.canvas.editor.choose(frozenset())
    assert not chosen_rows(outlined)


def test_delete_removes_a_block_or_the_wire_of_a_row(outlined: Window, qtbot) -> None:
    tree, model = outlined.outline.tree, outlined.outline.model
    conv = go_to(outlined, IDS[1])
    qtbot.keyClick(tree, Key.Key_Right)
    qtbot.keyClick(tree, Key.Key_Down)
    assert tree.currentIndex() == model.index(0, 0, conv)
    assert outlined.canvas.mirror.chosen_edges == {Edge(IDS[0], "y", IDS[1], "x")}
    qtbot.keyClick(tree, Key.Key_Delete)
    assert not outlined.session.document.graph.inputs_of(IDS[1])
    go_to(outlined, IDS[2])
    qtbot.keyClick(tree, Key.Key_Delete)
    assert IDS[2] not in outlined.session.document.graph.nodes
    assert tree.hasFocus()
    assert len(chosen_rows(outlined)) == 1
    outlined.menus.actions["undo"].trigger()
    assert model.index_of(BlockRow(IDS[2])).isValid()


def test_f2_renames_in_the_row(outlined: Window, qtbot) -> None:
    tree = outlined.outline.tree
    go_to(outlined, IDS[1])
    qtbot.keyClick(tree, Key.Key_F2)
    line = tree.findChild(QLineEdit)
    assert line is not None
    assert line.text() == "conv"
    qtbot.keyClicks(line, "stem")
    qtbot.keyClick(line, Key.Key_Return)
    qtbot.waitUntil(lambda: outlined.session.document.node(IDS[1]).name == "stem")
    assert tree.currentIndex().data().startswith("stem ")
    qtbot.waitUntil(tree.hasFocus)


def test_enter_edits_a_block(outlined: Window, qtbot) -> None:
    go_to(outlined, IDS[1])
    qtbot.keyClick(outlined.outline.tree, Key.Key_Return)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert outlined.inspector.isAncestorOf(focused)


def test_enter_on_a_wire_goes_to_its_other_end(outlined: Window, qtbot) -> None:
    conv = go_to(outlined, IDS[1])
    walk(outlined, outlined.outline.model.index(1, 0, conv))
    qtbot.keyClick(outlined.outline.tree, Key.Key_Return)
    assert outlined.session.selection == {IDS[2]}


def test_enter_goes_into_a_composite_and_ctrl_up_leaves_it(outlined: Window, qtbot) -> None:
    outlined.session.apply("Make", partial(make, ids=IDS[1:3], name="Stem"))
    (made,) = [n.id for n in outlined.session.document.graph.nodes.values() if n.definition]
    tree = outlined.outline.tree
    go_to(outlined, made)
    qtbot.keyClick(tree, Key.Key_Return)
    assert outlined.session.place
    assert outlined.outline.model.rowCount() == 4
    assert tree.hasFocus()
    go_to(outlined, IDS[1])
    qtbot.keyClick(tree, Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert not outlined.session.place
    assert tree.currentIndex() == outlined.outline.model.index_of(BlockRow(made))


def test_a_row_of_what_a_composite_holds_is_gone_to_by_enter(outlined: Window, qtbot) -> None:
    outlined.session.apply("Make", partial(make, ids=IDS[1:3], name="Stem"))
    (made,) = [n.id for n in outlined.session.document.graph.nodes.values() if n.definition]
    model, tree = outlined.outline.model, outlined.outline.tree
    block = go_to(outlined, made)
    inside = model.index(model.rowCount(block) - 1, 0, block)
    walk(outlined, model.index(2, 0, inside))
    assert not outlined.session.selection
    row = model.row_at(tree.currentIndex())
    qtbot.keyClick(tree, Key.Key_Return)
    assert outlined.session.place
    assert isinstance(row, BlockRow)
    assert outlined.session.selection == {row.id}


def test_letters_find_a_row_by_its_name(outlined: Window, qtbot) -> None:
    go_to(outlined, IDS[0])
    qtbot.keyClick(outlined.outline.tree, Key.Key_R)
    assert outlined.session.selection == {IDS[2]}


def test_remarks_are_chosen_and_removed_as_blocks_are(outlined: Window, qtbot) -> None:
    outlined.session.apply("Note", partial(remark_edits.add_note, at=(0, 0), text="why"))
    model = outlined.outline.model
    walk(outlined, model.index(model.rowCount() - 1, 0))
    assert len(outlined.session.chosen_remarks) == 1
    qtbot.keyClick(outlined.outline.tree, Key.Key_Delete)
    assert not outlined.session.document.graph.remarks


def test_the_key_goes_back_to_the_canvas(outlined: Window, qtbot) -> None:
    qtbot.keyClick(outlined.outline.tree, Key.Key_F4)
    qtbot.waitUntil(outlined.canvas.hasFocus)


def test_ten_thousand_blocks_are_shown_at_once_and_cost_nothing_hidden(qtbot) -> None:
    ids = [NodeId(f"n{number}") for number in range(10_000)]
    nodes = {id: Node(id, "relu" if place else "input", id) for place, id in enumerate(ids)}
    into = {id: (Edge(before, "y", id, "x"),) for before, id in pairwise(ids)}
    session = Session(Document(graph=Graph(nodes, Wires(into))))
    panel = OutlinePanel()
    qtbot.addWidget(panel)
    panel.resize(240, 700)
    panel.set_session(session)
    assert panel.model.rowCount() == 0
    start = time.process_time()
    panel.show()
    panel.grab()
    shown_s = time.process_time() - start
    assert panel.model.rowCount() == 10_000
    session.select(ids[5000:5001])
    session.apply("Remove", partial(edits.remove, ids=ids[5000:5001], heal=True))
    assert panel.model.rowCount() == 9_999
    assert shown_s < 0.25  # about 55 ms where nothing else runs


def test_an_empty_drawing_says_so(qtbot) -> None:
    panel = OutlinePanel()
    qtbot.addWidget(panel)
    panel.set_session(Session())
    panel.show()
    assert panel.empty.isVisible()
    assert not panel.tree.isVisible()
