"""Frames and notes in a person's hand: mouse, keys, menus and the fields over them."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPlainTextEdit

from app.canvas import menus, remark_commands
from app.typed import hand_over
from graph import edits, remark_edits
from graph.model import Document, NodeId
from graph.remarks import LONGEST_TEXT, RemarkId
from tests.app.canvas.hand import ALT, CTRL, SHIFT
from tests.drawing import draw

FRAME, NOTE = RemarkId("r4"), RemarkId("r5")


@pytest.fixture
def hand(hand_on):
    """Three blocks; a frame r4 around the first two, at (-24, -48); a note r5 beside it."""
    document = edits.move(draw("relu gelu tanh"), {NodeId("n3"): (0.0, 400.0)})
    document = remark_edits.add_frame(document, (-24, -48, 216, 192), "Encoder")
    return hand_on(remark_edits.add_note(document, (288, 0), "a **note**"))


def remark(hand, id=FRAME):
    return hand.session.document.graph.remarks[id]


def corner(hand, id=FRAME):
    return (remark(hand, id).x, remark(hand, id).y)


def title(hand):
    """The middle of the frame's title."""
    return hand.view(96, -36)


def note(hand):
    return hand.view(400, 60)


def field():
    return QApplication.focusWidget()


def test_a_frame_dragged_by_its_title_takes_its_blocks_along_in_one_step(hand):
    hand.drag(title(hand), title(hand) + QPoint(240, 48))
    assert corner(hand) == (216, 0)
    assert [hand.at(id) for id in ("n1", "n2", "n3")] == [(240, 48), (240, 148), (0, 400)]
    assert hand.session.history.undo_label == "Move frame"
    hand.session.undo()
    assert (corner(hand), hand.at("n1")) == ((-24, -48), (0, 0))
    assert not hand.session.history.undo_label


@pytest.mark.parametrize("held", [ALT, CTRL])
def test_a_frame_goes_alone_with_a_key_held(hand, held):
    hand.drag(title(hand), title(hand) + QPoint(240, 48), held)
    assert corner(hand) == (216, 0)
    assert hand.at("n1") == (0, 0)


def test_a_drag_of_a_frame_shows_all_that_moves_and_can_be_given_up(hand):
    before = hand.session.document
    hand.pull(title(hand), title(hand) + QPoint(240, 48))
    assert hand.canvas.mirror.rect[:, 0].tolist() == [240, 240, 0]
    assert hand.canvas.mirror.remarks.rect[0, 0] == 216
    hand.key(Qt.Key.Key_Escape)
    assert hand.canvas.mirror.rect[:, 0].tolist() == [0, 0, 0]
    assert hand.canvas.mirror.remarks.rect[0, 0] == -24
    assert hand.session.document is before


def test_inside_of_a_frame_is_ground(hand):
    hand.drag(hand.view(-15, 50), hand.view(150, 150))
    assert hand.session.selection == {"n1", "n2"}
    assert not hand.session.chosen_remarks


def test_an_edge_and_a_corner_resize(hand):
    hand.drag(hand.view(216, 90), hand.view(312, 90))
    assert remark(hand).box == (-24, -48, 312, 192)
    hand.drag(hand.view(-24, 192), hand.view(-72, 240))
    assert remark(hand).box == (-72, -48, 312, 240)
    assert hand.at("n1") == (0, 0)
    assert hand.session.history.undo_label == "Resize frame"


def test_the_pointer_tells_where_a_frame_is_resized(hand):
    for at, shape in (
        ((216, 90), Qt.CursorShape.SizeHorCursor),
        ((216, 192), Qt.CursorShape.SizeFDiagCursor),
        ((150, 130), Qt.CursorShape.ArrowCursor),
    ):
        hand.move(hand.view(*at), buttons=Qt.MouseButton.NoButton)
        assert hand.canvas.cursor().shape() == shape


def test_clicks_select_notes_and_frames_beside_blocks(hand):
    hand.click(note(hand))
    assert hand.session.chosen_remarks == {NOTE}
    hand.click(title(hand), SHIFT)
    hand.click(hand.block("n3"), SHIFT)
    assert (hand.session.chosen_remarks, hand.session.selection) == ({NOTE, FRAME}, {"n3"})
    hand.click(note(hand), CTRL)
    assert hand.session.chosen_remarks == {FRAME}
    hand.click(hand.block("n1"))
    assert (hand.session.chosen_remarks, hand.session.selection) == (frozenset(), {"n1"})


