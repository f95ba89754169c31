"""Commands of the canvas: clipboard, adding, layout, keys, names and menus."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from app.canvas import clipboard
from app.canvas.camera import Camera, shows
from app.canvas.rename import NameField
from graph import edits
from graph.layout import layout
from graph.model import NodeId
from tests.app.canvas.hand import CTRL, SHIFT
from tests.drawing import chain, draw


def test_copied_blocks_are_pasted_with_their_wires_into_another_drawing(hand_on):
    first, second = hand_on(chain("input relu output")), hand_on(draw("input"))
    first.session.select(["n1", "n2"])
    first.canvas.copy()
    second.canvas.paste()
    assert second.kinds() == ["input", "input", "relu"]
    assert second.edges() == ["n2.y n3.x"]
    assert second.session.selection == {"n2", "n3"}
    assert second.session.history.undo_label == "Paste"


def test_copied_blocks_travel_as_text(hand_on):
    hand = hand_on(chain("input relu"))
    hand.canvas.select_all()
    hand.canvas.copy()
    text = QGuiApplication.clipboard().text()
    QGuiApplication.clipboard().setText(text)
    hand.canvas.paste()
    assert len(hand.kinds()) == 4


def test_a_place_for_the_paste_is_kept_to_the_grid_and_never_covers_a_block_exactly(hand_on):
    hand = hand_on(draw("relu"))
    hand.session.select(["n1"])
    hand.canvas.copy()
    for _ in range(3):
        hand.canvas.editor.paste(QPointF(500, 300))
    places = [hand.at(f"n{i}") for i in (2, 3, 4)]
    assert len(set(places)) == 3
    assert all(x % 24 == y % 24 == 0 for x, y in places)


def test_pasting_anything_else_is_refused_with_words(hand_on):
    hand = hand_on(draw("relu"))
    QGuiApplication.clipboard().setText("just words")
    hand.canvas.paste()
    assert hand.kinds() == ["relu"]
    assert "no blocks" in hand.messages[-1]
    assert not clipboard.has_blocks()


def test_cut_takes_blocks_along(hand_on):
    hand = hand_on(chain("input relu output"))
    hand.session.select(["n2"])
    hand.canvas.cut()
    assert hand.kinds() == ["input", "output"]
    hand.canvas.paste()
    assert hand.kinds() == ["input", "output", "relu"]


def test_duplicates_stand_beside_what_they_copy(hand_on):
    hand = hand_on(chain("input relu"))
    hand.canvas.select_all()
    hand.canvas.duplicate()
    assert hand.at("n3") == (240.0, 0.0)
    assert hand.at("n4") == (240.0, 100.0)
    assert hand.edges() == ["n1.y n2.x", "n3.y n4.x"]
    assert hand.session.selection == {"n3", "n4"}


def test_an_added_block_stands_below_the_selected_one_and_is_wired_to_it(hand_on):
    hand = hand_on(draw("input"))
    hand.session.select(["n1"])
    hand.canvas.add_block("relu")
    assert hand.at("n2") == (0.0, 100.0)
    assert hand.edges() == ["n1.y n2.x"]
    hand.canvas.add_block("target")
    assert hand.edges() == ["n1.y n2.x"], "a target takes nothing"
    assert hand.at("n3") == (0.0, 200.0)


def test_an_added_block_goes_into_the_wire_that_alone_leads_on(hand_on):
    hand = hand_on(chain("input relu dense"))
    hand.session.select(["n2"])
    hand.canvas.add_block("dropout")
    assert hand.edges() == ["n1.y n2.x", "n2.y n4.x", "n4.y n3.x"]
    hand.session.select(["n3"])
    hand.canvas.add_block("cross_entropy")
    hand.session.select(["n3"])
    hand.canvas.add_block("accuracy")
    assert "n3.y n6.prediction" in hand.edges(), "a metric is no part of a chain"
    hand.session.select(["n3"])
    hand.canvas.add_block("relu")
    assert "n3.y n7.x" in hand.edges(), "of two wires neither is meant"
    assert len(hand.session.document.graph.consumers_of("n3")) == 3


def test_an_added_target_feeds_the_loss_that_is_selected(hand_on):
    hand = hand_on(chain("input flatten dense cross_entropy"))
    hand.session.select(["n4"])
    hand.canvas.add_block("target")
    assert hand.at("n5") == (240.0, 200.0)
    assert "n5.y n4.target" in hand.edges()
    hand.session.select(["n4"])
    hand.canvas.add_block("target")
    assert hand.at("n6") == (0.0, 400.0), "nothing is left to feed"


def test_without_a_selection_a_block_is_added_in_the_middle_of_the_view(hand_on):
    hand = hand_on(draw(""))
    hand.canvas.add_block("relu")
    hand.canvas.session.select([])
    hand.canvas.add_block("gelu")
    assert abs(hand.block("n1").x() - 500) <= 12
    assert abs(hand.block("n1").y() - 380) <= 12
    assert hand.at("n2")[0] == hand.at("n1")[0] + 240, "beside what is there"


def test_auto_layout_is_one_step_and_shows_everything(hand_on):
    document = edits.move(chain("input relu output"), {NodeId("n2"): (5000.0, -300.0)})
    hand = hand_on(document)
    hand.canvas.auto_layout()
    assert {id: hand.at(id) for id in ("n1", "n2", "n3")} == layout(document.graph)
    assert hand.session.history.undo_label == "Auto-layout"
    assert hand.canvas.rect().contains(hand.block("n3"))
    hand.session.undo()
    assert hand.at("n2") == (5000.0, -300.0)


# keys


def test_arrows_move_the_selection_in_one_step_of_undo(hand_on):
    hand = hand_on(draw("relu"))
    hand.session.select(["n1"])
    hand.key(Qt.Key.Key_Right)
    hand.key(Qt.Key.Key_Down, SHIFT)
    assert hand.at("n1") == (24.0, 120.0)
    hand.session.undo()
    assert hand.at("n1") == (0.0, 0.0)


def test_arrows_walk_along_the_wires(hand_on):
    hand = hand_on(edits.move(chain("input relu gelu"), {NodeId("n3"): (300.0, 100.0)}))
    hand.key(Qt.Key.Key_Down)
    assert hand.session.selection == {"n1"}
    hand.key(Qt.Key.Key_Down, CTRL)
    assert hand.session.selection == {"n2"}
    hand.key(Qt.Key.Key_Right, CTRL)
    assert hand.session.selection == {"n3"}
    hand.key(Qt.Key.Key_Up, CTRL)
    assert hand.session.selection == {"n2"}
    assert not hand.session.history.undo_label


def test_ctrl_shift_arrows_select_on_the_way(hand_on):
    hand = hand_on(chain("input relu gelu"))
    hand.key(Qt.Key.Key_Down)
    hand.key(Qt.Key.Key_Down, CTRL | SHIFT)
    hand.key(Qt.Key.Key_Down, CTRL | SHIFT)
    assert hand.session.selection == {"n1", "n2", "n3"}


def test_two_selected_blocks_are_connected_and_disconnected(hand_on):
    hand = hand_on(draw("input relu"))
    hand.canvas.connect_selected()
    assert "two blocks" in hand.messages[-1]
    hand.canvas.select_all()
    hand.canvas.connect_selected()
    assert hand.edges() == ["n1.y n2.x"]
    hand.canvas.connect_selected()
    assert "No free input" in hand.messages[-1]
    hand.canvas.disconnect_selected()
    assert hand.edges() == []


def test_plus_minus_and_home_change_the_view(hand_on):
    hand = hand_on(draw("relu"))
    hand.key(Qt.Key.Key_Plus)
    assert hand.canvas.camera.scale == pytest.approx(1.25)
    hand.key(Qt.Key.Key_Minus)
    assert hand.canvas.camera.scale == pytest.approx(1.0)
    hand.key(Qt.Key.Key_Home)
    assert abs(hand.block("n1").x() - 500) <= 1


def test_slash_asks_for_the_palette(qtbot, hand_on):
    hand = hand_on(draw("relu"))
    with qtbot.waitSignal(hand.canvas.palette_requested):
        hand.key(Qt.Key.Key_Slash)


# names


def field(hand):
    found = [f for f in hand.canvas.findChildren(NameField) if f.isVisible()]
    return found[0] if found else None


def test_a_double_click_renames_a_block(hand_on):
    hand = hand_on(draw("dense"))
    hand.double_click(hand.block("n1"))
    hand.type("squash")
    hand.key(Qt.Key.Key_Return)
    assert hand.session.document.node(NodeId("n1")).name == "squash"
    assert hand.canvas.hasFocus(), "Enter does not edit the parameters, too"
    assert field(hand) is None


def test_blanks_in_a_name_become_underscores_as_they_are_typed(hand_on):
    hand = hand_on(draw("relu"))
    hand.double_click(hand.block("n1"))
    hand.type("  first hidden-layer")
    assert field(hand).line.text() == "first_hidden_layer"
    hand.key(Qt.Key.Key_Home)
    hand.type("my ")
    hand.key(Qt.Key.Key_Return)
    assert hand.session.document.node(NodeId("n1")).name == "my_first_hidden_layer"


def test_a_name_that_cannot_be_is_told_while_it_is_typed(hand_on):
    hand = hand_on(draw("relu gelu"))
    hand.session.select(["n1"])
    hand.key(Qt.Key.Key_F2)
    hand.type("train")
    assert "cannot name a block" in field(hand).reason.text()
    hand.key(Qt.Key.Key_Return)
    assert field(hand) is not None, "it stays open until the name is right"
    hand.key(Qt.Key.Key_Escape)
    assert field(hand) is None
    assert hand.session.document.node(NodeId("n1")).name == "relu"


def test_a_click_elsewhere_keeps_a_name_that_can_be_and_drops_others(hand_on):
    hand = hand_on(draw("relu gelu"))
    hand.double_click(hand.block("n1"))
    hand.type("first")
    hand.click(QPoint(20, 500))
    assert hand.session.document.node(NodeId("n1")).name == "first"
    hand.double_click(hand.block("n1"))
    hand.type("2nd name")
    hand.click(QPoint(20, 500))
    assert hand.session.document.node(NodeId("n1")).name == "first"


def test_the_field_goes_with_its_block(hand_on):
    hand = hand_on(draw(""))
    hand.canvas.add_block("relu")
    hand.key(Qt.Key.Key_F2)
    hand.session.undo()
    assert field(hand) is None


# menus


def menu_at(qtbot, hand, at):
    """The menu of a right click; the event goes to the window, as Qt sends it."""
    QTest.mouseClick(hand.canvas.windowHandle(), Qt.MouseButton.RightButton, pos=at)
    qtbot.waitUntil(lambda: any(m.isVisible() for m in hand.canvas.findChildren(QMenu)))
    return next(m for m in hand.canvas.findChildren(QMenu) if m.isVisible())


def choose(menu, start):
    action = next(a for a in menu.actions() if a.text().startswith(start))
    assert action.isEnabled()
    menu.close()
    action.trigger()


def texts(menu):
    return [action.text().partition("\t")[0] for action in menu.actions() if action.text()]


def test_the_menu_of_a_block(qtbot, hand_on):
    hand = hand_on(chain("input relu output"))
    menu = menu_at(qtbot, hand, hand.block("n2"))
    assert hand.session.selection == {"n2"}
    assert "Replace block…" in texts(menu)
    choose(menu, "Delete and close")
    assert hand.edges() == ["n1.y n3.x"]


def test_the_menu_of_a_wrong_block_offers_its_fixes(qtbot, hand_on):
    document = chain("input conv2d")
    wrong = replace(document.node(NodeId("n2")), params={"out_channels": -1})
    hand = hand_on(document.with_graph({**document.graph.nodes, wrong.id: wrong}))
    problem = next(p for p in hand.session.problems if p.nodes[:1] == ("n2",) and p.fixes)
    menu = menu_at(qtbot, hand, hand.block("n2"))
    choose(menu, f"Fix: {problem.fixes[0].label}")
    assert problem not in hand.session.problems


def test_the_menu_of_a_wire(qtbot, hand_on):
    hand = hand_on(edits.move(chain("input relu"), {NodeId("n2"): (0.0, 240.0)}))
    menu = menu_at(qtbot, hand, hand.wire("n2"))
    assert texts(menu) == ["Insert block…", "Add point here", "Delete wire"]
    choose(menu, "Delete wire")
    assert hand.edges() == []


def test_the_menu_of_the_ground(qtbot, hand_on):
    hand = hand_on(draw("relu"))
    menu = menu_at(qtbot, hand, QPoint(20, 500))
    paste = next(a for a in menu.actions() if a.text().startswith("Paste"))
    assert not paste.isEnabled()
    choose(menu, "Select all")
    assert hand.session.selection == {"n1"}


def test_in_a_read_only_drawing_blocks_are_only_copied_and_selected(qtbot, hand_on):
    hand = hand_on(draw("relu"), read_only="This file is newer.")
    menu = menu_at(qtbot, hand, hand.block("n1"))
    enabled = [a.text().partition("\t")[0] for a in menu.actions() if a.text() and a.isEnabled()]
    menu.close()
    assert enabled == ["Copy", "Select"]


def in_view(hand, id):
    """Whether a block is seen whole."""
    canvas = hand.canvas
    return shows(canvas.camera, canvas.mirror.bounds([NodeId(id)]), canvas.width(), canvas.height())


def test_undo_and_redo_bring_what_they_change_into_view(hand_on, qtbot):
    hand = hand_on(draw("dense relu"))
    hand.session.apply("Move", lambda document: edits.move(document, {NodeId("n2"): (5000, 0)}))
    hand.canvas.look(Camera(1.0, -8000.0, -3000.0))
    hand.canvas.undo()
    qtbot.waitUntil(lambda: in_view(hand, "n2"))
    assert hand.canvas.camera.scale == 1.0
    hand.canvas.redo()
    qtbot.waitUntil(lambda: in_view(hand, "n2"))


def test_undo_leaves_the_view_where_some_of_the_change_is_seen(hand_on):
    hand = hand_on(draw("dense relu"))
    before = hand.canvas.camera
    hand.session.apply("Move", lambda document: edits.move(
        document, {NodeId("n1"): (5000, 0), NodeId("n2"): (0, 40)}
    ))  # fmt: skip
    hand.canvas.undo()
    hand.canvas.redo()
    assert hand.canvas.camera == before


def test_undo_shows_where_a_block_was_that_it_removes(hand_on, qtbot):
    hand = hand_on(draw("dense"))
    hand.session.apply("Add", lambda document: edits.add(document, "relu", (4000.0, 0.0)))
    hand.canvas.undo()
    place = (4000.0, 0.0, 4190.0, 66.0)
    size = hand.canvas.width(), hand.canvas.height()
    qtbot.waitUntil(lambda: shows(hand.canvas.camera, place, *size))


def test_undo_of_a_wire_shows_its_ends(hand_on, qtbot):
    hand = hand_on(edits.move(chain("dense relu"), {NodeId("n2"): (0, 100)}))
    edge = next(hand.session.document.graph.edges())
    hand.session.apply("Cut", lambda document: edits.disconnect(document, [edge]))
    hand.canvas.look(Camera(1.0, -8000.0, -3000.0))
    hand.canvas.undo()
    qtbot.waitUntil(lambda: in_view(hand, "n1") and in_view(hand, "n2"))


def test_a_look_elsewhere_ends_the_way_to_a_change(hand_on, qtbot):
    hand = hand_on(draw("dense"))
    hand.session.apply("Add", lambda document: edits.add(document, "relu", (4000.0, 0.0)))
    hand.canvas.undo()
    elsewhere = Camera(1.0, -300.0, 700.0)
    hand.canvas.look(elsewhere)
    qtbot.waitUntil(lambda: hand.canvas._glide.state() == hand.canvas._glide.State.Stopped)
    assert hand.canvas.camera == elsewhere
