"""Composites in the inspector: repeats, shared weights, parameters, promoted fields."""

from functools import partial

import pytest
from PySide6.QtCore import Qt

from app.inspector import Inspector
from app.inspector.parameters import read_default
from app.inspector.promoting import offers_for
from app.session import Session
from graph import edits
from graph.composites.definitions import rename_definition
from graph.composites.making import make
from graph.composites.repeating import set_repeat, share
from graph.model import NodeId, Repeat
from graph.params import Expr
from graph.problems import UserError
from tests.drawing import chain, set_params

DENSE, PART = NodeId("n3"), NodeId("n6")


@pytest.fixture
def session():
    document = set_params(chain("input flatten dense relu output"), "n3", features=Expr("width"))
    document = edits.set_variable(document, "width", 16)
    return Session(make(document, [DENSE, NodeId("n4")], "Part"))


@pytest.fixture
def inspector(qtbot, session):
    made = Inspector()
    qtbot.addWidget(made)
    made.set_session(session)
    made.resize(300, 900)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


def type_into(qtbot, line, text):
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def test_an_instance_shows_its_parameters_and_takes_expressions(qtbot, inspector, session):
    session.select([PART])
    field = inspector.block_page.form.field("width")
    assert field.line.text() == "width"
    type_into(qtbot, field.line, "2 * width")
    assert str(session.typing.type_of(PART, "y")) == "N×32"


def test_a_button_looks_inside_a_composite(qtbot, inspector, session):
    session.select([NodeId("n2")])
    assert inspector.block_page.open.isHidden()
    session.select([PART])
    qtbot.mouseClick(inspector.block_page.open, Qt.MouseButton.LeftButton)
    assert [step.definition for step in session.place] == ["Part"]


def test_a_composite_with_a_long_name_leaves_the_page_as_wide_as_its_panel(inspector, session):
    long = "AnExtremelyLongCompositeNameThatNobodyWouldChoose"
    session.apply("Rename", partial(rename_definition, old="Part", new=long))
    session.select([PART])
    page = inspector.block_page
    assert page.title.text() == page.title.toolTip() == long
    assert page.minimumSizeHint().width() <= inspector.width()
    assert page.name.geometry().right() < inspector.width()


def test_a_mode_repeats_the_block_and_a_count_of_one_lets_it_stand_once(qtbot, inspector, session):
    session.select([PART])
    rows = inspector.block_page.repeat
    assert rows.mode.field.combo.currentData() == "once" and rows.count.isHidden()
    rows.mode.field.committed.emit("chain", False)
    assert session.document.node(PART).repeat == Repeat(2)
    type_into(qtbot, rows.count.field.line, "3")
    assert session.document.node(PART).repeat == Repeat(3)
    rows.mode.field.committed.emit("shared", False)
    assert session.document.node(PART).repeat == Repeat(3, "shared")
    assert "same weights" in rows.about.text()
    type_into(qtbot, rows.count.field.line, "1")
    assert session.document.node(PART).repeat is None


def test_the_index_of_a_repeat_can_be_typed(qtbot, inspector, session):
    session.apply("Repeat", lambda document: set_repeat(document, [PART], Repeat(2)))
    session.select([PART])
    form = inspector.block_page.form
    type_into(qtbot, form.field("width").line, "8 + i")
    assert session.document.node(PART).params == {"width": Expr("8 + i")}
    assert not form.error("width")


def test_a_block_that_cannot_be_repeated_has_no_rows_for_it(inspector, session):
    session.select([NodeId("n1")])
    assert inspector.block_page.repeat.isHidden()


def test_the_weights_of_another_block_are_named(inspector, session):
    session.apply("Add", lambda document: edits.add(document, "def:Part", name="second"))
    second = list(session.document.graph.nodes)[-1]
    wire = {"source": NodeId("n2"), "out": "y", "target": second, "into": "x"}
    session.apply("Wire", lambda document: edits.connect(document, **wire))
    value = {"ids": [second], "name": "width", "value": Expr("width")}
    session.apply("Set", lambda document: edits.set_param(document, **value))
    session.select([second])
    weights = inspector.block_page.weights
    assert weights.button.text() == "its own" and not weights.isHidden()
    session.apply("Share", lambda document: share(document, second, PART))
    assert weights.button.text() == "of part"
    session.select([NodeId("n2")])
    assert weights.isHidden()


def test_inside_with_nothing_selected_the_composite_is_shown(inspector, session):
    session.enter(PART)
    page = inspector.definition_page
    assert inspector.page() is page
    assert page.name.line.text() == "Part" and list(page.parameters.rows) == ["width"]
    assert page.uses.facts() == [("the whole drawing", "×1")]
    session.leave()
    session.select([])
    assert inspector.page() is inspector.document_page


def test_the_composite_is_renamed_and_described_where_it_is_shown(qtbot, inspector, session):
    session.enter(PART)
    page = inspector.definition_page
    type_into(qtbot, page.name.line, "model")
    assert "cannot name a composite" in page.name.error
    type_into(qtbot, page.name.line, "Layer")
    page.description.setPlainText("Mixes features.")
    page.leave()
    assert session.root.definitions["Layer"].description == "Mixes features."
    assert session.place[-1].definition == "Layer"


