"""What of a frame or note is at a place, and how an edge is dragged; without a display."""

import math

import numpy as np
import pytest

from app.canvas.gestures.remarking import dragged
from app.canvas.remark_rows import BOTTOM, LEFT, RIGHT, TOP, Grip, RemarkRows
from graph import remark_edits
from graph.model import Document
from graph.remarks import LEAST_HEIGHT, LEAST_WIDTH, RemarkId

FRAME, NOTE = RemarkId("r1"), RemarkId("r2")


@pytest.fixture
def rows():
    """A frame of 400 x 300 at the origin, and a note of 240 x 144 in it."""
    document = remark_edits.add_frame(Document(), (0, 0, 400, 300))
    document = remark_edits.add_note(document, (100, 100))
    found = RemarkRows()
    found.follow(document.graph.remarks)
    return found


@pytest.mark.parametrize(
    ("at", "grip"),
    [
        ((200, 12), Grip(FRAME)),
        ((200, 60), None),
        ((0, 150), Grip(FRAME, LEFT)),
        ((402, 150), Grip(FRAME, RIGHT)),
        ((-3, -3), Grip(FRAME, LEFT | TOP)),
        ((400, 300), Grip(FRAME, RIGHT | BOTTOM)),
        ((200, 170), Grip(NOTE)),
        ((220, 244), Grip(NOTE, BOTTOM)),
        ((500, 500), None),
    ],
)
def test_a_frame_is_held_by_its_title_and_edges_a_note_anywhere(rows, at, grip):
    assert rows.grip_at(*at, 1.0) == grip


def test_from_afar_a_title_above_the_frame_holds_it(rows):
    assert rows.grip_at(200, -60, 0.2) == Grip(FRAME)
    assert rows.grip_at(200, -60, 1.0) is None


def test_a_box_selects_notes_that_it_touches_and_frames_that_it_surrounds(rows):
    assert rows.caught_by((50, 50, 150, 150)) == {NOTE}
    assert rows.caught_by((-10, -10, 410, 310)) == {FRAME, NOTE}
    assert rows.caught_by((500, 500, 600, 600)) == frozenset()


def test_small_frames_lie_over_large_ones_and_notes_over_all():
    document = remark_edits.add_note(Document(), (0, 0))
    document = remark_edits.add_frame(document, (0, 0, 100, 100))
    document = remark_edits.add_frame(document, (0, 0, 900, 900))
    rows = RemarkRows()
    rows.follow(document.graph.remarks)
    assert [each.id for each in rows.remarks] == ["r3", "r2", "r1"]


def test_a_preview_ends_where_the_document_has_it(rows):
    before = rows.rect.copy()
    rows.preview_move([NOTE], 10.0, 20.0)
    assert rows.rect[1, :2].tolist() == [110, 120]
    rows.end_preview()
    assert np.array_equal(rows.rect, before)


def test_dragged_edges_leave_the_others_where_they_are():
    box = (0.0, 0.0, 480.0, 240.0)
    assert dragged(box, RIGHT | BOTTOM, (20.0, -30.0), snaps=True) == (0, 0, 504, 216)
    assert dragged(box, LEFT, (10.0, 99.0), snaps=False) == (10, 0, 480, 240)
    assert dragged(box, TOP, (0.0, 1e9), snaps=True) == (0, 240 - LEAST_HEIGHT, 480, 240)
    assert dragged(box, RIGHT, (-math.inf, 0.0), snaps=False) == (0, 0, LEAST_WIDTH, 240)
