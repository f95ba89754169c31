"""A hand that plays with frames, notes and blocks never leaves a mess."""

import random

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from app.canvas import remark_commands
from app.canvas.mirror import Mirror
from graph import remark_edits
from graph.framing import box_around
from tests.app.canvas import test_restless_hand as blocks
from tests.app.canvas.hand import ALT, CTRL, PLAIN, SHIFT
from tests.drawing import chain

STEPS = 40


def somewhere(hand, rng):
    """A title, an edge or the inside of a frame or note; a block; or anywhere."""
    rect = hand.canvas.mirror.remarks.rect
    if not len(rect) or rng.random() < 0.3:
        return blocks.somewhere(hand, rng)
    x, y, width, height = rect[rng.randrange(len(rect))].tolist()
    at = hand.view(x + width * rng.choice((0, 0.5, 1)), y + rng.choice((0, 10, height / 2, height)))
    inside = hand.canvas.rect().adjusted(30, 30, -30, -30)
    return at if inside.contains(at) else inside.center()


def act(hand, rng):
    """One thing that a hand does."""
    canvas, session = hand.canvas, hand.session
    held = rng.choice((PLAIN, PLAIN, SHIFT, CTRL, ALT))
    match rng.randrange(9):
        case 0:
            remark_commands.add_note(canvas, session)
            hand.type("x")
        case 1:
            remark_commands.frame_selection(canvas, session)
        case 2 | 3:
            hand.drag(somewhere(hand, rng), somewhere(hand, rng), held)
        case 4:
            hand.pull(somewhere(hand, rng), somewhere(hand, rng), held)
            hand.key(Qt.Key.Key_Escape)
            hand.release(QPoint(5, 5))
        case 5:
            hand.double_click(somewhere(hand, rng))
            rng.choice((session.undo, session.redo, canvas.auto_layout))()
        case 6:
            remark_commands.step_to_next(canvas, session)
            remark_commands.select_contents(session)
        case _:
            blocks.act(hand, rng)
    if canvas.focusWidget() is not None and canvas.focusWidget() is not canvas:
        hand.key(Qt.Key.Key_Escape)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_a_hand_does_with_frames_and_notes_can_be_undone(hand_on, seed):
    rng = random.Random(seed)
    document = chain("input conv2d relu dense output")
    box = box_around(document.graph, list(document.graph.nodes)[1:3])
    before = remark_edits.add_frame(document, box, "Encoder")
    hand = hand_on(before)
    for _ in range(STEPS):
        act(hand, rng)
        assert hand.canvas.gesture is None
        session, mirror = hand.session, hand.canvas.mirror
        fresh = Mirror(session.registry)
        fresh.rebuild(session.document, session.typing, session.problems)
        assert np.array_equal(mirror.rect, fresh.rect)
        assert mirror.remarks.remarks == fresh.remarks.remarks
        assert np.array_equal(mirror.remarks.rect, fresh.remarks.rect)
        assert mirror.remarks.selection == session.chosen_remarks
        assert mirror.selection == session.selection
    hand.canvas.grab()
    while hand.session.history.undo_label:
        hand.session.undo()
    assert hand.session.document == before
