"""Gestures that something interrupts leave everything as it was."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication

from tests.app.canvas.hand import ALT, PLAIN
from tests.drawing import chain

FAR = QPoint(180, 40)


def lose_focus(hand, reason=Qt.FocusReason.ActiveWindowFocusReason):
    QApplication.sendEvent(hand.canvas, QFocusEvent(QEvent.Type.FocusOut, reason))


def pull(hand, what):
    """Begins a drag of a block, a wire, a box or a lasso."""
    held = ALT if what == "block out of its wires" else PLAIN
    if what == "lasso":
        hand.canvas.editor.take_lasso()
    at = {
        "wire": hand.port("n2", "y", out=True),
        "box": hand.block("n1", dx=-200),
        "lasso": hand.block("n1", dx=-200),
    }.get(what, hand.block("n2"))
    hand.pull(at, at + FAR, held)
    return at + FAR


@pytest.mark.parametrize("what", ["block", "block out of its wires", "wire", "box", "lasso"])
def test_a_drag_ends_without_effect_when_another_window_comes_to_the_front(hand_on, what):
    hand = hand_on(chain("input relu output"))
    before = hand.session.root
    end = pull(hand, what)
    assert hand.canvas.gesture is not None
    lose_focus(hand)
    assert hand.canvas.gesture is None
    hand.release(end)
    assert hand.session.root == before
    assert hand.canvas.mirror.rect[1, 0] == before.node("n2").x


def test_a_drag_whose_release_went_elsewhere_ends_without_effect(hand_on):
    hand = hand_on(chain("input relu output"))
    before = hand.session.root
    end = pull(hand, "block")
    hand.move(end, buttons=Qt.MouseButton.NoButton)
    assert hand.canvas.gesture is None
    assert hand.session.root == before


def test_a_block_that_is_dragged_from_the_palette_needs_no_focus(hand_on):
    hand = hand_on(chain("input relu output"))
    at = hand.block("n2", dx=300)
    hand.carry("dense", at)
    lose_focus(hand)
    hand.drop("dense", at)
    assert hand.kinds() == ["input", "relu", "output", "dense"]


@pytest.mark.parametrize("what", ["block", "wire", "box", "lasso"])
def test_a_document_that_is_replaced_in_mid_drag_stays_as_it_is(hand_on, what):
    hand = hand_on(chain("input relu output"))
    end = pull(hand, what)
    other = chain("input dense output")
    hand.session.load(other, None)
    assert hand.canvas.gesture is None
    hand.move(end)
    hand.release(end)
    assert hand.session.root == other


@pytest.mark.parametrize("what", ["block", "wire", "box", "lasso"])
def test_undo_in_mid_drag_takes_the_step_back_and_ends_the_drag(hand_on, what):
    before = chain("input relu output")
    hand = hand_on(before)
    hand.canvas.add_block("dense")
    end = pull(hand, what)
    hand.canvas.undo()
    hand.move(end)
    hand.release(end)
    assert hand.session.root == before
