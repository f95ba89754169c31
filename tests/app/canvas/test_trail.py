"""Back and forward through places that were looked at, and bookmarks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from app.canvas.camera import Camera
from app.canvas.spots import Spot, spot_from
from app.canvas.trail import zoom_to_selection
from graph.composites.making import make
from graph.composites.places import Step
from graph.model import NodeId
from tests.drawing import chain

ONE = Camera(1.0, 300.0, 60.0)
ELSEWHERE = Camera(1.0, -2000.0, -1500.0)


def nested():
    return make(chain("input dense relu dense output"), [NodeId("n2"), NodeId("n3")], "Hidden")


def trail_of(hand):
    return hand.canvas.editor.trail


def at_rest(hand, camera=ONE):
    """The trail, with a view that was looked at."""
    hand.canvas.look(camera)
    trail_of(hand).arrive()
    return trail_of(hand)


def seen(hand):
    camera = hand.canvas.camera
    return pytest.approx((camera.scale, camera.dx, camera.dy))


def numbers(camera):
    return (camera.scale, camera.dx, camera.dy)


def test_back_and_forward_go_through_jumps(hand_on):
    hand = hand_on(chain("input dense output"))
    trail = at_rest(hand)
    hand.canvas.look(ELSEWHERE)
    trail.back()
    assert numbers(ONE) == seen(hand)
    trail.forward()
    assert numbers(ELSEWHERE) == seen(hand)
    trail.back()
    assert numbers(ONE) == seen(hand)
    assert hand.messages == []


def test_a_new_place_takes_the_way_forward_away(hand_on):
    hand = hand_on(chain("input dense output"))
    trail = at_rest(hand)
    hand.canvas.look(ELSEWHERE)
    trail.back()
    hand.canvas.look(Camera(1.0, 5000.0, 0.0))
    trail.forward()
    assert "no later place" in hand.messages[-1]


def test_where_there_is_no_other_place_it_is_said(hand_on):
    hand = hand_on(chain("input dense output"))
    trail_of(hand).back()
    trail_of(hand).forward()
    assert "no later place" in hand.messages[-1]


def test_back_leaves_a_composite_that_was_entered_and_forward_enters_it(hand_on):
    hand = hand_on(nested())
    (id,) = (n.id for n in hand.session.document.graph.nodes.values() if n.definition)
    at_rest(hand)
    hand.session.enter(id)
    trail_of(hand).back()
    assert hand.session.place == ()
    assert numbers(ONE) == seen(hand)
    trail_of(hand).forward()
    assert [step.definition for step in hand.session.place] == ["Hidden"]


def test_a_view_that_is_moved_slowly_counts_where_it_comes_to_rest(hand_on, qtbot):
    hand = hand_on(chain("input dense output"))
    trail = at_rest(hand)
    for _ in range(30):
        hand.canvas.look(hand.canvas.camera.panned(40, 0))
    qtbot.waitUntil(lambda: trail.places_back == 1)
    trail.back()
    assert numbers(ONE) == seen(hand)


def test_the_buttons_at_the_side_of_a_mouse_go_too(hand_on):
    hand = hand_on(chain("input dense output"))
    at_rest(hand)
    hand.canvas.look(ELSEWHERE)
    QTest.mouseClick(hand.canvas, Qt.MouseButton.BackButton, pos=QPoint(500, 300))
    assert numbers(ONE) == seen(hand)
    QTest.mouseClick(hand.canvas, Qt.MouseButton.ForwardButton, pos=QPoint(500, 300))
    assert numbers(ELSEWHERE) == seen(hand)


def test_a_place_that_is_gone_is_passed_by(hand_on):
    hand = hand_on(nested())
    (id,) = (n.id for n in hand.session.document.graph.nodes.values() if n.definition)
    hand.session.enter(id)
    hand.session.leave()
    trail_of(hand).arrive()
    hand.session.select([id])
    hand.canvas.delete_selection()
    for _ in range(4):
        trail_of(hand).back()
    assert "no earlier place" in hand.messages[-1]


def test_a_bookmark_is_gone_to_from_anywhere(hand_on):
    hand = hand_on(nested())
    (id,) = (n.id for n in hand.session.document.graph.nodes.values() if n.definition)
    hand.session.enter(id)
    hand.canvas.look(Camera(0.8, 10.0, 20.0))
    trail_of(hand).set_bookmark(3)
    hand.session.leave()
    trail_of(hand).go_to_bookmark(3)
    assert [step.definition for step in hand.session.place] == ["Hidden"]
    camera = hand.canvas.camera
    assert (camera.scale, camera.dx, camera.dy) == pytest.approx((0.8, 10.0, 20.0))
    trail_of(hand).go_to_bookmark(4)
    assert "not set" in hand.messages[-1]


def test_the_selection_is_shown_as_large_as_it_fits(hand_on):
    hand = hand_on(chain("input dense relu dense output"))
    hand.canvas.set_options(hand.canvas.options.__class__(animated=False))
    hand.canvas.look(Camera(0.2, -900.0, -900.0))
    hand.session.select(["n3"])
    zoom_to_selection(hand.canvas)
    assert hand.canvas.camera.scale == 1.0
    assert hand.canvas.rect().contains(hand.block("n3"))
    hand.session.select([])
    zoom_to_selection(hand.canvas)
    assert hand.canvas.rect().contains(hand.block("n1"))
    assert hand.canvas.rect().contains(hand.block("n5"))


def test_a_spot_is_written_and_read_back():
    spot = Spot((Step("Hidden", NodeId("n7")), Step("Free")), -12.5, 40.0, 0.75)
    assert spot_from(spot.to_text()) == spot


@pytest.mark.parametrize("text", ["", "[]", "[1,2,3,4]", '[[], "a", 0, 1]', "[[], NaN, 0, 1]", "{"])
def test_what_is_no_spot_is_passed_over(text):
    assert spot_from(text) is None


def test_a_spot_keeps_the_middle_in_a_view_of_another_size():
    spot = Spot.seen((), Camera(0.5, 100.0, 50.0), 800, 600)
    camera = spot.camera(400, 300)
    assert QPointF(*camera.to_view(spot.x, spot.y)) == QPointF(200, 150)
