"""Notes that stand free stay beside their blocks."""

from graph import edits, remark_edits
from graph.beside import kept_beside
from graph.model import NodeId
from graph.remarks import RemarkId
from tests.drawing import draw

N1, N2, NOTE, OTHER = NodeId("n1"), NodeId("n2"), RemarkId("r3"), RemarkId("r4")


def noted():
    """Two blocks far apart, each with a note to its right."""
    document = edits.move(draw("relu gelu"), {N2: (0.0, 900.0)})
    document = remark_edits.add_note(document, (240, 0))
    return remark_edits.add_note(document, (240, 900))


def corner(document, id):
    note = document.graph.remarks[id]
    return (note.x, note.y)


def test_a_note_goes_as_far_as_its_nearest_block():
    before = noted()
    after = kept_beside(before, edits.move(before, {N1: (500.0, 50.0)}))
    assert corner(after, NOTE) == (740, 50)
    assert corner(after, OTHER) == (240, 900)


def test_a_note_is_not_left_under_a_block():
    before = noted()
    after = kept_beside(before, edits.move(before, {N2: (260.0, 20.0)}))
    assert corner(after, NOTE) == (474, 0), "to the right of all"
    assert corner(after, OTHER) == (500, 188), "below the other note"


def test_a_note_that_was_over_a_block_may_stay_there():
    before = remark_edits.move(noted(), [NOTE], (-200, 0))
    after = kept_beside(before, edits.move(before, {N1: (100.0, 0.0)}))
    assert corner(after, NOTE) == (140, 0)


def test_notes_that_went_with_a_frame_are_left_alone():
    before = noted()
    after = remark_edits.move(before, [NOTE], (7, 7))
    assert corner(kept_beside(before, after), NOTE) == (247, 7)


def test_a_note_in_a_frame_without_blocks_stays_there():
    before = remark_edits.add_frame(noted(), (200, -50, 900, 200))
    after = kept_beside(before, edits.move(before, {N1: (-500.0, 0.0)}))
    assert corner(after, NOTE) == (240, 0)
