"""A hand that does one thing after another, at random places, never leaves a mess."""

import random
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from app.canvas import arrange, picking
from app.canvas.highlights import NO_HIGHLIGHTS
from app.canvas.mirror import Mirror
from graph.model import Document
from tests.app.canvas.hand import ALT, CTRL, PLAIN, SHIFT
from tests.drawing import chain

KINDS = ("relu", "dense", "conv2d", "add", "concat", "input", "output", "flatten")
KEYS = (
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Escape,
    Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Home,
)  # fmt: skip
ARRANGING = (
    partial(arrange.align, side="centre"), partial(arrange.align, side="top"),
    partial(arrange.distribute, along="x"), arrange.tidy, arrange.lay_out_selection,
    arrange.take_out, picking.upstream, picking.downstream, picking.connected,
    picking.similar, picking.invert,
)  # fmt: skip
STEPS = 60


def somewhere(hand, rng):
    """A port, a block, a wire, or anywhere."""
    mirror, canvas = hand.canvas.mirror, hand.canvas
    choice = rng.randrange(5)
    if choice < 2 and mirror.ids:
        row = rng.randrange(len(mirror.ids))
        spot = rng.choice(mirror.layouts[row].spots)
        x, y = mirror.rect[row, 0] + spot.x, mirror.rect[row, 1] + spot.y
    elif choice == 2 and mirror.ids:
        x, y = mirror.rect[rng.randrange(len(mirror.ids)), :2] + (90, 30)
    elif choice == 3 and mirror.edges:
        x1, y1, x2, y2 = mirror.line[rng.randrange(len(mirror.edges))]
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
    else:
        return QPoint(rng.randrange(40, canvas.width() - 40), rng.randrange(40, 700))
    at = hand.view(x, y)
    inside = canvas.rect().adjusted(30, 30, -30, -30)
    return at if inside.contains(at) else inside.center()


def act(hand, rng):
    """One thing that a hand does."""
    canvas = hand.canvas
    held = rng.choice((PLAIN, PLAIN, SHIFT, CTRL, ALT))
    match rng.randrange(14):
        case 0:
            hand.drop(rng.choice(KINDS), somewhere(hand, rng))
        case 1 | 2 | 3:
            hand.drag(somewhere(hand, rng), somewhere(hand, rng), held)
        case 4:
            hand.pull(somewhere(hand, rng), somewhere(hand, rng), held)
            hand.key(Qt.Key.Key_Escape)
            hand.release(QPoint(5, 5))
        case 5:
            hand.click(somewhere(hand, rng), held)
        case 6:
            hand.key(rng.choice(KEYS), rng.choice((PLAIN, CTRL, SHIFT)))
        case 7:
            canvas.add_block(rng.choice(KINDS))
        case 8:
            rng.choice((canvas.copy, canvas.paste, canvas.duplicate, canvas.select_all))()
        case 9:
            canvas.delete_selection(heal=rng.random() < 0.5)
        case 10:
            rng.choice((hand.session.undo, hand.session.redo, canvas.auto_layout))()
        case 11:
            hand.pull(somewhere(hand, rng), somewhere(hand, rng), held)
            hand.session.undo()
            hand.release(QPoint(5, 5))
        case 12:
            rng.choice(ARRANGING)(canvas)
        case 13:
            canvas.editor.take_lasso()
            hand.drag(somewhere(hand, rng), somewhere(hand, rng), held)
    # a wire dropped on the ground, or a double click, opened a search
    if canvas.focusWidget() is not None and canvas.focusWidget() is not canvas:
        hand.key(Qt.Key.Key_Escape)


def courses(mirror):
    """The ends of every wire, and its lane where it leads up."""
    lanes = np.nan_to_num(mirror.lane, nan=-1e9).tolist()
    ends = mirror.line.tolist()
    return {edge: (end, lane) for edge, end, lane in zip(mirror.edges, ends, lanes, strict=True)}


@pytest.mark.parametrize("seed", range(6))
def test_whatever_a_hand_does_ends_well_and_can_be_undone(hand_on, seed):
    rng = random.Random(seed)
    before: Document = chain("input conv2d relu flatten dense output")
    hand = hand_on(before)
    for _ in range(STEPS):
        act(hand, rng)
        assert hand.canvas.gesture is None
        session, mirror = hand.session, hand.canvas.mirror
        fresh = Mirror(session.registry)
        fresh.rebuild(session.document, session.typing, session.problems)
        assert mirror.ids == fresh.ids
        assert np.array_equal(mirror.rect, fresh.rect)
        assert courses(mirror) == courses(fresh)
        assert mirror.selection == session.selection
        assert mirror.chosen_edges <= set(mirror.edges)
        assert not hand.canvas.highlights.hidden
        assert not hand.canvas.highlights.refusing
    hand.canvas.grab()
    while hand.session.history.undo_label:
        hand.session.undo()
    assert hand.session.document == before
    hand.canvas.highlight(NO_HIGHLIGHTS)
