"""A search beside a drawing: its fields, its choices, and one of them put into the drawing."""

import pytest

from graph import edits
from graph.composites.making import make
from graph.data import Column, DataInfo
from graph.fileio import dumps
from graph.model import Document, Graph, Node, NodeId
from graph.params import Expr
from graph.problems import UserError
from graph.search_fields import parse_over
from graph.searching import (
    all_values,
    choose,
    combinations,
    make_search,
    objectives,
    refusal,
    values_text,
)
from tests.backends.pytorch.drawings import iris_mlp


def of(document: Document, name: str):
    return next(node for node in document.graph.nodes.values() if node.name == name)


@pytest.fixture
def drawing():
    return edits.set_variable(iris_mlp(), "width", 8)


def test_a_choice_is_put_into_the_drawing_and_leaves_the_old_one_alone(drawing):
    before = dumps(drawing)
    search = make_search(
        drawing,
        ["dense.features={8, 32}", "learning_rate=1e-4..1e-1 log", "width=1..4", "relu={gelu}",
         "optimizer={sgd, adam}", "dense2.weight_decay=0..1", "dense.repeat=1..3"],
    )  # fmt: skip
    values = (32, 0.01, 3, "gelu", "sgd", 0.5, 2)
    chosen = choose(drawing, search.over, values)
    assert of(chosen, "dense").params["features"] == 32
    assert chosen.recipe["learning_rate"] == 0.01 and chosen.recipe["optimizer"] == "sgd"
    assert chosen.variables["width"] == 3
    assert of(chosen, "gelu").kind == "gelu"
    assert of(chosen, "dense2").tuning["weight_decay"] == 0.5
    assert of(chosen, "dense").repeat.count == 2
    assert dumps(drawing) == before
    assert values_text(search.over[:2], values[:2]) == "dense.features 32, learning_rate 0.01"


def test_a_parameter_of_a_chosen_kind_is_set_after_it_was_chosen(drawing):
    drawing = edits.set_param(drawing, [of(drawing, "dense").id], "bias", False)
    over = [parse_over(drawing, "dense.bias={true}"), parse_over(drawing, "dense={dense}")]
    assert "bias" not in of(choose(drawing, over, (True, "dense")), "dense").params


def test_a_field_may_be_inside_a_composite(drawing):
    ids = [of(drawing, "dense").id, of(drawing, "relu").id]
    drawing = make(drawing, ids, "Layer")
    over = [parse_over(drawing, "Layer/dense.features=4..8")]
    assert str(over[0]) == "Layer/dense.features=4..8"
    chosen = choose(drawing, over, (5,))
    assert of(chosen.inside("Layer"), "dense").params["features"] == 5
    looked_at = drawing.inside("Layer")
    assert choose(looked_at, over, (5,)).scope is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dense.features", "names no choices"),
        ("dense9.features={1}", "No block is called “dense9”; there is inputs, dense"),
        ("dense.units={1}", "no parameter called units; it has features"),
        ("lr={1}", "neither in the recipe nor as a block"),
        ("Layer/dense.features={1}", "no composite “Layer”"),
        ("Layer/epochs={1}", "no composite"),
        ("dense.features={8, many}", "uses many, which is no variable .*width"),
        ("relu={rilu}", "no block “rilu”"),
        ("relu=1..2", "is a set of kinds"),
        ("epochs={0}", "at least 1"),
        ("dense.features={0}", "at least 1"),
    ],
)
def test_a_field_that_is_not_there_is_named(drawing, text, said):
    with pytest.raises(UserError, match=said):
        make_search(drawing, [text])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"trials": 0}, "1 to"),
        ({"objective": "beauty"}, "go by loss, accuracy"),
        ({"goal": "best"}, "lowest or highest"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(drawing, options, said):
    with pytest.raises(UserError, match=said):
        make_search(drawing, ["epochs={1, 2}"], **options)
    with pytest.raises(UserError, match="twice"):
        make_search(drawing, ["epochs={1}", "epochs={2}"])
    with pytest.raises(UserError, match="needs a field"):
        make_search(drawing, [])


def test_the_goal_follows_the_objective(drawing):
    assert objectives(drawing)["loss"] == "lowest"
    assert make_search(drawing, ["epochs={1}"], objective="accuracy").is_highest
    assert not make_search(drawing, ["epochs={1}"]).is_highest


def test_combinations_are_counted(drawing):
    search = make_search(drawing, ["dense.features={8, 32}", "epochs=1..3"])
    assert combinations(search) == 6 == len(set(all_values(search)))
    assert (8, 2) in all_values(search)
    assert combinations(make_search(drawing, ["epochs={1}", "learning_rate=0.1..0.2"])) is None


def test_shapes_that_do_not_fit_are_refused_without_training(drawing):
    iris = DataInfo("", (Column("x", (4,), "float32", "input"),
                         Column("y", (), "int64", "target", ("a", "b", "c"))), 120, 30)  # fmt: skip
    assert refusal(drawing, iris) == ""
    over = [parse_over(drawing, "relu={conv2d}"), parse_over(drawing, "dense2.features={2}")]
    assert "Conv 2D" in refusal(choose(drawing, over, ("conv2d", 3)), iris)
    assert "classes" in refusal(choose(drawing, over, ("relu", 2)), iris)


def test_values_may_be_calculated(drawing):
    over = parse_over(drawing, "dense.features={width, 2 * width}")
    assert over.space.values == (Expr("width"), Expr("2 * width"))
    assert parse_over(drawing, str(over)) == over


def test_a_block_that_is_gone_is_said(drawing):
    over = [parse_over(drawing, "dense.features={4}")]
    with pytest.raises(UserError, match="no longer there"):
        choose(edits.remove(drawing, [NodeId("n2")]), over, (4,))


def test_of_many_blocks_the_rest_is_counted():
    nodes = [Node(NodeId(f"n{i}"), "relu", name=f"relu{i}") for i in range(15)]
    document = Document(graph=Graph(nodes={node.id: node for node in nodes}))
    with pytest.raises(UserError, match=r"there is relu0, .*, relu11 and 3 more\.$"):
        parse_over(document, "dense9.features={1}")