def test_what_is_typed_goes_to_its_own_composite_when_another_place_is_looked_at(
    qtbot, inspector, session
):
    session.enter(PART)
    page = inspector.definition_page
    page.description.setFocus()
    qtbot.keyClicks(page.description, "Half a net")
    session.reconsider()
    page.name.line.setFocus()
    page.name.line.selectAll()
    qtbot.keyClicks(page.name.line, "Half")
    session.leave()
    assert {name: each.description for name, each in session.root.definitions.items()} == {
        "Half": "Half a net"
    }
    assert session.document.node(PART).definition == "Half" and not session.root.description


def test_a_value_that_is_typed_is_kept_when_its_composite_is_opened(qtbot, inspector, session):
    session.select([PART])
    line = inspector.block_page.form.field("width").line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "24")
    session.enter(PART)
    assert session.root.graph.nodes[PART].params["width"] == 24
    assert session.document.variables["width"] == 24


def test_parameters_are_added_renamed_changed_and_removed(qtbot, inspector, session):
    session.enter(PART)
    rows = inspector.definition_page.parameters
    rows.new_name.setText("rate")
    type_into(qtbot, rows.new_value, "0.5")
    assert session.root.definitions["Part"].parameters["rate"].default == 0.5
    type_into(qtbot, rows.rows["width"].name, "size")
    assert session.document.node(DENSE).params == {"features": Expr("size")}
    type_into(qtbot, rows.rows["size"].field.line, "24")
    assert session.root.definitions["Part"].parameters["size"].default == 24
    qtbot.mouseClick(rows.rows["rate"].remove, Qt.MouseButton.LeftButton)
    assert list(session.root.definitions["Part"].parameters) == ["size"]
    type_into(qtbot, rows.new_value, "")
    assert "needs a default" in rows.error.text()


def test_a_field_inside_can_become_a_parameter_or_follow_one(inspector, session):
    session.enter(PART)
    session.select([DENSE])
    form = inspector.block_page.form
    offers = dict(form.field("bias").offers())
    assert list(offers) == ["Make it a parameter of Part"]
    offers["Make it a parameter of Part"]()
    assert session.root.definitions["Part"].parameters["bias"].default is True
    assert form.field("bias").box.isChecked() and form.field("bias").box.text() == "bias"
    offers = dict(form.field("features").offers())
    assert list(offers) == ["Use the parameter width"]
    session.apply("Set", lambda now: edits.set_param(now, [DENSE], "features", 3))
    offers["Use the parameter width"]()
    assert session.document.node(DENSE).params["features"] == Expr("width")


def test_several_blocks_of_one_value_get_one_parameter_together(inspector, session):
    session.enter(PART)
    first = edits.next_node_id(session.document)
    session.apply("Add", lambda now: edits.add(now, "conv2d"))
    second = edits.next_node_id(session.document)
    session.apply("Add", lambda now: edits.add(now, "conv2d"))
    session.select([first, second])
    offers = dict(inspector.block_page.form.field("out_channels").offers())
    offers["Make it a parameter of Part"]()
    for id in (first, second):
        assert session.document.node(id).params == {"out_channels": Expr("out_channels")}
    assert session.history.undo_label == "Make out channels a parameter of Part"
    session.undo()
    session.apply("Set", lambda now: edits.set_param(now, [second], "out_channels", 3))
    session.select([first, second])
    offers = dict(inspector.block_page.form.field("out_channels").offers())
    assert "Make it a parameter of Part" not in offers, "they are not of one value"


def test_outside_of_composites_a_field_offers_nothing_more(session):
    block = session.registry.find("flatten")
    assert not any(offers_for(session, (NodeId("n2"),), p) for p in block.params.values())


@pytest.mark.parametrize(
    ("text", "value"),
    [("64", 64), ("0.5", 0.5), ("3, 3", (3, 3)), ("on", True), ("same", "same"), ("-1", -1)],
)
def test_a_default_is_read_as_what_it_looks_like(text, value):
    assert read_default(text) == value and type(read_default(text)) is type(value)


def test_a_default_must_be_typed():
    with pytest.raises(UserError):
        read_default("")


def test_an_input_inside_asks_for_no_column(inspector, session):
    session.enter(PART)
    ports = [id for id, n in session.document.graph.nodes.items() if n.kind == "input"]
    session.select(ports)
    assert "shape" in inspector.block_page.form.names()
    assert "column" not in inspector.block_page.form.names()
    session.leave()
    session.select([NodeId("n1")])
    assert "column" in inspector.block_page.form.names()


def test_a_parameter_goes_also_while_another_name_is_typed_for_it(qtbot, inspector, session):
    session.enter(PART)
    rows = inspector.definition_page.parameters
    row = rows.rows["width"]
    row.name.setFocus()
    row.name.selectAll()
    qtbot.keyClicks(row.name, "breadth")
    qtbot.mouseClick(row.remove, Qt.MouseButton.LeftButton)
    assert not session.root.definitions["Part"].parameters
    assert not rows.error.text() and not rows.rows
    session.undo()
    assert list(rows.rows) == ["breadth"]
