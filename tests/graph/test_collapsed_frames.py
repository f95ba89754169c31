"""Collapsed frames: what they hide, and what goes where they go."""

from dataclasses import replace

import pytest

from graph import clipboard, edits, remark_edits
from graph.collapsing import set_frames_collapsed
from graph.fileio import dumps, loads
from graph.framing import box_around, carried, contents, refitted
from graph.hiding import hidden_in
from graph.model import NodeId
from graph.problems import UserError
from graph.remarks import BAR_HIGH, BAR_WIDE, Frame, RemarkId
from tests.drawing import chain

OUTER, NOTE, INNER = map(RemarkId, ("r5", "r6", "r7"))
MIDDLE = {NodeId("n2"), NodeId("n3")}


def framed(*collapsed):
    """Four blocks; a frame r5 around two of them and a note r6, in it a frame r7 around one."""
    document = chain("input dense relu output")
    left, top, right, bottom = box_around(document.graph, MIDDLE)
    document = remark_edits.add_frame(document, (left - 300, top - 30, right, bottom), "Middle")
    document = remark_edits.add_note(document, (left - 280, top))
    document = remark_edits.add_frame(document, box_around(document.graph, [NodeId("n2")]))
    for id in collapsed:
        document = set_frames_collapsed(document, [id], True)
    return document


def test_a_collapsed_frame_hides_what_lies_in_it_and_is_as_large_again_when_opened():
    document = framed()
    collapsed = set_frames_collapsed(document, [OUTER], True)
    assert hidden_in(collapsed.graph.remarks) == dict.fromkeys([*MIDDLE, NOTE, INNER], OUTER)
    left, top, right, bottom = collapsed.graph.remarks[OUTER].shown
    assert (right - left, bottom - top) == (BAR_WIDE, BAR_HIGH)
    assert set_frames_collapsed(collapsed, [OUTER], False) == document


def test_what_is_put_where_a_collapsed_frame_was_does_not_vanish_into_it():
    document = framed(OUTER)
    place = document.node(NodeId("n2"))
    document = edits.move(document, {NodeId("n1"): (place.x, place.y)})
    assert contents(document.graph, [OUTER])[0] == MIDDLE


def test_a_collapsed_frame_in_a_collapsed_one_stays_collapsed_when_that_opens():
    document = framed(INNER, OUTER)
    assert set(hidden_in(document.graph.remarks).values()) == {OUTER}
    opened = set_frames_collapsed(document, [OUTER], False)
    assert hidden_in(opened.graph.remarks) == {"n2": INNER}
    assert contents(opened.graph, [OUTER]) == (MIDDLE, {NOTE, INNER})


def test_frames_that_hide_each_other_do_not_both_vanish():
    document = framed(INNER, OUTER)
    damaged = replace(document.graph.remarks[INNER], hides=frozenset({OUTER, "n2", INNER}))
    hidden = hidden_in(remark_edits.put(document, [damaged]).graph.remarks)
    assert len({OUTER, INNER} - hidden.keys()) == 1


def test_what_is_hidden_goes_where_the_frame_goes():
    document = framed(OUTER)
    assert carried(document.graph, [], [OUTER]) == (MIDDLE, {OUTER, NOTE, INNER})
    after = edits.move(document, {id: (1000.0, 24.0 * n) for n, id in enumerate(MIDDLE)})
    fitted = refitted(document, after, after.graph.nodes.keys()).graph.remarks[OUTER]
    assert fitted.box[0] < 1000 < fitted.box[2]
    assert fitted.is_collapsed


def test_a_collapsed_frame_is_copied_with_what_it_hides():
    document = framed(OUTER)
    clip = clipboard.copy(document, [], [OUTER])
    pasted, ids = clipboard.paste(document, clip)
    (copy,) = (
        each for each in pasted.graph.remarks.values()
        if isinstance(each, Frame) and each.is_collapsed and each.id != OUTER
    )  # fmt: skip
    assert len(ids) == 2
    assert copy.hides == {*ids, *(pasted.graph.remarks.keys() - document.graph.remarks - {copy.id})}


def test_a_collapsed_frame_is_kept_in_the_file_and_an_open_one_says_nothing_of_it():
    document = framed(OUTER)
    assert loads(dumps(document)).document == document
    assert '"collapsed": ["n2", "n3", "r6", "r7"]' in dumps(document)
    assert "collapsed" not in dumps(framed())


@pytest.mark.parametrize("held", ["true", "[1]", '"n2"'])
def test_what_a_frame_hides_is_judged_when_a_file_is_read(held):
    text = dumps(framed(OUTER)).replace('["n2", "n3", "r6", "r7"]', held)
    with pytest.raises(UserError, match="collapsed"):
        loads(text)


def test_ids_that_are_not_there_are_passed_over():
    text = dumps(framed(OUTER)).replace('["n2", "n3", "r6", "r7"]', '["n2", "n99"]')
    assert contents(loads(text).document.graph, [OUTER]) == ({"n2"}, frozenset())
