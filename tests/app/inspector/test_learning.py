"""How weights start and learn is set in the inspector."""

import pytest
from PySide6.QtCore import Qt

from app.inspector import Inspector
from app.session import Session
from graph.model import NodeId
from graph.tuning import set_tuning
from tests.drawing import chain

DENSE, RELU, LAST = NodeId("n2"), NodeId("n3"), NodeId("n4")


@pytest.fixture
def session():
    return Session(chain("input dense relu dense"))


@pytest.fixture
def rows(qtbot, session):
    made = Inspector()
    qtbot.addWidget(made)
    made.set_session(session)
    made.resize(300, 900)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    yield made.block_page.learning  # noqa: PT022  # keeps the inspector alive


def type_into(qtbot, line, text):
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def test_a_typed_factor_becomes_one_edit_that_undoes(qtbot, session, rows):
    session.select([DENSE, LAST])
    type_into(qtbot, rows.form.field("learning_rate").line, "0.1")
    assert [session.document.node(id).tuning for id in (DENSE, LAST)] == [
        {"learning_rate": 0.1}
    ] * 2
    session.undo()
    assert session.document.node(DENSE).tuning == {}
    assert rows.form.field("learning_rate").line.text() == "1"


def test_only_what_applies_is_shown(session, rows):
    session.select([RELU])
    assert not rows.isVisible()
    session.select([DENSE])
    assert rows.isVisible()
    assert rows.form.names() == ["learning_rate", "weight_decay", "initial"]
    session.apply("Set", lambda d: set_tuning(d, [DENSE], "initial", "orthogonal"))
    assert rows.form.names() == ["learning_rate", "weight_decay", "initial", "gain"]


def test_a_refused_value_leaves_the_document_alone(qtbot, session, rows):
    session.select([DENSE])
    type_into(qtbot, rows.form.field("learning_rate").line, "-1")
    assert "at least 0" in rows.form.error("learning_rate")
    assert session.document.node(DENSE).tuning == {}
    type_into(qtbot, rows.form.field("learning_rate").line, "1 / 2 * 1")
    assert session.document.node(DENSE).tuning == {"learning_rate": 0.5}
