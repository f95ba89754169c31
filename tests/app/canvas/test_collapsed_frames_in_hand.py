"""Collapsed frames in a person's hand: triangle, double click, keys, drag, copies and searches."""

import pytest
from PySide6.QtCore import QPoint, Qt

from app import locks, spoken, states
from app.canvas import remark_commands
from app.canvas.bar_painter import behind_bars
from app.canvas.tips import tip_at
from graph import edits, remark_edits
from graph.framing import box_around
from graph.hiding import hidden_in
from graph.model import NodeId
from graph.problems import Severity
from graph.remarks import RemarkId
from tests.app.canvas import anew
from tests.drawing import chain, set_params

FRAME = RemarkId("r5")
N1, N2, N3, N4 = (NodeId(f"n{n}") for n in (1, 2, 3, 4))


@pytest.fixture
def hand(hand_on):
    """Four blocks below each other; a frame r5 around the two in the middle."""
    document = chain("input dense relu output")
    box = box_around(document.graph, [N2, N3])
    return hand_on(remark_edits.add_frame(document, box, "Middle"))


def frame(hand):
    return hand.session.document.graph.remarks[FRAME]


def triangle(hand):
    left, top, _, _ = frame(hand).shown
    return hand.view(left + 15, top + 12)


def bar(hand):
    left, top, right, bottom = frame(hand).shown
    return hand.view((left + right) / 2 - 20, (top + bottom) / 2)


def hidden(hand):
    return set(hidden_in(hand.session.document.graph.remarks))


def test_a_click_on_the_triangle_collapses_a_frame_and_another_opens_it(hand):
    before = hand.session.document
    hand.click(triangle(hand))
    assert hidden(hand) == {N2, N3}
    assert hand.session.history.undo_label == "Collapse frame"
    hand.click(triangle(hand))
    assert hand.session.document == before
    hand.session.undo()
    assert frame(hand).is_collapsed
    anew.check(hand.canvas)


def test_two_quick_clicks_on_the_triangle_turn_it_once(hand):
    hand.double_click(triangle(hand))
    assert frame(hand).is_collapsed
    assert hand.canvas.hasFocus()


def test_a_double_click_on_a_collapsed_frame_opens_it(hand):
    states.toggle_collapsed(hand.session, (), [FRAME])
    hand.double_click(bar(hand))
    assert not frame(hand).is_collapsed


def test_alt_c_collapses_what_is_selected_and_enter_opens_a_frame(hand):
    hand.session.select([N2, N3], [FRAME])
    states.toggle_collapsed(hand.session)
    assert frame(hand).is_collapsed
    assert not hand.session.selection
    hand.session.select((), [FRAME])
    hand.key(Qt.Key.Key_Return)
    assert not frame(hand).is_collapsed


def test_a_drag_of_a_collapsed_frame_moves_what_it_hides_in_one_step(hand):
    states.toggle_collapsed(hand.session, (), [FRAME])
    old = hand.at("n2")
    hand.drag(bar(hand), bar(hand) + QPoint(240, 48))
    moved = hand.at("n2")
    assert (moved[0] - old[0], moved[1] - old[1]) == pytest.approx((240, 48), abs=24)
    assert moved != old
    assert frame(hand).is_collapsed
    anew.check(hand.canvas)
    hand.session.undo()
    assert hand.at("n2") == old


def test_hidden_blocks_are_not_pressed_and_not_caught_by_a_box(hand):
    place = hand.block("n3")
    states.toggle_collapsed(hand.session, (), [FRAME])
    assert hand.canvas.editor.node_at(place.toPointF()) is None
    hand.drag(hand.view(-60, 72), hand.view(400, 260))
    assert hand.session.selection == frozenset()
    assert hand.session.chosen_remarks == {FRAME}


def test_a_block_put_where_a_frame_was_stays_when_the_frame_is_moved(hand):
    states.toggle_collapsed(hand.session, (), [FRAME])
    hand.session.apply("Move", lambda d: edits.move(d, {N4: hand.at("n3")}))
    before = hand.at("n4")
    hand.drag(bar(hand), bar(hand) + QPoint(240, 0))
    assert hand.at("n4") == before


