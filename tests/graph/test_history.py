"""Undo as values."""

from graph import edits
from graph.change import diff
from graph.history import LONGEST, History
from graph.model import Document, NodeId
from tests.drawing import chain, draw


def test_undo_and_redo_walk_the_documents():
    first = History.of(Document())
    second = first.then("Add", draw("dense"))
    assert second.undone().document == Document()
    assert second.undone().redone().document == draw("dense")
    assert (second.undo_label, second.undone().redo_label) == ("Add", "Add")


def test_a_run_of_edits_with_one_key_is_one_step():
    history = History.of(draw("dense"))
    for x in range(5):
        moved = edits.move(history.document, {NodeId("n1"): (x + 1, 0)})
        history = history.then("Move", moved, merge_key="move n1")
    assert len(history.steps) == 2
    assert history.undone().document == draw("dense")
    sealed = history.sealed().then(
        "Move", edits.move(history.document, {NodeId("n1"): (9, 9)}), merge_key="move n1"
    )
    assert len(sealed.steps) == 3


def test_a_run_that_leads_back_to_where_it_began_is_no_step():
    start = draw("dense")
    history = History.of(start)
    for x in (1, 2, 0):
        moved = edits.move(history.document, {NodeId("n1"): (x, 0)})
        history = history.then("Move", moved, merge_key="move n1")
    assert history.document is start
    assert history.undo_label is None and history.is_clean
    again = history.then("Move", edits.move(start, {NodeId("n1"): (5, 0)}), merge_key="move n1")
    assert again.undo_label == "Move"


def test_a_new_edit_forgets_what_was_undone():
    history = History.of(Document()).then("Add", draw("dense")).undone()
    history = history.then("Add", draw("relu"))
    assert history.redo_label is None


def test_the_saved_document_is_clean_wherever_undo_leads():
    history = History.of(Document()).then("Add", draw("dense")).saved()
    assert history.is_clean
    assert not history.undone().is_clean
    assert history.undone().redone().is_clean


def test_an_edit_that_changes_nothing_is_no_step():
    history = History.of(draw("dense"))
    assert history.then("Nothing", draw("dense")) is history


def test_history_is_bounded():
    history = History.of(Document())
    for number in range(LONGEST + 50):
        history = history.then("Name", edits.rename_document(history.document, f"a{number}"))
    assert len(history.steps) == LONGEST


def test_change_tells_what_differs():
    old = chain("input dense relu")
    new = edits.remove(old, [NodeId("n3")])
    new = edits.move(new, {NodeId("n1"): (7, 7)})
    new = edits.set_param(new, [NodeId("n2")], "features", 5)
    new = edits.add(new, "output")
    change = diff(old, new)
    assert change.removed == {"n3"}
    assert change.moved == {"n1"}
    assert change.changed == {"n2"}
    assert change.added == {"n4"}
    assert {(e.source, e.target) for e in change.edges_removed} == {("n2", "n3")}
    assert change.structure
    assert not diff(old, edits.move(old, {NodeId("n1"): (7, 7)})).structure