def test_a_box_selects_notes_with_blocks_and_a_drag_moves_both(hand):
    hand.drag(hand.view(500, 480), hand.view(-30, 100), SHIFT)
    assert (hand.session.chosen_remarks, hand.session.selection) == ({NOTE}, {"n2", "n3"})
    hand.drag(hand.block("n3"), hand.block("n3", 0, 96))
    moved = hand.at("n3")[1] - 400
    assert moved > 80
    assert (corner(hand, NOTE), hand.at("n2")) == ((288, moved), (0, 100 + moved))
    hand.session.undo()
    assert (corner(hand, NOTE), hand.at("n2")) == ((288, 0), (0, 100))


def test_arrow_keys_move_a_frame_with_what_is_in_it(hand):
    hand.click(title(hand))
    hand.key(Qt.Key.Key_Right)
    hand.key(Qt.Key.Key_Right)
    assert (corner(hand), hand.at("n1"), hand.at("n3")) == ((24, -48), (48, 0), (0, 400))
    hand.session.undo()
    assert hand.at("n1") == (0, 0)


def test_deleting_a_frame_keeps_its_blocks(hand):
    hand.click(title(hand))
    hand.canvas.delete_selection()
    assert hand.session.history.undo_label == "Delete frame"
    assert list(hand.session.document.graph.remarks) == [NOTE]
    assert hand.kinds() == ["relu", "gelu", "tanh"]
    hand.session.undo()
    assert remark(hand).title == "Encoder"


def test_notes_and_blocks_are_copied_pasted_and_duplicated_together(hand):
    hand.session.select([NodeId("n3")], [NOTE])
    hand.canvas.copy()
    hand.canvas.paste()
    assert hand.kinds().count("tanh") == 2
    (pasted,) = hand.session.chosen_remarks
    assert remark(hand, pasted).text == "a **note**"
    block, this = hand.session.document.node(min(hand.session.selection)), remark(hand, pasted)
    assert (this.x - block.x, this.y - block.y) == (288, -400), "as far apart as they were"
    hand.canvas.duplicate()
    assert hand.kinds().count("tanh") == 3
    assert len(hand.session.document.graph.remarks) == 4


def test_ctrl_drag_copies_notes_with_blocks(hand):
    hand.session.select([NodeId("n3")], [NOTE])
    hand.pull(hand.block("n3"), hand.block("n3", 240, 0), CTRL)
    hand.canvas.grab()
    hand.release(hand.block("n3", 240, 0), CTRL)
    (copy,) = hand.session.chosen_remarks
    assert corner(hand, copy)[0] - corner(hand, NOTE)[0] == hand.at("n6")[0] > 200
    assert corner(hand, NOTE) == (288, 0)


def test_a_note_alone_is_cut_and_pasted(hand):
    hand.click(note(hand))
    hand.canvas.cut()
    assert NOTE not in hand.session.document.graph.remarks
    hand.canvas.paste()
    assert len(hand.session.document.graph.remarks) == 2


def test_a_title_is_written_in_its_place(hand):
    hand.double_click(title(hand))
    assert isinstance(field(), QLineEdit)
    hand.type("Backbone")
    hand.key(Qt.Key.Key_Return)
    assert remark(hand).title == "Backbone"
    assert field() is hand.canvas
    hand.double_click(title(hand))
    hand.type("Other")
    hand.key(Qt.Key.Key_Escape)
    assert remark(hand).title == "Backbone"


@pytest.mark.parametrize(("key", "held"), [(Qt.Key.Key_Escape, 0), (Qt.Key.Key_Return, CTRL)])
def test_a_note_is_written_in_its_place(hand, key, held):
    hand.double_click(note(hand))
    assert isinstance(field(), QPlainTextEdit)
    hand.type(" more")
    hand.key(Qt.Key.Key_Return)
    hand.key(key, held or Qt.KeyboardModifier.NoModifier)
    assert remark(hand, NOTE).text == "a **note** more\n"
    assert field() is hand.canvas
    hand.session.undo()
    assert remark(hand, NOTE).text == "a **note**"


def test_ctrl_b_and_ctrl_i_write_bold_and_italic(hand):
    hand.double_click(note(hand))
    writing = field()
    writing.setPlainText("some words")
    writing.selectAll()
    hand.key(Qt.Key.Key_B, CTRL)
    assert writing.toPlainText() == "**some words**"
    hand.key(Qt.Key.Key_B, CTRL)
    hand.key(Qt.Key.Key_I, CTRL)
    assert writing.toPlainText() == "*some words*"
    writing.clear()
    hand.key(Qt.Key.Key_B, CTRL)
    hand.type("x")
    hand.key(Qt.Key.Key_Escape)
    assert remark(hand, NOTE).text == "**x**"


