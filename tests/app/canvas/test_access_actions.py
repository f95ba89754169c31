"""A screen reader can do with each block what others do by mouse and keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleActionInterface
from PySide6.QtWidgets import QApplication, QMenu

from app.canvas.access_actions import FOCUS, MENU, PRESS, RENAME, TOGGLE
from graph import edits
from graph.composites.making import make
from graph.model import NodeId
from tests.drawing import chain

N1, N2, N3 = NodeId("n1"), NodeId("n2"), NodeId("n3")


@pytest.fixture
def hand(hand_on):
    return hand_on(chain("input conv2d relu output"))


def actions(hand, id=N2):
    """What Qt's bridges to screen readers get when they ask for the actions of a block."""
    return hand.canvas.access.item(id).actionInterface()


def test_every_action_has_a_name_and_a_description(hand):
    found = actions(hand)
    assert set(found.actionNames()) == {PRESS, FOCUS, MENU, RENAME, TOGGLE}
    for name in found.actionNames():
        assert found.localizedActionName(name)
        assert found.localizedActionDescription(name)
    assert found.keyBindingsForAction(PRESS) == ["Return"]


def test_a_block_answers_for_nothing_else_that_qt_asks(hand):
    item = hand.canvas.access.item(N2)
    asked = ("text", "value", "tableCell", "editableText", "selection", "attributes")
    assert [getattr(item, f"{what}Interface")() for what in asked] == [None] * 6


def test_the_focus_action_selects_a_block_and_brings_it_into_view(hand):
    hand.canvas.look(hand.canvas.camera.panned(0, 5000))
    actions(hand).doAction(FOCUS)
    assert hand.session.selection == {N2}
    y = hand.canvas.camera.to_view(0, hand.at("n2")[1])[1]
    assert 0 <= y <= hand.canvas.height()


def test_pressing_a_block_edits_its_parameters_and_a_composite_is_entered(hand_on):
    hand = hand_on(make(chain("input conv2d relu output"), [N2, N3], "Stage"))
    (stage,) = (id for id, node in hand.session.document.graph.nodes.items() if node.definition)
    actions(hand, stage).doAction(PRESS)
    assert hand.session.place
    hand.canvas.leave()
    actions(hand, N1).doAction(PRESS)
    assert QApplication.focusWidget() is not hand.canvas


def test_the_menu_of_a_block_is_shown(hand):
    actions(hand).doAction(MENU)
    (menu,) = (each for each in hand.canvas.findChildren(QMenu) if each.isVisible())
    assert hand.session.selection == {N2}
    menu.close()


def test_a_block_is_collapsed_and_renamed(hand):
    actions(hand).doAction(TOGGLE)
    assert hand.session.document.node(N2).collapsed
    actions(hand).doAction(RENAME)
    hand.type("stem")
    hand.key(Qt.Key.Key_Return)
    assert hand.session.document.node(N2).name == "stem"


def test_the_actions_of_a_block_that_is_gone_do_nothing(hand):
    found = actions(hand)
    own = hand.canvas.access.item(N2)._actions
    hand.session.apply("Delete", lambda d: edits.remove(d, [N2]))
    assert isinstance(own, QAccessibleActionInterface)
    own.doAction(FOCUS)
    assert hand.session.selection == frozenset()
    assert found is own


def test_no_action_changes_a_document_that_is_read_only(hand_on):
    hand = hand_on(chain("input conv2d"), read_only="It is newer.")
    before = hand.session.document
    for name in (TOGGLE, RENAME, PRESS):
        actions(hand).doAction(name)
    assert hand.session.document == before
    assert QAccessible.queryAccessibleInterface(hand.canvas).childCount()
