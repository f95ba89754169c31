"""Searching a block on the canvas."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from app.canvas.search import BlockSearch
from graph import edits
from graph.block import Role
from graph.composites.making import make
from graph.composites.parameters import add_parameter
from graph.data import Column, DataInfo
from graph.model import NodeId
from tests.app.canvas.hand import CTRL, SHIFT
from tests.drawing import chain, draw


def popup(hand):
    """The open search; None where there is none."""
    found = [child for child in hand.canvas.findChildren(BlockSearch) if child.isVisible()]
    assert len(found) < 2
    return found[0] if found else None


def test_a_double_click_on_the_ground_adds_what_is_searched(hand_on):
    hand = hand_on(draw("input"))
    hand.double_click(hand.view(400, 300))
    hand.type("relu")
    hand.key(Qt.Key.Key_Return)
    assert hand.kinds() == ["input", "relu"]
    x, y = hand.at("n2")
    assert abs(x + 95 - 400) <= 12
    assert abs(y + 33 - 300) <= 12
    assert hand.edges() == []
    assert hand.canvas.hasFocus()
    assert popup(hand) is None


def test_tab_adds_in_the_view_where_nothing_is_selected(hand_on):
    hand = hand_on(draw("input"))
    hand.key(Qt.Key.Key_Tab)
    hand.type("dense")
    hand.key(Qt.Key.Key_Return)
    assert hand.kinds() == ["input", "dense"]
    assert hand.edges() == []


def test_a_network_is_drawn_by_keys_alone(hand_on):
    hand = hand_on(draw(""))
    for word in ("input", "flatten", "dense", "relu", "dense", "output"):
        hand.key(Qt.Key.Key_Tab)
        hand.type(word)
        hand.key(Qt.Key.Key_Return)
    assert hand.kinds() == ["input", "flatten", "dense", "relu", "dense", "output"]
    assert len(hand.edges()) == 5
    xs = {hand.at(f"n{i}")[0] for i in range(1, 7)}
    assert len(xs) == 1, "a chain is straight"


def test_blocks_that_refuse_the_type_come_last_and_say_why(hand_on):
    document = edits.set_param(draw("input"), [NodeId("n1")], "shape", "8")
    hand = hand_on(document)
    hand.session.select(["n1"])
    hand.key(Qt.Key.Key_Tab)
    kinds = popup(hand).kinds()
    assert kinds.index("dense") < kinds.index("conv2d")
    hand.type("pool")
    assert popup(hand).note.text(), "the first of those that do not fit is described"
    hand.key(Qt.Key.Key_A, CTRL)
    hand.type("conv2d")
    assert "Conv 2D" in popup(hand).note.text()
    hand.key(Qt.Key.Key_Return)
    assert hand.kinds() == ["input", "conv2d"]
    assert hand.edges() == [], "what does not fit is not wired"


def test_arrow_keys_choose_and_the_mouse_too(hand_on):
    hand = hand_on(draw("input"))
    hand.canvas.focus_search(QPointF(300, 200))
    search = popup(hand)
    second = search.kinds()[1]
    hand.key(Qt.Key.Key_Down)
    hand.key(Qt.Key.Key_Return)
    assert hand.kinds()[-1] == second
    hand.canvas.focus_search(QPointF(300, 200))
    search = popup(hand)
    third = search.list.visualItemRect(search.list.item(2)).center()
    wanted = search.kinds()[2]
    QTest.mouseClick(search.list.viewport(), Qt.MouseButton.LeftButton, pos=third)
    assert hand.kinds()[-1] == wanted


def test_enter_inserts_into_a_chain_and_shift_enter_branches_off(hand_on):
    hand = hand_on(chain("input relu"))
    hand.session.select(["n1"])
    hand.key(Qt.Key.Key_Tab)
    assert "Insert" in popup(hand).field.placeholderText()
    assert popup(hand).other_way.isVisible()
    hand.type("gelu")
    hand.key(Qt.Key.Key_Return)
    assert hand.edges() == ["n1.y n3.x", "n3.y n2.x"]
    hand.session.select(["n1"])
    hand.key(Qt.Key.Key_Tab)
    hand.type("tanh")
    hand.key(Qt.Key.Key_Return, SHIFT)
    assert hand.edges() == ["n1.y n3.x", "n1.y n4.x", "n3.y n2.x"]
    hand.key(Qt.Key.Key_Tab)
    assert not popup(hand).other_way.isVisible(), "nothing follows"


def test_with_a_wire_selected_the_search_puts_a_block_into_it(hand_on):
    hand = hand_on(chain("input relu gelu"))
    hand.click(hand.wire("n3"))
    hand.key(Qt.Key.Key_Tab)
    assert "wire" in popup(hand).field.placeholderText()
    hand.type("tanh")
    hand.key(Qt.Key.Key_Return)
    assert hand.edges() == ["n1.y n2.x", "n2.y n4.x", "n4.y n3.x"]


def test_a_block_fits_with_the_parameters_that_are_typed_behind_its_name(hand_on):
    hand = hand_on(edits.set_param(chain("input"), [NodeId("n1")], "shape", "4, 8, 8"))
    hand.session.select(["n1"])
    hand.key(Qt.Key.Key_Tab)
    hand.type("group norm")
    assert "leaves a rest" in popup(hand).note.text(), "eight groups of four channels"
    hand.type(" 2")
    assert "leaves a rest" not in popup(hand).note.text()
    hand.key(Qt.Key.Key_Return)
    assert hand.edges() == ["n1.y n2.x"]


def test_what_was_added_last_is_offered_first(hand_on):
    hand = hand_on(draw("relu"))
    hand.canvas.add_block("dropout")
    hand.session.select([])
    hand.canvas.focus_search(QPointF(300, 200))
    assert popup(hand).kinds()[0] == "dropout"
    assert popup(hand).kinds()[1] != "relu", "it was there when the file was opened"


def test_the_answers_of_a_loss_come_from_a_target_first_and_from_no_loss(hand_on):
    hand = hand_on(chain("input dense"))
    hand.canvas.add_block("cross_entropy")
    (id,) = hand.session.selection
    hand.drag(hand.port(id, "target"), hand.view(400, 300))
    assert popup(hand).kinds()[0] == "target"
    last = hand.session.registry.find(popup(hand).kinds()[-1])
    assert last.kind.role in (Role.LOSS, Role.METRIC)
    hand.key(Qt.Key.Key_Return)
    assert "n4.y n3.target" in hand.edges()


def test_a_click_elsewhere_closes_the_search(hand_on):
    hand = hand_on(draw("input"))
    hand.canvas.focus_search(QPointF(300, 200))
    hand.click(QPoint(20, 500))
    assert popup(hand) is None
    assert hand.canvas.hasFocus()


def test_a_word_that_matches_nothing_is_said_so_and_enter_does_nothing(hand_on):
    hand = hand_on(draw("input"))
    hand.canvas.focus_search(QPointF(300, 200))
    hand.type("zzzz")
    assert "zzzz" in popup(hand).note.text()
    hand.key(Qt.Key.Key_Return)
    assert hand.kinds() == ["input"]
    assert popup(hand) is not None


def test_the_search_stays_within_the_canvas(hand_on):
    hand = hand_on(draw("input"))
    hand.canvas.focus_search(QPointF(995, 755))
    assert hand.canvas.rect().contains(popup(hand).geometry())


def test_a_double_click_on_a_wire_with_shift_inserts_into_it(hand_on):
    hand = hand_on(chain("input relu"))
    hand.double_click(hand.wire("n2"), SHIFT)
    hand.type("dropout")
    hand.key(Qt.Key.Key_Return)
    assert hand.edges() == ["n1.y n3.x", "n3.y n2.x"]


def test_a_block_is_replaced_by_another_kind(hand_on):
    hand = hand_on(chain("input relu output"))
    hand.canvas.editor.search_to_replace(NodeId("n2"), QPointF(300, 200))
    assert "relu" not in popup(hand).kinds()
    hand.type("gelu")
    hand.key(Qt.Key.Key_Return)
    assert hand.kinds() == ["input", "gelu", "output"]
    assert len(hand.edges()) == 2


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab])
def test_a_read_only_drawing_opens_no_search(hand_on, key):
    hand = hand_on(draw("input"), read_only="This file is newer.")
    hand.key(key)
    assert popup(hand) is None
    assert hand.messages == ["This file is newer."]


def test_words_behind_the_name_set_parameters_in_one_step(hand_on):
    hand = hand_on(draw("input"))
    hand.session.select(["n1"])
    hand.key(Qt.Key.Key_Tab)
    hand.type("conv 64 5x5 s2")
    assert popup(hand).reading.text() == "out_channels 64 · kernel_size 5×5 · stride 2×2"
    hand.key(Qt.Key.Key_Return)
    node = hand.session.document.node(NodeId("n2"))
    assert node.kind == "conv2d"
    assert dict(node.params) == {"out_channels": 64, "kernel_size": (5, 5), "stride": (2, 2)}
    assert hand.edges() == ["n1.y n2.x"]
    hand.canvas.undo()
    assert hand.kinds() == ["input"]


def test_a_refused_value_is_told_and_nothing_is_added(hand_on):
    hand = hand_on(draw("input"))
    hand.double_click(hand.view(400, 300))
    hand.type("dropout 5")
    assert popup(hand).note.text() == "Probability must be at most 1, but is 5.0."
    hand.key(Qt.Key.Key_Return)
    assert popup(hand) is not None
    assert hand.kinds() == ["input"]
    hand.key(Qt.Key.Key_Backspace)
    hand.type("0.3")
    hand.key(Qt.Key.Key_Return)
    assert hand.session.document.node(NodeId("n2")).params == {"p": 0.3}


def test_words_that_are_not_understood_are_told(hand_on):
    hand = hand_on(draw("input"))
    hand.double_click(hand.view(400, 300))
    hand.type("dense 10 banana")
    assert "banana" in popup(hand).note.text()
    assert popup(hand).reading.text() == "features 10"


def test_what_usually_follows_is_offered_first(hand_on):
    hand = hand_on(chain("input conv2d"))
    hand.session.select(["n2"])
    hand.key(Qt.Key.Key_Tab)
    assert popup(hand).kinds()[:2] == ["batch_norm", "relu"]


def test_a_wire_that_a_new_kind_has_no_port_for_is_named(hand_on):
    document = chain("input relu add output")
    port = edits.ports_of(document, NodeId("n3"))[0][0].name
    document = edits.connect(document, NodeId("n1"), "y", NodeId("n3"), port)
    hand = hand_on(document)
    hand.canvas.editor.search_to_replace(NodeId("n3"), QPointF(300, 200))
    hand.type("dense 5")
    hand.key(Qt.Key.Key_Return)
    assert hand.kinds()[2] == "dense"
    assert hand.session.document.node(NodeId("n3")).params == {"features": 5}
    assert len(hand.edges()) == 3
    assert f"inputs.y → add.{port}" in hand.messages[-1]
    hand.canvas.undo()
    assert hand.kinds()[2] == "add"
    assert len(hand.edges()) == 4


def test_parameters_of_a_composite_are_typed_too(hand_on):
    document = make(chain("input dense relu output"), [NodeId("n2"), NodeId("n3")], "Hidden")
    document = add_parameter(document, "Hidden", "width", 32)
    hand = hand_on(document)
    hand.double_click(hand.view(500, 300))
    hand.type("hidden 48")
    assert popup(hand).reading.text() == "width 48"
    assert "width 48" in popup(hand).field.accessibleDescription()
    hand.key(Qt.Key.Key_Return)
    (id,) = hand.session.selection
    assert hand.session.document.node(id).params == {"width": 48}


def test_an_added_target_takes_the_shape_that_its_loss_asks_for(hand_on):
    document = edits.set_param(
        chain("input relu cross_entropy"), [NodeId("n1")], "shape", "3, 8, 8"
    )
    hand = hand_on(document)
    hand.session.select(["n3"])
    hand.canvas.add_block("target")
    assert "n4.y n3.target" in hand.edges()
    assert hand.session.document.node(NodeId("n4")).params["shape"] == "8, 8"
    assert not [p for p in hand.session.problems if p.code == "refused"]
    hand.session.undo()
    column = Column("x", (3, 8, 8), "float32", "input")
    answer = Column("y", (), "int64", "target")
    hand.session.set_data_info(DataInfo("Pictures", (column, answer), 9, 1))
    hand.canvas.add_block("target")
    assert "shape" not in hand.session.document.node(NodeId("n4")).params, "the data say it"
