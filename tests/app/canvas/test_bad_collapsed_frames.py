"""Collapsed frames that nobody meant to make, and gestures on them that something interrupts."""

import json
import time

import pytest
from PySide6.QtCore import QPoint, Qt

from app import states
from app.canvas.camera import LARGEST, SMALLEST
from graph import edits, fileio, remark_edits
from graph.collapsing import set_frames_collapsed
from graph.framing import box_around
from graph.hiding import hidden_in
from graph.model import NodeId
from graph.remarks import LONGEST_TITLE, RemarkId
from tests.app.canvas.anew import check
from tests.app.canvas.scenes import many
from tests.app.canvas.test_bad_input import STRANGE
from tests.app.canvas.test_interrupted import lose_focus
from tests.drawing import chain

FRAME = RemarkId("r5")
N1, N2, N3, N4 = (NodeId(f"n{n}") for n in (1, 2, 3, 4))
WILD = ("-1e9", "1e9", "NaN", "Infinity", "1e999")


def folded(title="Middle", collapsed=True):
    document = chain("input dense relu output")
    document = remark_edits.add_frame(document, box_around(document.graph, [N2, N3]), title)
    return set_frames_collapsed(document, [FRAME], collapsed)


def bar(hand):
    left, top, right, bottom = hand.session.document.graph.remarks[FRAME].shown
    return hand.view((left + right) / 2 - 30, (top + bottom) / 2)


@pytest.mark.parametrize("number", WILD)
def test_frames_and_blocks_far_away_or_nowhere_are_shown_and_opened(hand_on, number):
    text = fileio.dumps(folded())
    data = json.loads(text)
    data["frames"][0]["at"] = ["X", "X"]
    data["nodes"][1]["at"] = ["X", 0]
    hand = hand_on(fileio.loads(json.dumps(data).replace('"X"', number)).document)
    for scale in (SMALLEST, 1.0, LARGEST):
        hand.canvas.zoom_to(scale)
        hand.canvas.grab()
    hand.canvas.fit()
    hand.canvas.center_on([N2])
    hand.canvas.grab()
    states.toggle_collapsed(hand.session, (), [FRAME])
    hand.canvas.auto_layout()
    check(hand.canvas)
    hand.session.undo()
    hand.session.undo()
    check(hand.canvas)
    assert set(hidden_in(hand.session.document.graph.remarks)) == {N2, N3}


@pytest.mark.parametrize("text", STRANGE)
def test_strange_titles_are_shown_on_collapsed_frames(hand_on, text):
    hand = hand_on(folded(text[:LONGEST_TITLE]))
    for scale in (SMALLEST, 0.3, 0.45, 0.6, 1.0, LARGEST):
        hand.canvas.zoom_to(scale)
        assert not hand.canvas.grab().isNull()
    states.toggle_collapsed(hand.session, (), [FRAME])
    hand.canvas.grab()
    check(hand.canvas)


def test_a_frame_that_hides_forty_frames_and_ten_thousand_names_opens_soon(hand_on):
    data = json.loads(fileio.dumps(folded()))
    names = [f"n{n}" for n in range(10_000)] + [f"r{n}" for n in range(5, 45)]
    data["frames"] = [
        {"id": f"r{n}", "at": [n, n], "size": [200, 100], "title": "x", "collapsed": names}
        for n in range(5, 45)
    ]
    begun = time.perf_counter()
    hand = hand_on(fileio.loads(json.dumps(data)).document)
    hand.canvas.grab()
    check(hand.canvas)
    visible = {each.id for each in hand.canvas.mirror.remarks.remarks}
    assert len(visible) == 1
    states.toggle_collapsed(hand.session, (), visible)
    assert time.perf_counter() - begun < 10
    check(hand.canvas)


@pytest.mark.parametrize("held", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier])
def test_a_drag_of_a_collapsed_frame_ends_when_another_window_comes_to_the_front(hand_on, held):
    hand = hand_on(folded())
    before = hand.session.root
    hand.pull(bar(hand), bar(hand) + QPoint(200, 90), held)
    hand.canvas.grab()
    lose_focus(hand)
    assert hand.canvas.gesture is None
    assert hand.session.root == before
    check(hand.canvas)


@pytest.mark.parametrize("way", ["undo", "open", "delete", "load", "escape"])
def test_a_drag_of_a_collapsed_frame_that_is_overtaken_ends_well(hand_on, way):
    hand = hand_on(folded(collapsed=False))
    states.toggle_collapsed(hand.session, (), [FRAME])
    end = bar(hand) + QPoint(200, 90)
    hand.pull(bar(hand), end)
    session = hand.session
    {
        "undo": hand.canvas.undo,
        "open": lambda: states.toggle_collapsed(session, (), [FRAME]),
        "delete": lambda: session.apply("Delete", lambda d: edits.remove(d, [N2, N3])),
        "load": lambda: session.load(folded("Other"), None),
        "escape": lambda: hand.key(Qt.Key.Key_Escape),
    }[way]()
    hand.move(end)
    hand.release(end)
    hand.canvas.grab()
    check(hand.canvas)
    if way in ("undo", "open", "escape"):
        assert hand.at("n2") == (0, 100)


def test_a_frame_whose_blocks_are_all_gone_can_be_opened_and_deleted(hand_on):
    hand = hand_on(folded())
    hand.session.apply("Delete", lambda d: edits.remove(d, [N2, N3], heal=True))
    hand.canvas.grab()
    check(hand.canvas)
    hand.double_click(bar(hand))
    assert not hand.session.document.graph.remarks[FRAME].is_collapsed
    hand.session.select((), [FRAME])
    hand.canvas.delete_selection()
    assert hand.kinds() == ["input", "output"]
    check(hand.canvas)


def test_ten_thousand_blocks_in_a_collapsed_frame_are_moved_and_opened_soon(hand_on):
    document = remark_edits.add_frame(many(), (-24, -48, 24_500, 11_500), "All")
    (id,) = document.graph.remarks
    hand = hand_on(document)
    begun = time.perf_counter()
    states.toggle_collapsed(hand.session, (), [id])
    hand.canvas.grab()
    hand.session.select((), [id])
    hand.key(Qt.Key.Key_Right)
    hand.canvas.grab()
    states.toggle_collapsed(hand.session, (), [id])
    hand.canvas.grab()
    assert hand.at("n1") != (0, 0)
    assert time.perf_counter() - begun < 10
