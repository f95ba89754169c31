"""A parameter that names blocks: typed, or ticked in a menu."""

import pytest

from app.forms import FormView
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
