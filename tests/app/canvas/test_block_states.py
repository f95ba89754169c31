"""Collapsed blocks stay wired and open again; locked ones stay where and as they are."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from app import locks, states
from app.canvas import arrange
from app.canvas.collapsed import CHEVRON
from app.canvas.geometry import COLLAPSED_H, NODE_H
from app.canvas.traits import COLLAPSED, LOCKED
from graph import edits, remark_edits
from graph.framing import box_around
from graph.model import NodeId
from tests.app.canvas.anew import check
from tests.app.canvas.hand import ALT, SHIFT
from tests.drawing import chain, draw

N1, N2, N3, N4 = (NodeId(f"n{number}") for number in (1, 2, 3, 4))
DOWN, RIGHT = Qt.Key.Key_Down, Qt.Key.Key_Right


@pytest.fixture
def hand(hand_on):
    return hand_on(chain("input dense relu output"))


@pytest.fixture
def held(hand):
    """The second of four blocks is locked."""
    hand.session.select([N2])
    locks.toggle_locked(hand.session)
    hand.session.select([])
    hand.messages.clear()
    return hand


def height(hand, id):
    return hand.canvas.mirror.rect[hand.canvas.mirror.row[NodeId(id)], 3]


def test_a_collapsed_block_is_its_title_and_keeps_its_wires(hand):
    before = hand.session.root
    hand.session.select([N2, N3])
    states.toggle_collapsed(hand.session)
    assert hand.session.history.undo_label == "Collapse"
    assert height(hand, "n2") == height(hand, "n3") == COLLAPSED_H
    assert height(hand, "n1") == NODE_H
    mirror = hand.canvas.mirror
    (row,) = (row for row, edge in enumerate(mirror.edges) if edge.source == N2)
    assert mirror.line[row, 1] == hand.at("n2")[1] + COLLAPSED_H
    check(hand.canvas)
    states.toggle_collapsed(hand.session)
    assert hand.session.history.undo_label == "Expand"
    check(hand.canvas)
    hand.canvas.undo()
    hand.canvas.undo()
    assert hand.session.root == before
    check(hand.canvas)


def test_a_click_on_its_arrows_opens_it_and_a_drag_there_moves_it(hand):
    states.toggle_collapsed(hand.session, [N2])
    x, y = hand.at("n2")
    arrows = hand.view(x + CHEVRON[0], y + CHEVRON[1])
    hand.drag(arrows, arrows + QPoint(72, 0))
    assert hand.at("n2") == (x + 72, y) and hand.session.document.node(N2).collapsed
    hand.click(arrows + QPoint(72, 0))
    assert not hand.session.document.node(N2).collapsed


def test_two_clicks_on_the_arrows_do_no_more_than_open_it(hand):
    states.toggle_collapsed(hand.session, [N2])
    x, y = hand.at("n2")
    hand.double_click(hand.view(x + CHEVRON[0], y + CHEVRON[1]))
    hand.release(hand.view(x + CHEVRON[0], y + CHEVRON[1]))
    assert not hand.session.document.node(N2).collapsed
    assert QApplication.focusWidget() is hand.canvas, "no name is edited"


def test_a_collapsed_block_snaps_by_its_own_height(hand):
    states.toggle_collapsed(hand.session, [N3])
    x, y = hand.at("n4")
    hand.drag(hand.view(x + 60, y + 16), hand.view(x + 60 + 240, y + 16))
    bottom = hand.at("n4")[1] + NODE_H
    start = hand.view(hand.at("n3")[0] + 60, hand.at("n3")[1] + 16)
    wanted = hand.view(hand.at("n3")[0] + 60, bottom - COLLAPSED_H + 16 - 2)
    hand.drag(start, wanted)
    assert hand.at("n3")[1] + COLLAPSED_H == bottom


def test_collapsed_blocks_are_wired_by_their_ports_and_their_bodies(hand_on):
    hand = hand_on(draw("input add dense"))
    states.toggle_collapsed(hand.session, [N1, N2, N3])
    hand.drag(hand.port("n1", "y", out=True), hand.port("n3", "x"))
    hand.drag(hand.port("n1", "y", out=True), hand.block("n2", dy=-16))
    assert [edge.partition(" ")[2][:2] for edge in hand.edges()] == ["n2", "n3"]
    check(hand.canvas)


def test_a_drag_does_not_move_a_locked_block_and_tells_so_once(held):
    before = held.session.root
    held.drag(held.block("n2"), held.block("n2") + QPoint(120, 30))
    assert held.session.root == before
    assert held.messages == ["Dense “dense” is locked. K unlocks it."]
    assert held.session.selection == {N2}, "so that it can be unlocked"


def test_others_of_the_selection_move_without_it(held):
    where = held.at("n2")
    held.session.select([N1, N2, N3])
    held.drag(held.block("n3"), held.block("n3") + QPoint(240, 0))
    assert held.at("n2") == where
    assert held.at("n1")[0] == held.at("n3")[0] == 240
    assert len(held.messages) == 1
    held.key(RIGHT)
    assert held.at("n2") == where and held.at("n1")[0] == 264
    check(held.canvas)


def test_arrow_keys_leave_it_and_add_no_step(held):
    held.session.select([N2])
    held.key(DOWN)
    held.key(DOWN)
    assert held.session.history.undo_label == "Lock"
    assert set(held.messages) == {"Dense “dense” is locked. K unlocks it."}


def test_it_is_not_deleted_and_its_wires_neither(held):
    before = held.session.root
    held.session.select([N2])
    for heal in (False, True):
        held.canvas.delete_selection(heal=heal)
    held.canvas.cut()
    held.canvas.disconnect_selected()
    held.click(held.wire("n3"))
    held.canvas.delete_selection()
    assert held.session.root == before
    held.session.select([N2, N4])
    held.canvas.delete_selection()
    assert held.kinds() == ["input", "dense", "relu"]


def test_no_wire_is_drawn_to_it_or_taken_from_it(held):
    before = held.session.root
    nowhere = QPoint(700, 40)
    held.drag(held.port("n2", "x"), nowhere)
    held.drag(held.port("n2", "y", out=True), held.port("n4", "x"))
    held.drag(held.wire("n2"), nowhere)
    held.drag(held.port("n1", "y", out=True), held.block("n2"))
    assert held.session.root == before
    assert held.messages


def test_nothing_is_put_into_its_wires(held):
    wires = [edge for edge in held.edges() if "n2" in edge]
    held.drop("relu", held.wire("n2"))
    assert [edge for edge in held.edges() if "n2" in edge] == wires
    held.session.select([N3])
    arrange.take_out(held.canvas)
    assert [edge for edge in held.edges() if "n2" in edge] == wires
    held.drag(held.block("n3"), held.block("n3") + QPoint(288, 0), ALT)
    assert [edge for edge in held.edges() if "n2" in edge] == wires
    assert held.at("n3")[0] == 288, "the block itself is free"


def test_boxes_and_select_all_pass_it_over(held):
    held.canvas.select_all()
    assert held.session.selection == {N1, N3, N4}
    held.drag(QPoint(20, 20), QPoint(800, 700))
    assert held.session.selection == {N1, N3, N4}
    held.canvas.editor.take_lasso()
    held.pull(QPoint(5, 5), QPoint(900, 5))
    held.move(QPoint(900, 750))
    held.move(QPoint(5, 750))
    held.release(QPoint(5, 750))
    assert held.session.selection == {N1, N3, N4}
    held.click(held.block("n2"), SHIFT)
    assert N2 in held.session.selection


def test_select_all_tells_where_everything_is_locked(hand):
    hand.canvas.select_all()
    locks.toggle_locked(hand.session)
    hand.session.select([])
    hand.canvas.select_all()
    assert not hand.session.selection
    assert hand.messages[-1] == "Everything here is locked. Shift+K unlocks it."


def test_layouts_leave_it_where_it_is(held):
    locks.unlock_all(held.session)
    held.session.select([N2])
    held.drag(held.block("n2"), held.block("n2") + QPoint(240, 0))
    locks.toggle_locked(held.session)
    where = held.at("n2")
    held.canvas.auto_layout()
    assert held.at("n2") == where and held.at("n1")[0] == where[0]
    held.session.select([N1, N2, N3, N4])
    held.session.select([N1, N2, N3])
    arrange.align(held.canvas, "left")
    arrange.tidy(held.canvas)
    arrange.lay_out_selection(held.canvas)
    assert held.at("n2") == where


def test_a_layout_takes_frames_along_unless_they_are_locked(held):
    session = held.session
    box = box_around(session.document.graph, [N2, N3])
    session.apply("Frame", lambda d: remark_edits.add_frame(d, box, "Stem"))
    (id,) = session.document.graph.remarks
    session.apply("Move", lambda d: edits.move(d, {N3: (0.0, 900.0), N4: (0.0, 1200.0)}))
    session.apply("Fit", lambda d: remark_edits.resize(d, id, (-20.0, 76.0, 210.0, 1000.0)))
    held.canvas.auto_layout()
    frame, node = session.document.graph.remarks[id], session.document.node(N3)
    assert frame.height < 400 and frame.y < node.y < frame.box[3]
    session.select([], [id])
    locks.toggle_locked(session)
    before = session.document.graph.remarks[id]
    session.apply("Move", lambda d: edits.move(d, {N3: (480.0, 0.0)}))
    held.canvas.auto_layout()
    assert session.document.graph.remarks[id] == before


def test_a_locked_frame_is_not_moved_resized_or_deleted(hand):
    box = box_around(hand.session.document.graph, [N1, N2])
    hand.session.apply("Frame", lambda d: remark_edits.add_frame(d, box, "Stem"))
    (id,) = hand.session.document.graph.remarks
    hand.session.select([], [id])
    locks.toggle_locked(hand.session)
    before = hand.session.root
    left, top, right, bottom = box
    title = hand.view(left + 60, top + 10)
    hand.drag(title, title + QPoint(96, 48))
    hand.drag(hand.view(right, bottom - 40), hand.view(right + 96, bottom - 40))
    hand.canvas.delete_selection()
    hand.key(DOWN)
    assert hand.session.root == before
    assert set(hand.messages) == {"The frame “Stem” is locked. K unlocks it."}
    hand.drag(hand.block("n1"), hand.block("n1") + QPoint(480, 0))
    assert hand.at("n1")[0] == 480, "what lies in it is free"
    locks.unlock_all(hand.session)
    assert hand.session.chosen_remarks == {id}
    hand.drag(title, title + QPoint(96, 48))
    assert hand.session.document.graph.remarks[id].x > left


def test_locking_is_undone_and_marked(held):
    mirror = held.canvas.mirror
    assert mirror.traits[mirror.row[N2]] & LOCKED
    states.toggle_collapsed(held.session, [N2])
    assert mirror.traits[mirror.row[N2]] & COLLAPSED
    held.canvas.undo()
    held.canvas.undo()
    assert not mirror.traits[mirror.row[N2]]
    check(held.canvas)