def test_half_a_note_is_kept_when_one_clicks_elsewhere(hand):
    hand.double_click(note(hand))
    hand.type(" more")
    hand.click(hand.view(500, 500))
    assert remark(hand, NOTE).text == "a **note** more"
    assert field() is hand.canvas


def test_half_a_note_is_saved_and_one_goes_on_writing(hand):
    hand.double_click(note(hand))
    writing = field()
    hand.type(" more")
    hand_over(hand.canvas.window())
    assert remark(hand, NOTE).text == "a **note** more"
    QApplication.processEvents()
    assert field() is writing
    hand.type(" still")
    hand.key(Qt.Key.Key_Escape)
    assert remark(hand, NOTE).text == "a **note** more still"
    hand.session.undo()
    assert remark(hand, NOTE).text == "a **note**", "one step"


def test_half_a_note_is_kept_when_another_document_is_shown(hand):
    session = hand.session
    hand.double_click(note(hand))
    hand.type(" more")
    hand.canvas.set_session(type(session)(Document(), parent=hand.canvas))
    assert session.document.graph.remarks[NOTE].text == "a **note** more"


def test_a_note_that_is_too_long_stays_open_and_says_so(hand):
    hand.double_click(note(hand))
    field().setPlainText("word\n" * (LONGEST_TEXT // 5) + "x")
    hand.key(Qt.Key.Key_Escape)
    assert isinstance(field(), QPlainTextEdit)
    assert "100,000 characters at most" in hand.messages[-1]
    field().setPlainText("word\n" * (LONGEST_TEXT // 5))
    hand.key(Qt.Key.Key_Escape)
    assert len(remark(hand, NOTE).text) == LONGEST_TEXT
    hand.canvas.grab()


def test_undo_while_one_writes_closes_the_field_of_what_is_gone(hand):
    remark_commands.add_note(hand.canvas, hand.session)
    assert isinstance(field(), QPlainTextEdit)
    hand.session.undo()
    assert field() is hand.canvas
    assert len(hand.session.document.graph.remarks) == 2


def test_a_frame_around_the_selection_asks_for_its_title(hand):
    hand.session.select(["n2", "n3"])
    remark_commands.frame_selection(hand.canvas, hand.session)
    hand.type("Tail")
    hand.key(Qt.Key.Key_Return)
    (made,) = hand.session.chosen_remarks
    assert remark(hand, made).title == "Tail"
    assert remark(hand, made).box == (-20, 76, 210, 476)
    hand.session.undo()
    hand.session.undo()
    assert made not in hand.session.document.graph.remarks


def test_enter_and_f2_write_on_what_is_selected(hand):
    hand.click(note(hand))
    hand.key(Qt.Key.Key_Return)
    assert isinstance(field(), QPlainTextEdit)
    hand.key(Qt.Key.Key_Escape)
    hand.click(title(hand))
    hand.key(Qt.Key.Key_F2)
    assert isinstance(field(), QLineEdit)


def test_frames_and_notes_are_walked_through(hand):
    for expected in (FRAME, NOTE, FRAME):
        remark_commands.step_to_next(hand.canvas, hand.session)
        assert hand.session.chosen_remarks == {expected}


def test_a_frame_is_fitted_and_what_is_in_it_selected(hand):
    hand.click(title(hand))
    remark_commands.select_contents(hand.session)
    assert hand.session.selection == {"n1", "n2"}
    remark_commands.fit_frames(hand.session)
    assert remark(hand).box == (-20, -24, 210, 176)


def test_the_menu_of_a_note_gives_it_a_colour(hand):
    hand.click(note(hand))
    menu = menus.remark_menu(hand.canvas.editor, hand.session, NOTE)
    colours = next(each for each in menu.findChildren(QMenu))
    next(action for action in colours.actions() if action.text() == "Pink").trigger()
    assert remark(hand, NOTE).color == "pink"
    assert hand.session.history.undo_label == "Change colour"


def test_a_read_only_drawing_keeps_its_notes_as_they_are(hand_on):
    hand = hand_on(remark_edits.add_note(Document(), (288, 0)), read_only="This file is newer.")
    hand.drag(note(hand), note(hand) + QPoint(100, 0))
    hand.double_click(note(hand))
    assert field() is hand.canvas
    assert set(hand.messages) == {"This file is newer."}


def test_undo_in_the_middle_of_a_drag_ends_the_drag(hand):
    hand.click(title(hand))
    hand.key(Qt.Key.Key_Right)
    hand.pull(note(hand), note(hand) + QPoint(100, 0))
    hand.session.undo()
    assert hand.canvas.gesture is None
    hand.release(note(hand))
    assert corner(hand, NOTE) == (288, 0)
