"""The arrow keys move the selection by a step, a long one, or one px."""

import pytest
from PySide6.QtCore import Qt

from app.canvas.gestures import keys
from tests.app.canvas.hand import ALT, PLAIN, SHIFT
from tests.drawing import draw


@pytest.fixture
def hand(hand_on):
    hand = hand_on(draw("relu gelu"))
    hand.session.select(["n1"])
    return hand


@pytest.mark.parametrize(("held", "step"), [(PLAIN, 24.0), (SHIFT, 120.0), (ALT | SHIFT, 1.0)])
def test_the_keys_held_say_how_far(hand, held, step):
    hand.key(Qt.Key.Key_Right, held)
    hand.key(Qt.Key.Key_Up, held)
    assert hand.at("n1") == (step, -step)


def test_a_run_of_presses_is_one_step_and_the_next_run_another(hand, qtbot, monkeypatch):
    hand.key(Qt.Key.Key_Right)
    hand.key(Qt.Key.Key_Right)
    monkeypatch.setattr(keys, "RUN_MS", 0)
    qtbot.waitUntil(lambda: hand.canvas.editor.pause.elapsed() > 0)
    hand.key(Qt.Key.Key_Right)
    assert hand.at("n1") == (72.0, 0.0)
    hand.session.undo()
    assert hand.at("n1") == (48.0, 0.0)
    hand.session.undo()
    assert hand.at("n1") == (0.0, 0.0)


def test_another_selection_begins_another_step(hand):
    hand.key(Qt.Key.Key_Right)
    hand.session.select(["n1", "n2"])
    hand.key(Qt.Key.Key_Right)
    hand.session.undo()
    assert (hand.at("n1"), hand.at("n2")) == ((24.0, 0.0), (0.0, 100.0))
