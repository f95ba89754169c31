"""A parameter that holds names: typed, or ticked in a menu."""

import pytest

from app.forms import FormView
from backends.data.column_lists import named_columns
from backends.data.csv_file import CsvChoice
from graph.blocks.optimizers import Optimizer


@pytest.fixture
def view(qtbot):
    made = FormView()
    qtbot.addWidget(made)
    made.edits = []
    made.edited.connect(lambda *edit: made.edits.append(edit))
    return made


def show(view, *trains):
    view.show_form(Optimizer, [{"trains": names} for names in trains], {})
    view.set_choices("trains", ["encoder", "generator", "judge"])
    return {action.text(): action for action in view.field("trains").menu().actions()}


def test_blocks_are_ticked_in_the_order_of_the_drawing(view):
    actions = show(view, "judge")
    assert [name for name, action in actions.items() if action.isChecked()] == ["judge"]
    actions["encoder"].trigger()
    assert view.edits == [("trains", "encoder, judge", False)]
    show(view, "encoder, judge")["judge"].trigger()
    assert view.edits[-1] == ("trains", "encoder", False)


def test_a_name_that_is_not_there_can_be_taken_away(view):
    actions = show(view, "gone, judge")
    assert list(actions) == ["encoder", "generator", "judge", "gone"]
    actions["gone"].trigger()
    assert view.edits == [("trains", "judge", False)]


def test_without_a_name_the_field_says_what_is_trained(view):
    show(view, "")
    assert view.field("trains").line.placeholderText() == "all that no other names"


def test_columns_are_ticked_and_those_with_commas_are_quoted(view):
    view.show_form(CsvChoice, [{"columns": 'age, "size, in m"'}], {})
    view.set_choices("columns", ["age", "city", "size, in m"])
    actions = {action.text(): action for action in view.field("columns").menu().actions()}
    assert [action.isChecked() for action in actions.values()] == [True, False, True]
    actions["city"].trigger()
    assert view.edits == [("columns", 'age, city, "size, in m"', False)]
    assert named_columns(view.edits[0][1]) == ("age", "city", "size, in m")


def test_an_empty_field_says_what_that_stands_for(view):
    view.show_form(CsvChoice, [{}], {})
    said = {name: view.field(name).line.placeholderText() for name in ("columns", "more_targets")}
    assert said == {"columns": "all usable", "more_targets": "none"}
    assert not view.field("columns").pick.isEnabled()