def test_copies_and_deletions_take_what_is_hidden_along(hand):
    states.toggle_collapsed(hand.session, (), [FRAME])
    hand.session.select((), [FRAME])
    hand.canvas.duplicate()
    assert hand.kinds().count("dense") == 2
    assert len(hidden(hand)) == 4
    hand.session.undo()
    hand.session.select((), [FRAME])
    hand.canvas.delete_selection()
    assert hand.kinds() == ["input", "output"]
    hand.session.undo()
    assert hidden(hand) == {N2, N3}
    anew.check(hand.canvas)


def test_a_search_points_at_the_frame_that_hides_what_was_found(hand):
    states.toggle_collapsed(hand.session, (), [FRAME])
    hand.canvas.editor.find()
    hand.type("relu")
    hand.canvas.editor.find_bar.step(1)
    assert hand.session.selection == {N3}
    mirror = hand.canvas.mirror
    left, top, right, bottom = mirror.folds.box_of(mirror, mirror.row[N3])
    assert (left, top, right, bottom) == frame(hand).shown
    x, y = hand.canvas.camera.to_view(left, top)
    assert 0 <= x <= hand.canvas.width()
    assert 0 <= y <= hand.canvas.height()
    assert not hand.canvas.grab().isNull()


def test_a_collapsed_frame_tells_of_what_is_wrong_in_it(hand_on):
    document = set_params(chain("input conv2d relu output"), "n2", kernel_size=(99, 99))
    document = remark_edits.add_frame(document, box_around(document.graph, [N2, N3]))
    hand = hand_on(document)
    states.toggle_collapsed(hand.session, (), [FRAME])
    told = behind_bars(hand.canvas.mirror)[FRAME]
    assert (told.blocks, told.takes, told.gives) == (2, True, True)
    assert told.worst is Severity.ERROR
    left, top, _, _ = frame(hand).shown
    tip = tip_at(hand.canvas.mirror, left + 60, top + 10)
    assert tip.startswith("conv, relu\n")
    assert "99" in tip
    assert tip_at(hand.canvas.mirror, left - 60, top + 10) == ""


def test_what_is_inside_is_selected_after_the_frame_is_opened(hand):
    states.toggle_collapsed(hand.session, (), [FRAME])
    hand.session.select((), [FRAME])
    remark_commands.select_contents(hand.session)
    assert not frame(hand).is_collapsed
    assert hand.session.selection == {N2, N3}


def test_a_locked_frame_can_be_collapsed_and_keeps_its_place(hand):
    hand.session.select((), [FRAME])
    locks.toggle_locked(hand.session)
    hand.click(triangle(hand))
    assert frame(hand).is_collapsed
    before = frame(hand).shown
    hand.drag(bar(hand), bar(hand) + QPoint(240, 0))
    assert frame(hand).shown == before


def test_a_screen_reader_hears_what_is_collapsed_and_what_is_hidden(hand):
    states.toggle_collapsed(hand.session, (), [FRAME])
    session = hand.session
    graph = session.document.graph
    assert spoken.remark(frame(hand), graph) == "Frame: Middle, collapsed, 2 blocks"
    said = spoken.block(session.document, session.typing, session.registry, N3)
    assert "hidden in the collapsed frame “Middle”" in said
    item = hand.canvas.access.item(N3)
    assert item.rect().width() > 100


def test_a_key_steps_through_frames_and_notes_that_are_drawn(hand):
    left, top, _, _ = frame(hand).box
    hand.session.apply("Note", lambda d: remark_edits.add_note(d, (left - 300, top)))
    hand.session.apply(
        "Frame", lambda d: remark_edits.add_frame(d, (left - 400, top - 30, 600, 700))
    )
    outer = max(hand.session.document.graph.remarks)
    states.toggle_collapsed(hand.session, (), [outer])
    seen = set()
    for _ in range(3):
        remark_commands.step_to_next(hand.canvas, hand.session)
        seen |= hand.session.chosen_remarks
    assert seen == {outer}
