"""Parameters edited on the block itself, by real clicks and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.camera import Camera
from app.canvas.geometry import NODE_H
from app.canvas.param_strip import MOST, ParamStrip
from app.theme import LIGHT
from app.typed import hand_over
from graph.composites.making import make
from graph.model import NodeId
from graph.params import Expr
from tests.app.canvas.hand import CTRL, LEFT, PLAIN, SHIFT
from tests.drawing import chain, draw, set_params

Key = Qt.Key
SUMMARY = 52.0 - NODE_H / 2
FIRST, CONV, DENSE, OTHER = (NodeId(f"n{number}") for number in (1, 2, 3, 4))


@pytest.fixture
def hand(hand_on):
    drawn = set_params(chain("input conv2d dense dense output"), "n2", out_channels=8)
    return hand_on(set_params(drawn, "n3", features=10))


def strip_of(hand):
    return next((s for s in hand.canvas.findChildren(ParamStrip) if s.isVisible()), None)


def open_on(hand, id):
    hand.click(hand.block(id, dx=30, dy=-24))
    hand.click(hand.block(id, dx=40, dy=SUMMARY))
    strip = strip_of(hand)
    assert strip is not None
    return strip


def value(hand, id, name):
    return hand.session.document.node(id).params.get(name)


def test_a_click_on_what_a_selected_block_says_opens_its_first_parameters(hand):
    hand.click(hand.block(CONV, dx=40, dy=SUMMARY))
    assert strip_of(hand) is None, "the first click only selects"
    strip = open_on(hand, CONV)
    assert strip.form.names()[0] == "out_channels"
    assert len(strip.form.names()) == MOST
    assert QApplication.focusWidget() is strip.form.field("out_channels").line
    assert hand.canvas.rect().contains(strip.geometry())


def test_enter_opens_arithmetic_is_worked_out_and_enter_closes(hand):
    hand.click(hand.block(CONV, dx=30, dy=-24))
    hand.key(Key.Key_Return)
    hand.type("64*2")
    hand.key(Key.Key_Return)
    assert value(hand, CONV, "out_channels") == 128
    assert strip_of(hand) is None
    assert QApplication.focusWidget() is hand.canvas


def test_tab_moves_on_and_round_and_keeps_what_was_typed(hand):
    strip = open_on(hand, CONV)
    hand.type("24")
    hand.key(Key.Key_Tab)
    assert value(hand, CONV, "out_channels") == 24
    names = strip.form.names()
    fields = [strip.form.field(name).focus_widget() for name in names]
    assert QApplication.focusWidget() is fields[1]
    hand.key(Key.Key_Backtab, SHIFT)
    hand.key(Key.Key_Backtab, SHIFT)
    assert QApplication.focusWidget() is fields[-1]
    hand.key(Key.Key_Tab)
    assert QApplication.focusWidget() is fields[0]


def test_escape_drops_what_was_typed_and_then_closes(hand):
    open_on(hand, CONV)
    hand.type("99")
    hand.key(Key.Key_Escape)
    assert strip_of(hand) is not None
    hand.key(Key.Key_Escape)
    assert strip_of(hand) is None
    assert value(hand, CONV, "out_channels") == 8


def test_a_click_elsewhere_keeps_what_was_typed_half(hand):
    open_on(hand, CONV)
    hand.type("48")
    hand.click(QPoint(20, 300))
    assert strip_of(hand) is None
    assert value(hand, CONV, "out_channels") == 48


def test_saving_hands_over_what_is_typed_and_the_strip_stays(hand):
    open_on(hand, CONV)
    hand.type("48")
    hand_over(hand.canvas.window())
    assert value(hand, CONV, "out_channels") == 48
    assert strip_of(hand) is not None


def test_a_refused_value_stays_with_its_reason(hand, qtbot):
    strip = open_on(hand, CONV)
    height = strip.height()
    hand.type("0")
    hand.key(Key.Key_Return)
    assert strip_of(hand) is strip
    assert "at least 1" in strip.form.error("out_channels")
    qtbot.waitUntil(lambda: strip.height() > height)
    qtbot.waitUntil(lambda: strip.height() >= strip.sizeHint().height())
    assert value(hand, CONV, "out_channels") == 8


def test_a_drag_on_a_number_is_one_step_of_undo(hand):
    strip = open_on(hand, DENSE)
    names = strip.form.names()
    hand.key(Key.Key_Tab)
    line = strip.form.field(names[0]).line
    start = line.rect().center()
    QTest.mousePress(line, LEFT, PLAIN, start)
    for px in (4, 8, 12, 16, 20):
        QTest.mouseMove(line, start + QPoint(px, 0))
    QTest.mouseRelease(line, LEFT, PLAIN, start + QPoint(20, 0))
    assert value(hand, DENSE, "features") == 15
    hand.session.undo()
    assert value(hand, DENSE, "features") == 10


def test_a_drag_that_escape_ends_is_no_step_of_undo(hand):
    strip = open_on(hand, DENSE)
    before, label = hand.session.root, hand.session.history.undo_label
    hand.key(Key.Key_Tab)
    line = strip.form.field(strip.form.names()[0]).line
    start = line.rect().center()
    QTest.mousePress(line, LEFT, PLAIN, start)
    for px in (4, 8, 12, 16, 20):
        QTest.mouseMove(line, start + QPoint(px, 0))
    assert hand.session.root != before
    QTest.keyClick(line, Key.Key_Escape)
    QTest.mouseRelease(line, LEFT, PLAIN, start)
    assert hand.session.root is before
    assert hand.session.history.undo_label == label and hand.session.is_clean


def test_an_open_strip_takes_on_the_colours_of_another_theme(hand):
    strip = open_on(hand, CONV)
    hand.canvas.set_theme(LIGHT)
    assert strip_of(hand) is strip
    assert LIGHT.panel in strip.styleSheet() and LIGHT.accent in strip.styleSheet()


def test_a_choice_is_picked_from_its_list(hand, qtbot):
    strip = open_on(hand, DENSE)
    name = next(n for n in strip.form.names() if hasattr(strip.form.field(n), "combo"))
    combo = strip.form.field(name).combo
    combo.setFocus()
    before = value(hand, DENSE, name)
    combo.showPopup()
    qtbot.waitUntil(combo.view().isVisible)
    assert strip_of(hand) is strip, "the list belongs to the strip"
    QTest.keyClick(combo.view(), Key.Key_Down)
    QTest.keyClick(combo.view(), Key.Key_Return)
    qtbot.waitUntil(lambda: value(hand, DENSE, name) != before)
    assert strip_of(hand) is strip


def test_selected_blocks_of_one_kind_are_edited_together(hand):
    hand.click(hand.block(CONV, dx=30, dy=-24))
    for id in (DENSE, OTHER):
        hand.click(hand.block(id, dx=30, dy=-24), SHIFT)
    hand.click(hand.block(OTHER, dx=40, dy=SUMMARY))
    strip = strip_of(hand)
    assert strip.title.text() == "2 × Dense"
    assert strip.form.field("features").line.placeholderText() == "—"
    hand.type("77")
    hand.key(Key.Key_Return)
    assert value(hand, DENSE, "features") == value(hand, OTHER, "features") == 77
    assert value(hand, CONV, "out_channels") == 8
    hand.session.undo()
    assert value(hand, DENSE, "features") == 10


def test_an_expression_over_a_variable_is_kept(hand):
    hand.session.apply("Set", lambda d: d.__class__(**{**vars_of(d), "variables": {"w": 3}}))
    open_on(hand, DENSE)
    hand.type("4 * w")
    hand.key(Key.Key_Return)
    assert value(hand, DENSE, "features") == Expr("4 * w")


def vars_of(document):
    return {name: getattr(document, name) for name in document.__dataclass_fields__}


def test_plain_keys_belong_to_the_strip_and_not_to_the_canvas(window, qtbot):
    window.session.load(set_params(chain("input conv2d output"), "n2", out_channels=8), None)
    window.session.select([CONV])
    window.menus.actions["edit-parameters"].trigger()
    strip = next(s for s in window.canvas.findChildren(ParamStrip) if s.isVisible())
    name = next(n for n in strip.form.names() if not hasattr(strip.form.field(n), "line"))
    strip.form.field(name).focus_widget().setFocus()
    for key in (Key.Key_Delete, Key.Key_H, Key.Key_M):
        QTest.keyClick(strip.form.field(name).focus_widget(), key)
    assert CONV in window.session.document.graph.nodes
    assert window.canvas.options.heat.value == "off"
    assert strip.isVisible()


def test_the_strip_goes_with_its_block(hand):
    open_on(hand, CONV)
    hand.session.undo()
    hand.session.apply("Gone", lambda d: draw("relu"))
    assert strip_of(hand) is None


def test_going_elsewhere_hands_over_what_is_typed(hand):
    open_on(hand, CONV)
    hand.session.apply("Make", lambda d: make(d, [DENSE, OTHER], "Part"))
    part = next(id for id, n in hand.session.document.graph.nodes.items() if n.definition)
    hand.type("56")
    hand.session.enter(part)
    assert strip_of(hand) is None
    hand.session.leave()
    assert value(hand, CONV, "out_channels") == 56


def test_the_strip_stays_over_its_block_while_the_view_moves(hand):
    strip = open_on(hand, CONV)
    before = strip.pos()
    camera = hand.canvas.camera
    hand.canvas.look(Camera(camera.scale, camera.dx + 40, camera.dy + 25))
    assert strip.pos() - before == QPoint(40, 25)


def test_the_menu_of_a_block_opens_the_strip(hand, qtbot):
    at = hand.block(CONV, dx=30, dy=-24)
    reason = QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, at, hand.canvas.mapToGlobal(at))
    QApplication.sendEvent(hand.canvas, event)
    menu = QApplication.activePopupWidget()
    entry = next(a for a in menu.actions() if a.text().startswith("Edit parameters"))
    menu.setActiveAction(entry)
    QTest.keyClick(menu, Key.Key_Return)
    qtbot.waitUntil(lambda: not menu.isVisible())
    QApplication.processEvents()
    assert strip_of(hand) is not None
    assert hand.canvas.window().focusWidget() is strip_of(hand).form.field("out_channels").line


def test_a_block_without_parameters_says_so(hand_on):
    hand = hand_on(chain("input flatten relu output"))
    hand.session.select([DENSE])
    hand.key(Key.Key_Return)
    assert strip_of(hand) is None
    assert any("no parameters" in text for text in hand.messages)


def test_a_drawing_that_is_read_only_opens_no_strip(hand_on):
    hand = hand_on(chain("input conv2d output"), read_only="It is newer.")
    hand.click(hand.block(CONV, dx=30, dy=-24))
    hand.click(hand.block(CONV, dx=40, dy=SUMMARY))
    hand.key(Key.Key_Return)
    assert strip_of(hand) is None


def test_other_clicks_on_the_line_do_what_they_did(hand):
    hand.click(hand.block(CONV, dx=30, dy=-24))
    hand.click(hand.block(CONV, dx=40, dy=SUMMARY), CTRL)
    assert hand.session.selection == frozenset()
    hand.click(hand.block(CONV, dx=30, dy=-24))
    hand.drag(hand.block(CONV, dx=40, dy=SUMMARY), hand.block(CONV, dx=90, dy=SUMMARY + 40))
    assert strip_of(hand) is None
    hand.canvas.look(Camera(0.5, 300.0, 60.0))
    hand.click(hand.block(CONV, dx=40, dy=SUMMARY))
    assert strip_of(hand) is None, "from afar it cannot be read"
