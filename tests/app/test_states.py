"""What the window turns on and off of selected blocks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app import composing, states
from app.canvas.labels import block_texts, pill_text
from app.canvas.mirror import Mirror
from app.canvas.peek import Peek
from app.canvas.traits import BYPASSED, FROZEN, MUTED
from app.derived import source_of
from app.session import Session
from app.window import Window
from graph.infer import infer
from graph.model import Document, NodeId
from tests.drawing import chain, set_params

INPUT, DENSE, TANH, LAST = (NodeId(f"n{number}") for number in (1, 2, 3, 4))


def drawn() -> Document:
    return set_params(chain("input dense tanh dense output"), "n1", shape="4")


@pytest.fixture
def session(window: Window) -> Session:
    """A session in the window with two layers."""
    made = Session(drawn())
    window.show_session(made)
    return made


def action(window: Window, id: str) -> QAction:
    """An action of the menu as it is now."""
    window.menus.refresh()
    return window.menus.actions[id]


def frozen(session: Session) -> set[str]:
    return {id for id, node in session.document.graph.nodes.items() if node.frozen}


def test_the_action_freezes_the_selection_and_lets_it_learn_again(
    window: Window, session: Session
) -> None:
    assert not action(window, "freeze").isEnabled()
    session.select([TANH])
    assert not action(window, "freeze").isEnabled()
    session.select([DENSE, TANH, LAST])
    action(window, "freeze").trigger()
    assert frozen(session) == {DENSE, LAST}
    assert session.history.undo_label == "Freeze weights"
    assert action(window, "freeze").isChecked()
    action(window, "freeze").trigger()
    assert frozen(session) == set()
    session.undo()
    session.undo()
    assert frozen(session) == set()
    session.redo()
    assert frozen(session) == {DENSE, LAST}


def test_blocks_of_which_some_are_frozen_are_all_frozen_first(
    window: Window, session: Session
) -> None:
    session.select([DENSE])
    action(window, "freeze").trigger()
    session.select([DENSE, LAST])
    assert not action(window, "freeze").isChecked()
    action(window, "freeze").trigger()
    assert frozen(session) == {DENSE, LAST}


def test_the_menu_of_a_block_with_weights_holds_it(window: Window, session: Session) -> None:
    menu = QMenu(window)
    session.select([TANH])
    states.fill_states(menu, session)
    assert not [each for each in menu.actions() if each.text().startswith("Freeze")]
    session.select([LAST])
    states.fill_states(menu, session)
    (freeze,) = [each for each in menu.actions() if each.text().startswith("Freeze")]
    assert freeze.isCheckable() and not freeze.isChecked()
    freeze.trigger()
    assert frozen(session) == {LAST}


def test_the_inspector_shows_and_changes_it_and_tells_what_learns(
    window: Window, session: Session
) -> None:
    page = window.inspector.block_page
    session.select([TANH])
    assert page.states.frozen.isHidden() or page.states.isHidden()
    session.select([DENSE])
    assert not page.states.isHidden() and not page.states.frozen.isChecked()
    page.states.frozen.click()
    assert frozen(session) == {DENSE} and page.states.frozen.isChecked()
    assert dict(page.costs.facts())["trainable / all"].startswith("0 / ")
    session.select([DENSE, LAST])
    assert page.states.frozen.checkState() is Qt.CheckState.PartiallyChecked
    page.states.frozen.click()
    assert frozen(session) == {DENSE, LAST}
    assert page.states.frozen.checkState() is Qt.CheckState.Checked


def test_a_frozen_block_bears_a_mark_on_the_canvas(window: Window, session: Session) -> None:
    before = window.canvas.grab().toImage()
    session.select([DENSE])
    states.toggle_frozen(session)
    session.select([])
    mirror = window.canvas.mirror
    assert mirror.state[mirror.row[DENSE]] & FROZEN
    assert not mirror.state[mirror.row[LAST]] & FROZEN
    assert window.canvas.grab().toImage() != before
    anew = Mirror()
    anew.rebuild(session.document, infer(session.document), session.problems)
    assert (anew.traits == mirror.traits).all()


def test_a_document_that_cannot_be_changed_keeps_its_blocks(window: Window) -> None:
    made = Session(drawn(), read_only="It is of a newer version.")
    window.show_session(made)
    made.select([DENSE])
    assert not action(window, "freeze").isEnabled()
    states.toggle_frozen(made)
    assert frozen(made) == set()


def off(session: Session) -> tuple[set[str], set[str]]:
    """The bypassed and the muted blocks."""
    nodes = session.document.graph.nodes.items()
    return {id for id, n in nodes if n.bypassed}, {id for id, n in nodes if n.muted}


def test_bypass_and_mute_turn_on_and_off_and_are_undone(window: Window, session: Session) -> None:
    assert not action(window, "bypass").isEnabled() and not action(window, "mute").isEnabled()
    session.select([INPUT])
    assert not action(window, "bypass").isEnabled() and action(window, "mute").isEnabled()
    session.select([INPUT, DENSE, TANH])
    action(window, "bypass").trigger()
    assert off(session) == ({DENSE, TANH}, set())
    assert action(window, "bypass").isChecked() and not action(window, "mute").isChecked()
    action(window, "mute").trigger()
    assert off(session) == (set(), {INPUT, DENSE, TANH})
    action(window, "mute").trigger()
    assert off(session) == (set(), set())
    session.undo()
    session.undo()
    assert off(session) == ({DENSE, TANH}, set())


def test_the_keys_work_on_the_canvas(window: Window, session: Session, qtbot: QtBot) -> None:
    with qtbot.waitActive(window):
        window.show()
    window.canvas.setFocus()
    session.select([TANH])
    qtbot.keyClick(window.canvas, Qt.Key.Key_M)
    assert off(session) == (set(), {TANH})
    qtbot.keyClick(window.canvas, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert off(session) == ({TANH}, set())
    session.select([DENSE])
    qtbot.keyClick(window.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ShiftModifier)
    assert frozen(session) == {DENSE}


def test_blocks_that_are_off_look_so_and_their_wires_tell_what_goes_through(
    window: Window, session: Session
) -> None:
    canvas = window.canvas
    canvas.zoom_to(1.0)
    canvas.center_on([DENSE])
    looks = [canvas.grab().toImage()]
    for toggle in (states.toggle_bypassed, states.toggle_muted):
        toggle(session, [DENSE])
        looks.append(canvas.grab().toImage())
    assert looks[0] != looks[1] != looks[2] != looks[0]
    mirror = canvas.mirror
    assert mirror.state[mirror.row[DENSE]] & MUTED
    states.toggle_bypassed(session, [DENSE])
    assert mirror.state[mirror.row[DENSE]] & BYPASSED
    row = next(row for row, edge in enumerate(mirror.edges) if edge.source == DENSE)
    assert pill_text(mirror, row) == "4"
    assert block_texts(mirror, DENSE).summary == "64 features"
    canvas.zoom_to(0.1)
    assert not canvas.grab().isNull()
    anew = Mirror()
    anew.rebuild(session.document, session.typing, session.problems)
    assert (anew.state == mirror.state).all()


def test_code_panel_and_problems_follow_what_is_off(window: Window, session: Session) -> None:
    states.toggle_bypassed(session, [TANH])
    source = source_of(session.root, session.root_typing, None)
    assert source is not None and "tanh" not in source.text
    states.toggle_muted(session, [DENSE])
    told = [problem for problem in session.problems if problem.code == "switched-off"]
    assert [problem.nodes for problem in told] == [(LAST,)]
    session.fix(told[0], told[0].fixes[0])
    assert off(session) == ({TANH}, set())


def test_the_inspector_shows_what_goes_through_a_bypassed_block(
    window: Window, session: Session
) -> None:
    session.select([DENSE])
    page = window.inspector.block_page
    page.states.bypassed.click()
    assert off(session) == ({DENSE}, set())
    assert page.states.bypassed.isChecked() and not page.states.muted.isChecked()
    assert dict(page.shapes.facts()) == {"input x": "N × 4", "output y": "N × 4"}
    page.states.muted.click()
    assert not page.states.bypassed.isChecked() and page.states.muted.isChecked()


def test_collapse_lock_and_a_look_inside_have_keys(
    window: Window, session: Session, qtbot: QtBot
) -> None:
    with qtbot.waitActive(window):
        window.show()
    canvas = window.canvas
    canvas.setFocus()
    session.select([DENSE, TANH])
    qtbot.keyClick(canvas, Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    assert session.document.node(DENSE).collapsed and session.document.node(TANH).collapsed
    assert action(window, "collapse").isChecked()
    qtbot.keyClick(canvas, Qt.Key.Key_K)
    assert session.document.node(DENSE).locked and action(window, "lock").isChecked()
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert DENSE in session.document.graph.nodes
    session.select([])
    qtbot.keyClick(canvas, Qt.Key.Key_K, Qt.KeyboardModifier.ShiftModifier)
    assert not session.document.node(DENSE).locked and session.selection == {DENSE, TANH}
    composing.make_composite(session, [DENSE, TANH], "Part")
    qtbot.keyClick(canvas, Qt.Key.Key_V)
    (shown,) = canvas.findChildren(Peek)
    assert shown.isVisible() and shown.title.text() == "Part"
    qtbot.keyClick(shown, Qt.Key.Key_V)
    assert not shown.isVisible()
