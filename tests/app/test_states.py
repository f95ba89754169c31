"""What the window turns on and off of selected blocks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app import states
from app.canvas.mirror import Mirror
from app.canvas.traits import FROZEN
from app.session import Session
from app.window import Window
from graph.infer import infer
from graph.model import Document, NodeId
from tests.drawing import chain, set_params

DENSE, TANH, LAST = NodeId("n2"), NodeId("n3"), NodeId("n4")


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
