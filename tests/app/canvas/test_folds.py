"""Collapsed frames on a mirror: what is hidden, and where its wires end."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import edits, remark_edits
from graph.change import diff
from graph.check import check
from graph.collapsing import set_frames_collapsed
from graph.framing import box_around
from graph.infer import infer
from graph.model import NodeId
from graph.remarks import BAR_HIGH, BAR_WIDE, RemarkId
from tests.app.canvas.drawings import mirror_of
from tests.app.canvas.test_mirror import facts
from tests.drawing import chain

FRAME = RemarkId("r5")
N1, N2, N3, N4 = (NodeId(f"n{n}") for n in (1, 2, 3, 4))
ALL = (-1e6, -1e6, 1e6, 1e6)


@pytest.fixture
def document():
    """Four blocks below each other, a collapsed frame r5 around the two in the middle."""
    made = chain("input dense relu output")
    made = remark_edits.add_frame(made, box_around(made.graph, [N2, N3]), "Middle")
    return set_frames_collapsed(made, [FRAME], True)


def drawn(mirror):
    """The ids of the blocks that can be seen."""
    return [mirror.ids[row] for row in mirror.nodes_in(ALL).tolist()]


def followed(before, after):
    """A mirror of a document that followed its change into another."""
    mirror, typing = mirror_of(before), infer(after)
    mirror.update(diff(before, after), after, typing, check(after, typing))
    return mirror


def test_hidden_blocks_are_not_drawn_and_their_wires_end_at_the_bar(document):
    mirror = mirror_of(document)
    left, top, right, bottom = document.graph.remarks[FRAME].shown
    middle = (left + right) / 2
    assert drawn(mirror) == [N1, N4]
    seen = mirror.edges_in(ALL).tolist()
    assert [(mirror.edges[row].source, mirror.edges[row].target) for row in seen] == [
        (N1, N2), (N3, N4),
    ]  # fmt: skip
    assert mirror.line[seen[0], 2:].tolist() == [middle, top]
    assert mirror.line[seen[1], :2].tolist() == [middle, bottom]
    assert mirror.remarks.rect[0].tolist() == [left, top, min(BAR_WIDE, right - left), BAR_HIGH]


def test_where_a_hidden_block_is_the_bar_is_shown(document):
    mirror = mirror_of(document)
    assert mirror.folds.box_of(mirror, mirror.row[N3]) == document.graph.remarks[FRAME].shown


def test_what_is_hidden_moves_with_the_bar_in_a_preview(document):
    mirror = mirror_of(document)
    before = mirror.line.copy()
    mirror.preview_move([N2, N3], 48.0, 24.0)
    assert mirror.line[0].tolist() == [*before[0, :2], before[0, 2] + 48, before[0, 3] + 24]
    mirror.end_preview()
    assert (mirror.line == before).all()


def test_an_opened_frame_shows_its_blocks_where_they_are(document):
    opened = set_frames_collapsed(document, [FRAME], False)
    assert facts(followed(document, opened)) == facts(mirror_of(opened))
    assert drawn(mirror_of(opened)) == [N1, N2, N3, N4]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from("cmfxdu"), min_size=1, max_size=12), st.integers(0, 10**6))
def test_following_changes_is_the_same_as_building_anew(steps, seed):
    chance = random.Random(seed)
    document = chain("input dense relu output")
    past, mirror, typing = [document], mirror_of(document), infer(document)
    for step in steps:
        ids, remarks = list(document.graph.nodes), list(document.graph.remarks)
        some = chance.sample(ids, min(len(ids), 2))
        if step == "f" and some:
            document = remark_edits.add_frame(document, box_around(document.graph, some))
        elif step == "c" and remarks:
            collapsed = chance.random() < 0.6
            document = set_frames_collapsed(document, chance.sample(remarks, 1), collapsed)
        elif step == "m" and remarks:
            document = remark_edits.move(document, remarks[:1], (chance.choice((24, -48)), 24))
        elif step == "x":
            document = edits.move(document, {id: (chance.randint(0, 500), 0) for id in some})
        elif step == "d":
            document = edits.remove(document, some[:1])
        else:
            document = chance.choice(past)
        typing = infer(document, typing)
        mirror.update(diff(past[-1], document), document, typing, check(document, typing))
        past.append(document)
        assert facts(mirror) == facts(mirror_of(document))
