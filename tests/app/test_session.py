"""One open document."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.messages import Message
from app.session import Session
from graph import edits
from graph.change import Change
from graph.data import Column, DataInfo
from graph.model import Document, NodeId
from graph.problems import Problem, UserError
from tests.drawing import chain


@pytest.fixture
def session(qtbot: QtBot) -> Session:
    """A session on an empty document."""
    return Session()


def add_dense(document: Document) -> Document:
    """Adds a Dense block."""
    return edits.add(document, "dense")


def refuse(_document: Document) -> Document:
    """An edit that cannot be done."""
    raise UserError("This cannot be done.")


def test_an_edit_changes_the_document_and_tells_what_changed(
    session: Session, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.changed) as told:
        assert session.apply("Add Dense", add_dense)
    assert list(session.document.graph.nodes) == ["n1"]
    assert told.args is not None
    change: Change = told.args[0]
    assert change.added == {"n1"}


def test_a_refused_edit_becomes_a_message_and_changes_nothing(
    session: Session, qtbot: QtBot
) -> None:
    before = session.document
    with qtbot.waitSignal(session.message) as told:
        assert not session.apply("Try", refuse)
    assert told.args == [Message("This cannot be done.", "warning", until_edit=True)]
    assert session.document is before
    assert session.is_clean


def test_undo_and_redo_go_back_and_forth(session: Session) -> None:
    session.apply("Add Dense", add_dense)
    assert session.history.undo_label == "Add Dense"
    session.undo()
    assert not session.document.graph.nodes
    assert session.is_clean
    session.redo()
    assert list(session.document.graph.nodes) == ["n1"]
    assert not session.is_clean


def test_edits_with_one_merge_key_are_one_step_until_sealed(session: Session) -> None:
    session.apply("Add Dense", add_dense)
    for x in (1.0, 2.0, 3.0):
        places = {NodeId("n1"): (x, 0.0)}
        session.apply("Move", partial(edits.move, places=places), merge_key="move")
    session.seal()
    session.apply("Move", lambda d: edits.move(d, {NodeId("n1"): (9.0, 0.0)}), merge_key="move")
    session.undo()
    assert session.document.node(NodeId("n1")).x == 3.0
    session.undo()
    assert session.document.node(NodeId("n1")).x == 0.0


def test_the_selection_survives_an_edit_elsewhere_and_loses_what_is_removed(
    session: Session,
) -> None:
    session.apply("Add", add_dense)
    session.apply("Add", add_dense)
    one, two = NodeId("n1"), NodeId("n2")
    session.select([one, two, NodeId("n99")])
    assert session.selection == {one, two}
    session.apply("Move", lambda d: edits.move(d, {one: (5.0, 5.0)}))
    assert session.selection == {one, two}
    session.apply("Remove", lambda d: edits.remove(d, [one]))
    assert session.selection == {two}


def test_undo_and_redo_select_what_was_selected_then(session: Session) -> None:
    session.apply("Add Dense", add_dense)
    session.select([NodeId("n1")])
    session.apply("Add Dense", add_dense)
    session.select([NodeId("n2")])
    session.undo()
    assert session.selection == {"n1"}
    session.redo()
    assert session.selection == {"n2"}
    session.apply("Delete", partial(edits.remove, ids=[NodeId("n1"), NodeId("n2")]))
    session.undo()
    assert session.selection == {"n2"}


def test_problems_follow_the_document_and_their_signal_comes_once(
    session: Session, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.problems_changed):
        session.apply("Add", add_dense)
    assert "open-input" in [problem.code for problem in session.problems]
    assert session.has_errors
    with qtbot.assertNotEmitted(session.problems_changed):
        session.apply("Move", lambda d: edits.move(d, {NodeId("n1"): (5.0, 5.0)}))


def test_a_read_only_document_refuses_edits(qtbot: QtBot) -> None:
    session = Session(read_only="Written by a newer version.")
    with qtbot.waitSignal(session.message) as told:
        assert not session.apply("Add", add_dense)
    assert told.args is not None
    assert told.args[0].text == "Written by a newer version."


def test_saving_makes_it_clean_and_gives_it_a_path(session: Session, tmp_path: Path) -> None:
    session.apply("Add", add_dense)
    session.mark_saved(tmp_path / "net.loom")
    assert session.is_clean
    assert session.title == "net.loom"


def test_data_that_cannot_be_read_is_a_problem_until_it_can(session: Session) -> None:
    session.set_data_info(None, (Problem("data", "There is no file data.csv."),))
    assert [problem.text for problem in session.problems] == ["There is no file data.csv."]
    info = DataInfo("Points", (Column("x", (2,), "float32", "input"),), 10, 2)
    session.set_data_info(info)
    assert session.problems == []
    assert session.data_info is info


def test_a_fix_of_a_problem_that_stayed_the_same_fits_the_present_wires(session: Session) -> None:
    document = chain("input conv2d dense")
    document = edits.add(document, "conv2d", (300, 0))
    document = edits.connect(document, NodeId("n1"), "y", NodeId("n4"), "x")
    session.apply("Draw", lambda _: document)
    problem = next(each for each in session.problems if each.code == "dense-on-image")
    session.apply("Wire", lambda d: edits.connect(d, NodeId("n4"), "y", NodeId("n3"), "x"))
    assert problem in session.problems
    assert session.fix(problem, problem.fixes[0])
    (into_flatten,) = session.document.graph.inputs_of(NodeId("n5"))
    assert into_flatten.source == "n4"


def test_a_fix_that_is_about_no_block_selects_what_it_adds(session: Session) -> None:
    session.apply("Draw", lambda _: chain("input dense output"))
    problem = next(each for each in session.problems if each.code == "no-loss")
    assert session.fix(problem, problem.fixes[0])
    kinds = {session.document.node(id).kind for id in session.selection}
    assert kinds == {"cross_entropy", "target"}
