"""Fingers on a touch screen and on a touchpad."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QNativeGestureEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.canvas.search import BlockSearch
from tests.drawing import chain


@pytest.fixture(scope="module")
def screen(qapp):
    return QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen)


class Fingers:
    def __init__(self, hand, device):
        self.canvas = hand.canvas
        self.device = device

    def press(self, at, finger=0):
        QTest.touchEvent(self.canvas, self.device).press(finger, at, self.canvas).commit()

    def move(self, at, finger=0):
        QTest.touchEvent(self.canvas, self.device).move(finger, at, self.canvas).commit()

    def release(self, at, finger=0):
        QTest.touchEvent(self.canvas, self.device).release(finger, at, self.canvas).commit()

    def tap(self, at):
        self.press(at)
        self.release(at)

    def both(self, first, second):
        event = QTest.touchEvent(self.canvas, self.device)
        event.move(0, first, self.canvas).move(1, second, self.canvas).commit()

    def put_both(self, first, second):
        self.press(first)
        event = QTest.touchEvent(self.canvas, self.device)
        event.move(0, first, self.canvas).press(1, second, self.canvas).commit()

    def lift_both(self, first, second):
        event = QTest.touchEvent(self.canvas, self.device)
        event.release(0, first, self.canvas).release(1, second, self.canvas).commit()


def test_a_finger_selects_and_drags(hand_on, screen):
    hand = hand_on(chain("input relu output"))
    fingers = Fingers(hand, screen)
    fingers.tap(hand.block("n3"))
    assert hand.session.selection == {"n3"}
    start = hand.block("n2")
    fingers.press(start)
    for step in range(1, 6):
        fingers.move(start + QPoint(48 * step, 0))
    fingers.release(start + QPoint(240, 0))
    assert hand.at("n2")[0] == 240


def test_two_fingers_move_and_zoom_the_view_and_nothing_else(hand_on, screen):
    hand = hand_on(chain("input relu output"))
    fingers = Fingers(hand, screen)
    left, right = hand.block("n1"), hand.block("n1") + QPoint(100, 0)
    under = hand.canvas.at(QPointF(left + right) / 2)
    before = hand.session.document
    fingers.put_both(left, right)
    fingers.both(left + QPoint(-50, 100), right + QPoint(50, 100))
    assert hand.canvas.camera.scale == pytest.approx(2.0)
    now = hand.canvas.at(QPointF(left + right + QPoint(0, 200)) / 2)
    assert (now.x(), now.y()) == pytest.approx((under.x(), under.y()))
    fingers.lift_both(left, right)
    assert hand.session.document is before
    assert hand.canvas.gesture is None


def test_a_second_finger_cancels_what_the_first_began(hand_on, screen):
    hand = hand_on(chain("input relu output"))
    fingers = Fingers(hand, screen)
    start, before = hand.block("n2"), hand.at("n2")
    fingers.press(start)
    fingers.move(start + QPoint(60, 0))
    assert hand.canvas.gesture is not None
    event = QTest.touchEvent(hand.canvas, screen)
    event.move(0, start, hand.canvas).press(1, start + QPoint(200, 100), hand.canvas).commit()
    assert hand.canvas.gesture is None
    fingers.lift_both(start, start + QPoint(200, 100))
    assert hand.at("n2") == before


def test_two_taps_are_a_double_click(hand_on, screen):
    hand = hand_on(chain("input relu output"))
    fingers = Fingers(hand, screen)
    at = QPoint(700, 500)
    fingers.tap(at)
    fingers.tap(at)
    assert [s for s in hand.canvas.findChildren(BlockSearch) if s.isVisible()]


def test_a_finger_that_is_held_shows_the_menu(hand_on, screen, qtbot):
    hand = hand_on(chain("input relu output"))
    fingers = Fingers(hand, screen)
    fingers.press(hand.block("n2"))
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()
    fingers.release(hand.block("n2"))
    assert hand.session.selection == {"n2"}


def test_a_finger_on_a_button_over_the_canvas_presses_it(hand_on, screen):
    hand = hand_on(chain("input relu output"))
    fingers = Fingers(hand, screen)
    bar = hand.canvas.foot_bar
    button = bar.into
    at = button.mapTo(hand.canvas, button.rect().center())
    before = hand.session.selection
    fingers.tap(at)
    assert hand.canvas.gesture is None
    assert hand.session.selection == before
    assert hand.canvas.camera.scale == pytest.approx(1.25)


def test_a_pinch_on_a_touchpad_zooms_at_the_pointer(hand_on):
    hand = hand_on(chain("input relu output"))
    at = QPointF(hand.block("n2"))
    under = hand.canvas.at(at)
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice(), 2,
        at, at, QPointF(hand.canvas.mapToGlobal(at.toPoint())), 0.5, QPointF(),
    )  # fmt: skip
    QApplication.sendEvent(hand.canvas, event)
    assert hand.canvas.camera.scale == pytest.approx(1.5)
    now = hand.canvas.at(at)
    assert (now.x(), now.y()) == pytest.approx((under.x(), under.y()))
