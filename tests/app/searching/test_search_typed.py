"""Choices that are typed into fields of the panels, and a search that is asked for there."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from app.canvas.fields import Fields
from app.canvas.param_strip import ParamStrip
from app.forms.reset_menu import fill_menu
from app.inspector.repeating import RepeatRows
from app.searching.dialog import SearchDialog
from graph import edits
from graph.composites.making import make
from graph.composites.repeating import set_repeat
from graph.data import DataSpec, StepSpec
from graph.model import NodeId, Repeat
from tests.backends.pytorch.drawings import iris_mlp


@pytest.fixture
def session(window):
    data = DataSpec("moons", steps=(StepSpec("noise"),))
    window.session.apply("Draw", lambda _: edits.set_data(iris_mlp(), data))
    yield window.session
    for dialog in window.findChildren(SearchDialog):
        dialog.close()


def typed(qtbot, form, name, text):
    line = form.field(name).focus_widget()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def lines(window):
    (dialog,) = window.findChildren(SearchDialog)
    return [line.text() for line in dialog.form.lines]


def test_a_set_typed_for_a_parameter_is_searched_and_the_value_stays(window, session, qtbot):
    session.select([NodeId("n2")])
    before = session.root
    form = window.inspector.findChild(type(window.training.parts.recipe_page.form))
    typed(qtbot, form, "features", "{32,64, 128}")
    assert lines(window) == ["dense.features={32,64, 128}"]
    assert session.root is before and form.field("features").focus_widget().text() == "16"
    typed(qtbot, form, "features", "8..64 step 8")
    assert lines(window) == ["dense.features=8..64 step 8"]


def test_what_is_wrong_with_typed_choices_stands_under_the_field(window, session, qtbot):
    session.select([NodeId("n2")])
    form = window.inspector.findChild(type(window.training.parts.recipe_page.form))
    for text, said in (("{32, many!}", "arithmetic"), ("{0}", "at least 1"), ("64..8", "upwards"),
                       ("{32, 64", "write a set")):  # fmt: skip
        typed(qtbot, form, "features", text)
        assert said in form.error("features")
    assert not window.findChildren(SearchDialog)
    typed(qtbot, form, "features", "32")
    assert form.error("features") == ""


def test_recipe_data_and_steps_take_ranges(window, session, qtbot):
    parts = window.training.parts
    typed(qtbot, parts.recipe_page.form, "learning_rate", "1e-4..1e-1 log")
    typed(qtbot, parts.recipe_page.form, "batch_size", "{16, 32}")
    steps = parts.data_page.steps
    typed(qtbot, steps.form, "deviation", "0.01..0.5 log")
    window.docks.bring_up(window.docks.training)
    parts.show_places()
    parts.settings.setCurrentIndex(0)
    qtbot.waitUntil(lambda: "noise" in parts.data_page.form.names(), timeout=60_000)
    typed(qtbot, parts.data_page.form, "noise", "0..0.3")
    assert lines(window) == [
        "learning_rate=1e-4..1e-1 log", "batch_size={16, 32}",
        "data.noise.deviation=0.01..0.5 log", "data.noise=0..0.3",
    ]  # fmt: skip


def test_the_fields_over_the_canvas_and_the_repeat_take_choices(window, session, qtbot):
    session.select([NodeId("n2")])
    session.apply(
        "Repeat", lambda document: set_repeat(document, [NodeId("n2")], Repeat(2, "chain"))
    )
    rows = window.inspector.findChild(RepeatRows)
    line = rows.count.field.focus_widget()
    line.selectAll()
    qtbot.keyClicks(line, "1..4")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    (fields,) = window.canvas.findChildren(Fields)
    fields.edit_params(session, [NodeId("n2")])
    (strip,) = window.canvas.findChildren(ParamStrip)
    typed(qtbot, strip.form, "features", "{4, 8}")
    assert lines(window) == ["dense.repeat=1..4", "dense.features={4, 8}"]


def test_the_menu_of_a_field_searches_inside_a_composite(window, session, qtbot):
    ids = [NodeId("n2"), NodeId("n3")]
    session.apply("Make", lambda document: make(document, ids, "Layer"))
    session.enter(next(n.id for n in session.root.graph.nodes.values() if n.definition))
    dense = next(n for n in session.document.graph.nodes.values() if n.kind == "dense")
    session.select([dense.id])
    form = window.inspector.findChild(type(window.training.parts.recipe_page.form))
    menu = QMenu()
    fill_menu(menu, form.field("bias"))
    next(a for a in menu.actions() if "Search for a good value" in a.text()).trigger()
    assert lines(window) == ["Layer/dense.bias={true, false}"]
    session.select([node.id for node in session.document.graph.nodes.values()][:2])
    assert not form.field("bias").is_searchable()
