"""A picture of the inside of a composite, without going there."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.insides import MOST_TYPED, Insides, looked_into
from app.canvas.peek import HELD_MS, Peek, peek
from app.session import Session
from app.theme import LIGHT
from graph import edits
from graph.composites.making import make
from graph.infer import infer
from graph.kinds import kinds_of
from graph.model import NodeId
from tests.app.canvas.hand import ALT
from tests.drawing import chain, draw, set_params

Key = Qt.Key


def nested():
    """An Input, a composite that holds another, and an Output; and the ids of the two."""
    document = chain("input conv2d relu conv2d flatten output")
    ids = list(document.graph.nodes)
    document = make(document, ids[1:3], "Inner")
    inner = next(id for id, node in document.graph.nodes.items() if node.definition)
    document = make(document, [inner, ids[3]], "Outer")
    outer = next(id for id, node in document.graph.nodes.items() if node.definition)
    return document, outer, inner


@pytest.fixture
def looking(hand_on):
    """A hand on the drawing, and the picture of its composite."""
    document, outer, _ = nested()
    hand = hand_on(document)
    hand.session.select([outer])
    shown = peek(hand.canvas)
    assert shown is not None
    return hand, shown


def test_it_shows_the_definition_with_its_shapes_and_its_size(looking):
    hand, shown = looking
    inside = shown.inside
    assert shown.title.text() == "Outer"
    assert shown.facts.text().startswith("4 blocks   9.6 K params")
    assert {node.kind for node in inside.document.graph.nodes.values()} == {
        "input", "def:Inner", "conv2d", "output",
    }  # fmt: skip
    assert inside.typing.types, "shapes are known"
    assert shown.accessibleName() == "Inside Outer"
    assert hand.canvas.rect().contains(shown.geometry())
    assert hand.session.place == ()


def test_escape_closes_it_and_the_canvas_has_the_keys_again(looking):
    hand, shown = looking
    assert QApplication.focusWidget() is shown
    hand.key(Key.Key_Escape)
    assert not shown.isVisible() and QApplication.focusWidget() is hand.canvas
    assert hand.session.selection, "it closes, and does no more"


def test_enter_goes_there(looking):
    hand, _ = looking
    hand.key(Key.Key_Return)
    assert [step.definition for step in hand.session.place] == ["Outer"]


def test_tab_marks_a_composite_in_it_and_enter_goes_on_to_that(looking):
    hand, shown = looking
    _, _, inner = nested()
    hand.key(Key.Key_Tab)
    assert shown.marked == inner
    hand.key(Key.Key_Return)
    assert [step.definition for step in hand.session.place] == ["Outer", "Inner"]


def test_down_looks_into_a_nested_one_and_up_comes_back(looking):
    hand, shown = looking
    hand.key(Key.Key_Down)
    assert shown.title.text() == "Outer › Inner"
    assert {node.kind for node in shown.inside.document.graph.nodes.values()} >= {"relu"}
    hand.key(Key.Key_Down)
    assert shown.title.text() == "Outer › Inner", "there is none in it"
    hand.key(Key.Key_Up)
    assert shown.title.text() == "Outer" and shown.isVisible()
    hand.key(Key.Key_Up)
    hand.key(Key.Key_Down)
    hand.key(Key.Key_Return)
    assert [step.definition for step in hand.session.place] == ["Outer", "Inner"]


def test_letting_go_of_the_held_key_closes_and_a_tap_leaves_it_open(looking, qtbot):
    hand, shown = looking
    QTest.keyRelease(shown, Key.Key_V)
    assert shown.isVisible(), "it was a tap"
    again = peek(hand.canvas)
    assert not shown.isVisible()
    qtbot.waitUntil(lambda: again._since.hasExpired(HELD_MS))
    QTest.keyRelease(again, Key.Key_Shift)
    assert again.isVisible()
    QTest.keyRelease(again, Key.Key_V)
    QTest.keyPress(again, Key.Key_V)
    assert again.isVisible(), "the desktop told of a repeat so"
    QTest.keyRelease(again, Key.Key_V)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is hand.canvas)


def test_it_works_inside_a_composite_as_well(hand_on):
    document, outer, inner = nested()
    hand = hand_on(document)
    hand.session.enter(outer)
    shown = peek(hand.canvas, inner)
    assert shown.title.text() == "Inner"
    hand.key(Key.Key_Return)
    assert [step.definition for step in hand.session.place] == ["Outer", "Inner"]


def test_a_click_with_alt_looks_inside_and_a_click_elsewhere_closes(hand_on):
    document, outer, _ = nested()
    hand = hand_on(document)
    hand.click(hand.block(outer), ALT)
    (shown,) = hand.canvas.findChildren(Peek)
    assert shown.isVisible()
    hand.click(hand.canvas.rect().bottomLeft())
    assert not shown.isVisible()


def test_a_click_on_a_composite_in_the_picture_looks_into_it(looking):
    _, shown = looking
    _, _, inner = nested()
    left, top, right, bottom = shown.inside.mirror.boxes_of([inner])[0]
    camera = shown.picture._camera
    at = QPointF(*camera.to_view((left + right) / 2, (top + bottom) / 2))
    QTest.mouseClick(shown, Qt.MouseButton.LeftButton, pos=shown.picture.mapToParent(at).toPoint())
    assert shown.title.text() == "Outer › Inner"


def test_without_a_composite_it_says_what_to_do(hand_on):
    hand = hand_on(chain("input dense"))
    hand.session.select(["n2"])
    assert peek(hand.canvas) is None
    assert hand.messages == ["Select a composite to look inside, or point at one."]


def test_an_edit_meanwhile_closes_it(looking):
    hand, shown = looking
    hand.session.apply("Add", lambda document: edits.add(document, "relu"))
    assert not shown.isVisible()


def test_another_document_closes_it(looking):
    hand, shown = looking
    hand.canvas.set_session(Session(chain("input dense"), parent=hand.canvas))
    assert not shown.isVisible()


def test_it_fits_on_a_small_canvas(hand_on):
    document, outer, _ = nested()
    hand = hand_on(document)
    hand.canvas.resize(480, 360)
    shown = peek(hand.canvas, outer)
    most = hand.canvas.rect().adjusted(10, 10, -10, -10)
    assert most.contains(shown.geometry())


def test_it_is_painted_in_the_colours_of_the_canvas(looking):
    hand, shown = looking
    before = shown.picture.grab().toImage()
    hand.canvas.set_theme(LIGHT)
    assert shown.picture.grab().toImage() != before


def test_what_was_seen_is_remembered_until_it_differs(hand_on):
    document, outer, _ = nested()
    kinds, typing = kinds_of(document), infer(document)
    insides = Insides()
    first = insides.of(document, typing, kinds, (outer,))
    assert insides.of(document, typing, kinds, (outer,)) is first
    other = edits.rename_document(document, "other")
    assert insides.of(other, typing, kinds, (outer,)) is not first


def test_a_very_large_definition_is_shown_at_once(qapp):
    document = draw("input " + "relu " * (3 * MOST_TYPED))
    ids = list(document.graph.nodes)
    document = make(document, ids[1:], "Large")
    instance = NodeId(next(id for id, node in document.graph.nodes.items() if node.definition))
    typing, kinds = infer(document), kinds_of(document)
    begun = time.process_time()
    inside = looked_into(document, typing, kinds, instance)
    assert time.process_time() - begun < 0.5
    assert len(inside.mirror.ids) >= 3 * MOST_TYPED


def test_an_instance_of_what_is_unfinished_is_shown(hand_on):
    document, outer, _ = nested()
    document = set_params(document, "n1", shape="4")
    hand = hand_on(document)
    assert hand.session.problems
    shown = peek(hand.canvas, outer)
    assert shown.facts.text().startswith("4 blocks")
    assert not shown.grab().isNull()
