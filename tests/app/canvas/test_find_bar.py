"""Finding blocks in the drawing, by keys and by the mouse."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest

from graph.composites.making import make
from graph.model import Document, Graph, Node, NodeId
from tests.app.canvas.hand import SHIFT
from tests.drawing import chain, set_params

CNN = "input conv2d relu conv2d flatten dense output"


def bar(hand):
    hand.canvas.editor.find()
    return hand.canvas.editor.find_bar


def nested():
    """A drawing of which two blocks stand in a composite."""
    document = chain("input dense relu dense output")
    return make(document, [NodeId("n2"), NodeId("n3")], "Hidden")


def test_enter_goes_to_the_next_found_and_shift_enter_back(hand_on):
    hand = hand_on(chain(CNN))
    found = bar(hand)
    hand.type("conv")
    assert found.count.text() == "2 found"
    hand.key(Qt.Key.Key_Return)
    assert hand.session.selection == {"n2"}
    assert found.count.text() == "1 of 2"
    hand.key(Qt.Key.Key_Return)
    assert hand.session.selection == {"n4"}
    hand.key(Qt.Key.Key_Return)
    assert hand.session.selection == {"n2"}, "it goes round"
    hand.key(Qt.Key.Key_Return, SHIFT)
    assert hand.session.selection == {"n4"}


def test_escape_closes_and_keeps_the_selection(hand_on):
    hand = hand_on(chain(CNN))
    found = bar(hand)
    hand.type("dense")
    hand.key(Qt.Key.Key_Return)
    hand.key(Qt.Key.Key_Escape)
    assert found.isHidden()
    assert hand.session.selection == {"n6"}
    assert hand.canvas.hasFocus()


def test_a_parameter_a_shape_and_a_problem_are_found(hand_on):
    document = set_params(chain(CNN), "n4", kernel_size=(5, 5))
    hand = hand_on(document)
    found = bar(hand)
    hand.type("kernel_size=5")
    assert [r.node for r in found.results] == ["n4"]
    found.field.setText("32x26x26")
    assert {r.node for r in found.results} == {"n2", "n3", "n4"}
    found.field.setText("problem")
    about = {problem.nodes[0] for problem in hand.session.problems if problem.nodes}
    assert {r.node for r in found.results} == about


def test_all_that_was_found_is_selected(hand_on):
    hand = hand_on(chain(CNN))
    found = bar(hand)
    hand.type("conv")
    QTest.mouseClick(found.all, Qt.MouseButton.LeftButton)
    assert hand.session.selection == {"n2", "n4"}


def test_going_to_a_block_inside_a_composite_enters_it(hand_on):
    hand = hand_on(nested())
    found = bar(hand)
    hand.type("relu")
    (result,) = found.results
    assert result.place == "Hidden"
    hand.key(Qt.Key.Key_Return)
    assert [step.definition for step in hand.session.place] == ["Hidden"]
    assert hand.session.selection == {result.node}
    assert not found.isHidden()


def test_a_row_of_the_list_is_gone_to_by_a_click(hand_on):
    hand = hand_on(chain(CNN))
    found = bar(hand)
    hand.type("conv")
    second = found.list.visualRect(found.list.rows.index(1, 0)).center()
    QTest.mouseClick(found.list.viewport(), Qt.MouseButton.LeftButton, pos=second)
    assert hand.session.selection == {"n4"}


def test_what_is_found_follows_an_edit(hand_on, qtbot):
    hand = hand_on(chain(CNN))
    found = bar(hand)
    hand.type("conv")
    hand.key(Qt.Key.Key_Return)
    hand.session.select([])
    hand.canvas.add_block("conv2d")
    qtbot.waitUntil(lambda: len(found.results) == 3)
    assert found.count.text() == "1 of 3"


def test_what_is_nowhere_is_said_to_be(hand_on):
    hand = hand_on(chain(CNN))
    found = bar(hand)
    hand.type("zebra")
    assert found.count.text() == "No match"
    assert not found.list.isVisible()
    hand.key(Qt.Key.Key_Return)
    assert hand.session.selection == frozenset()


def test_found_blocks_are_marked_on_the_canvas(hand_on):
    hand = hand_on(chain(CNN))
    before = hand.canvas.grab().toImage()
    bar(hand)
    hand.type("relu")
    at = hand.block("n3", dx=-97)
    changed = hand.canvas.grab().toImage()
    assert changed.pixelColor(at) != before.pixelColor(at)


def test_what_one_goes_to_is_not_under_the_bar(hand_on):
    hand = hand_on(chain(CNN))
    hand.canvas.look(hand.canvas.camera.__class__(1.0, 700.0, 0.0))
    found = bar(hand)
    hand.type("input")
    assert found.geometry().intersects(_box_of(hand, "n1"))
    hand.key(Qt.Key.Key_Return)
    assert not found.geometry().intersects(_box_of(hand, "n1"))


def _box_of(hand, id):
    return QRect(hand.block(id, -95, -33), hand.block(id, 95, 33))


def test_in_a_large_drawing_what_is_typed_is_looked_for_at_a_pause_or_at_enter(hand_on, qtbot):
    nodes = {
        NodeId(f"n{i}"): Node(NodeId(f"n{i}"), "relu", f"relu{i}", {}, 240.0 * i, 0.0)
        for i in range(2100)
    }
    hand = hand_on(Document(Graph(nodes), next_id=9000))
    found = bar(hand)
    hand.type("relu77")
    assert found.results == []
    hand.key(Qt.Key.Key_Return)
    assert hand.session.selection == {"n77"}
    hand.type("7")
    qtbot.waitUntil(lambda: [result.node for result in found.results] == ["n777"])


def test_f3_goes_on_with_what_was_looked_for_before(hand_on):
    hand = hand_on(chain(CNN))
    found = bar(hand)
    hand.type("conv")
    hand.key(Qt.Key.Key_Escape)
    found.go_on(1)
    assert hand.session.selection == {"n2"}
    found.go_on(1)
    assert hand.session.selection == {"n4"}
    found.go_on(-1)
    assert hand.session.selection == {"n2"}


def test_the_bar_fits_into_a_narrow_canvas(hand_on):
    hand = hand_on(chain(CNN))
    hand.canvas.resize(340, 300)
    found = bar(hand)
    hand.type("conv")
    assert hand.canvas.rect().contains(found.geometry())
    hand.canvas.resize(1000, 760)
    assert found.all.isVisible()
    assert hand.canvas.rect().contains(found.geometry())
