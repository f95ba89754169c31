"""A drawing is tried with random numbers before its own data are there."""

import pytest

from backends.data.source import source_of
from graph import edits
from graph.check import check
from graph.infer import infer
from graph.model import NodeId
from graph.problems import Severity
from graph.registry import default_registry
from graph.trying import LABEL, is_meant
from tests.drawing import chain

INPUT = NodeId("n1")


def problems(document):
    data = source_of(document.data).describe()
    return check(document, infer(document), default_registry(), data)


def drawing(kinds, read, loss="cross_entropy", **target):
    """A chain from an Input of a shape to a loss, with a Target of these parameters."""
    document = edits.set_param(chain(f"input {kinds} {loss}"), [INPUT], "shape", read)
    last = NodeId(f"n{len(kinds.split()) + 2}")
    answers = edits.next_node_id(document)
    document = edits.set_params(edits.add(document, "target"), answers, target)
    return edits.connect(document, answers, "y", last, "target")


@pytest.mark.parametrize(
    "document",
    [
        drawing("flatten dense", "3, 16, 16"),
        drawing("relu", "3x16x16", shape="16, 16"),
        drawing("relu", "3, 16, 16", loss="mse", shape="3, 16, 16", dtype="float32"),
    ],
    ids=["classes", "a class of every place", "numbers"],
)
def test_what_the_default_data_do_not_fit_is_tried_with_random_numbers(document):
    found = problems(document)
    fixes = [fix for problem in found for fix in problem.fixes if fix.label == LABEL]
    assert fixes
    errors = [p for p in problems(fixes[0].edit(document)) if p.severity is Severity.ERROR]
    assert not errors


def test_data_are_meant_where_the_inputs_have_a_shape_that_they_hold():
    for read, meant in (("1, 8, 8", True), ("3, 8, 8", False)):
        document = drawing("flatten dense", read)
        data = source_of(document.data).describe()
        assert is_meant(document, infer(document), data, default_registry()) is meant


def test_data_that_a_person_chose_are_not_replaced():
    document = drawing("flatten dense", "3, 16, 16")
    document = edits.set_data(document, type(document.data)("iris"))
    labels = {fix.label for problem in problems(document) for fix in problem.fixes}
    assert LABEL not in labels


def test_answers_that_random_numbers_cannot_give_are_not_promised():
    document = drawing("flatten dense", "3, 16, 16", shape="7")
    labels = {fix.label for problem in problems(document) for fix in problem.fixes}
    assert LABEL not in labels


def test_the_fix_of_a_target_for_one_number_says_so():
    document = drawing("flatten dense", "1, 8, 8", shape="7")
    labels = {fix.label for problem in problems(document) for fix in problem.fixes}
    assert "Set shape of “target” to one number" in labels
