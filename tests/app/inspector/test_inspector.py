"""The inspector, driven by keys and mouse."""

import pytest
from PySide6.QtCore import Qt

from app.inspector import Inspector
from app.session import Session
from graph import edits
from graph.model import Document, NodeId
from graph.params import Expr
from tests.drawing import chain

A, B, C = NodeId("n1"), NodeId("n2"), NodeId("n3")


@pytest.fixture
def session():
    document = edits.add(Document(), "dense", name="first")
    document = edits.add(document, "dense", name="second", params={"features": 10})
    document = edits.add(document, "warp_drive", params={"speed": 9})
    return Session(edits.set_variable(document, "width", 8))


@pytest.fixture
def inspector(qtbot, session):
    made = Inspector()
    qtbot.addWidget(made)
    made.set_session(session)
    made.resize(300, 800)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


def type_into(qtbot, line, text, end=Qt.Key.Key_Return):
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, end)


def test_nothing_selected_shows_the_drawing(inspector):
    page = inspector.document_page
    assert inspector.page() is page
    assert ("blocks", "3") in page.totals.facts()


def test_a_typed_parameter_becomes_one_edit(qtbot, inspector, session):
    session.select([A])
    line = inspector.block_page.form.field("features").line
    type_into(qtbot, line, "4 * width")
    assert session.document.node(A).params == {"features": Expr("4 * width")}
    session.undo()
    assert session.document.node(A).params == {}
    assert line.text() == "64"


def test_a_run_of_steps_is_one_step_of_undo(qtbot, inspector, session):
    session.select([A])
    line = inspector.block_page.form.field("features").line
    line.setFocus()
    for _ in range(5):
        qtbot.keyClick(line, Qt.Key.Key_Up)
    assert session.document.node(A).params == {"features": 69}
    session.undo()
    assert session.document.node(A).params == {}


def test_a_refused_value_leaves_the_document_alone(qtbot, inspector, session):
    session.select([A])
    before = session.document
    form = inspector.block_page.form
    type_into(qtbot, form.field("features").line, "0")
    assert session.document is before
    assert "at least 1" in form.error("features")
    session.select([B])
    assert not form.error("features")
    assert form.field("features").line.text() == "10"


def test_what_was_typed_goes_to_its_own_block_when_another_is_selected(qtbot, inspector, session):
    session.select([A])
    line = inspector.block_page.form.field("features").line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "33")
    session.select([B])
    assert session.document.node(A).params == {"features": 33}
    assert session.document.node(B).params == {"features": 10}


def test_blocks_of_one_kind_are_edited_together(qtbot, inspector, session):
    session.select([A, B])
    line = inspector.block_page.form.field("features").line
    assert (line.text(), line.placeholderText()) == ("", "—")
    type_into(qtbot, line, "7")
    assert session.document.node(A).params == {"features": 7}
    assert session.document.node(B).params == {"features": 7}
    session.undo()
    assert session.document.node(B).params == {"features": 10}


def test_a_block_is_renamed_and_a_taken_name_is_refused(qtbot, inspector, session):
    session.select([A])
    name = inspector.block_page.name
    type_into(qtbot, name.line, "second")
    assert "already called" in name.error
    assert session.document.node(A).name == "first"
    type_into(qtbot, name.line, "head")
    assert not name.error
    assert session.document.node(A).name == "head"


def test_an_unknown_block_shows_what_it_holds(inspector, session):
    session.select([C])
    assert inspector.block_page.kept.facts() == [("speed", "9")]
    assert inspector.block_page.form.isHidden()


def test_blocks_of_several_kinds_are_counted(inspector, session):
    session.select([A, B, C])
    assert inspector.page() is inspector.several_page
    assert ("Dense", "2") in inspector.several_page.kinds.facts()


def test_removing_the_selected_block_shows_the_drawing(inspector, session):
    session.select([A])
    session.apply("Remove", lambda document: edits.remove(document, [A]))
    assert inspector.page() is inspector.document_page


def test_variables_are_added_changed_and_removed(qtbot, inspector, session):
    variables = inspector.document_page.variables
    type_into(qtbot, variables.new_name, "depth", Qt.Key.Key_Tab)
    type_into(qtbot, variables.new_value, "2 * width")
    assert session.document.variables == {"width": 8, "depth": 16}
    type_into(qtbot, variables.rows["depth"].field.line, "4")
    assert session.document.variables["depth"] == 4
    type_into(qtbot, variables.new_name, "depth", Qt.Key.Key_Tab)
    type_into(qtbot, variables.new_value, "1")
    assert "already a variable" in variables.error.text()
    inspector.document_page.variables._remove("depth")
    assert "depth" not in variables.rows


def test_the_description_is_kept_when_the_field_is_left(qtbot, inspector, session):
    field = inspector.document_page.description
    field.setFocus()
    qtbot.keyClicks(field, "Reads digits.")
    inspector.document_page.name.line.setFocus()
    assert session.document.description == "Reads digits."


def test_a_description_that_is_being_typed_stays_when_all_is_considered_anew(
    qtbot, inspector, session
):
    session.select([])
    text = inspector.document_page.description
    text.setFocus()
    qtbot.keyClicks(text, "A net")
    session.reconsider()
    assert text.toPlainText() == "A net"


def test_an_optimizer_is_offered_the_blocks_that_have_weights(qtbot):
    document = chain("input flatten dense relu dense")
    document = edits.add(edits.add(document, "mse"), "optimizer")
    session = Session(document)
    made = Inspector()
    qtbot.addWidget(made)
    made.set_session(session)
    session.select([NodeId("n7")])
    menu = made.block_page.form.field("trains").menu()
    assert [action.text() for action in menu.actions()] == ["dense", "dense2"]
    menu.actions()[1].trigger()
    assert session.document.node(NodeId("n7")).params == {"trains": "dense2"}


def test_a_page_that_does_not_fit_is_scrolled_sideways(qtbot, inspector):
    bar = inspector._areas[inspector.page()].horizontalScrollBar()
    inspector.resize(400, 600)
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    inspector.resize(110, 600)
    qtbot.waitUntil(lambda: bar.maximum() > 0)
