"""What a search is offered to begin with."""

import pytest

from graph import edits
from graph.composites.making import make
from graph.model import Document, NodeId
from graph.params import Expr
from graph.registry import default_registry
from graph.search_fields import Field, parse_field
from graph.searching import make_search
from graph.suggesting import fields_of, suggested
from tests.backends.pytorch.drawings import iris_mlp


def test_fields_of_chosen_blocks_come_first_and_then_the_recipe():
    names = [str(field) for field in fields_of(iris_mlp(), [NodeId("n4")])]
    assert names[0] == "dense2.features"
    assert names.index("dense2.kind") < names.index("learning_rate") < names.index("dense.features")
    assert "device" not in names and "inputs.shape" not in names
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("field", "choices"),
    [
        ("dense.features", "{8, 16, 32}"),
        ("dense2.features", "1..6"),
        ("dense.bias", "{true, false}"),
        ("dense.repeat", "1..2"),
        ("learning_rate", "0.0001..0.1 log"),
        ("batch_size", "{32, 64, 128}"),
        ("validation_fraction", "0..0.2"),
    ],
)
def test_choices_are_around_the_value(field, choices):
    document = iris_mlp()
    assert str(suggested(document, parse_field(document, field)).space) == choices


def test_a_block_may_be_of_kinds_like_its_own():
    document = iris_mlp()
    first, *others = suggested(document, Field("kind", "relu")).space.values
    assert first == "relu" and len(others) == 2


def test_what_is_calculated_is_left_so():
    document = edits.set_variable(iris_mlp(), "width", 8)
    document = edits.set_param(document, [NodeId("n2")], "features", Expr("2 * width"))
    assert str(suggested(document, Field("features", "dense")).space) == "{2 * width}"
    assert str(suggested(document, Field("width")).space) == "{4, 8, 16}"


def test_fields_inside_a_composite_say_so():
    document = make(iris_mlp(), [NodeId("n2"), NodeId("n3")], "Layer").inside("Layer")
    names = [str(field) for field in fields_of(document)]
    assert "Layer/dense.features" in names and "learning_rate" in names
    assert str(suggested(document, parse_field(document, "Layer/dense.features")).space)


def test_what_is_suggested_can_be_searched_for_every_block_there_is():
    for block in default_registry().blocks():
        document = edits.add(Document(), block.kind.name)
        for field in fields_of(document):
            over = suggested(document, field)
            assert over.space.count != 0, over
            assert make_search(document, [str(over)]).over == (over,), over
