"""Composites made of selected blocks, and taken apart again."""

import pytest

from graph import edits
from graph.composite import INPUT, OUTPUT
from graph.composites.making import make, why_not_make
from graph.composites.naming import class_name, is_class_name, suggested
from graph.composites.repeating import set_repeat
from graph.composites.unpacking import unpack
from graph.fileio import dumps, loads
from graph.infer import infer
from graph.model import Document, NodeId, Repeat
from graph.params import Expr
from graph.problems import UserError
from tests.drawing import chain, draw, set_params


def ids(*numbers: int) -> list[NodeId]:
    return [NodeId(f"n{number}") for number in numbers]


def made(document: Document, *numbers: int, name: str = "Part") -> Document:
    return make(document, ids(*numbers), name)


def wires(document: Document) -> set[tuple[str, str, str, str]]:
    names = {id: node.name for id, node in document.graph.nodes.items()}
    return {(names[e.source], e.out, names[e.target], e.into) for e in document.graph.edges()}


def answer(document: Document) -> list[str]:
    """The types of what leads to the Outputs."""
    typing = infer(document)
    assert not typing.problems
    outs = typing.by_kind["output"]
    return [str(typing.edge_type(document.graph.inputs_of(id)[0])) for id in outs]


def test_a_chain_becomes_one_block_with_x_and_y_and_the_same_types():
    document = chain("input flatten dense relu dense output")
    composed = made(document, 3, 4)
    assert wires(composed) == {
        ("inputs", "y", "flatten", "x"),
        ("flatten", "y", "part", "x"),
        ("part", "y", "dense2", "x"),
        ("dense2", "y", "output", "x"),
    }
    assert answer(composed) == answer(document)
    assert set(composed.definitions["Part"].graph.nodes) >= set(ids(3, 4))


def test_a_composite_stands_where_its_first_block_stood():
    document = chain("input flatten dense relu dense output")
    composed = made(document, 3, 4, 5)
    (part,) = composed.graph.nodes.keys() - document.graph.nodes.keys()
    first, there = document.node(NodeId("n3")), composed.node(part)
    assert (there.x, there.y) == (first.x, first.y)


def test_an_input_that_feeds_two_blocks_becomes_one_port():
    document = draw("input relu sigmoid add output")
    for source, target, into in ((1, 2, "x"), (1, 3, "x"), (2, 4, "xs"), (3, 4, "xs"), (4, 5, "x")):
        document = edits.connect(document, *ids(source), "y", *ids(target), into)
    composed = made(document, 2, 3, 4)
    assert answer(composed) == answer(document)
    kinds = [node.kind for node in composed.definitions["Part"].graph.nodes.values()]
    assert (kinds.count(INPUT), kinds.count(OUTPUT)) == (1, 1)


def test_ports_beside_others_are_named_after_what_they_feed_or_after_their_source():
    document = draw("input input add relu sigmoid output output")
    document = edits.rename(edits.rename(document, NodeId("n1"), "image"), NodeId("n2"), "mask")
    for source, target, into in (
        (1, 3, "xs"), (2, 3, "xs"), (3, 4, "x"), (3, 5, "x"), (4, 6, "x"), (5, 7, "x"),
    ):  # fmt: skip
        document = edits.connect(document, *ids(source), "y", *ids(target), into)
    composed = made(document, 3, 4, 5)
    names = [n.name for n in composed.definitions["Part"].graph.nodes.values()]
    assert names == ["add", "relu", "sigmoid", "image", "mask", "relu_out", "sigmoid_out"]
    assert answer(composed) == answer(document)


def test_open_ends_become_outputs_where_no_wire_leaves():
    composed = made(chain("input relu"), 2)
    assert not infer(composed).problems


def test_variables_become_parameters_with_the_present_value_as_default():
    document = edits.set_variable(chain("input flatten dense dropout output"), "width", 32.0)
    document = edits.set_variable(document, "rate", 0.0)
    document = set_params(document, "n3", features=Expr("4 * width"))
    document = set_params(document, "n4", p=Expr("rate"))
    composed = made(document, 3, 4)
    parameters = composed.definitions["Part"].parameters
    assert {n: (p.kind, p.default) for n, p in parameters.items()} == {
        "width": ("int", 32),
        "rate": ("float", 0.0),
    }
    (instance,) = [n for n in composed.graph.nodes.values() if n.definition]
    assert instance.params == {"width": Expr("width"), "rate": Expr("rate")}
    assert answer(edits.set_variable(composed, "width", 2.0)) == ["N×8"]


def test_the_index_of_a_repeat_is_no_parameter():
    document = set_params(chain("input flatten dense output"), "n3", features=Expr("10 + i"))
    composed = made(set_repeat(document, ids(3), Repeat(3)), 3)
    assert not composed.definitions["Part"].parameters


def test_inside_another_composite_parameters_keep_their_kind():
    document = edits.set_variable(chain("input flatten dense dropout output"), "rate", 0.25)
    document = set_params(document, "n4", p=Expr("rate"))
    outer = made(document, 2, 3, 4, name="Outer")
    view = made(outer.inside("Outer"), 4, name="Inner")
    whole = view.whole()
    assert whole.definitions["Inner"].parameters["rate"].kind == "float"
    assert answer(whole) == answer(document)
    assert loads(dumps(whole)).document == whole


@pytest.mark.parametrize(
    ("kinds", "chosen", "reason"),
    [
        ("input relu output", [1, 2], "stays in the drawing"),
        ("input relu output", [2, 3], "stays in the drawing"),
        ("input relu sigmoid tanh output", [2, 4], "closes a circle"),
        ("input relu output", [], "Choose the blocks"),
    ],
)
def test_what_cannot_become_a_composite_is_refused(kinds, chosen, reason):
    document = chain(kinds)
    assert reason in why_not_make(document, ids(*chosen))
    with pytest.raises(UserError, match=reason):
        made(document, *chosen)


@pytest.mark.parametrize("name", ["Model", "nn", "F", "conv_block", "None", "Exception", "2D", ""])
def test_names_that_no_class_may_have_are_refused(name):
    assert not is_class_name(name)
    with pytest.raises(UserError, match="would do"):
        made(chain("input relu output"), 2, name=name)


def test_a_name_that_is_taken_is_refused_and_free_ones_are_offered():
    composed = made(chain("input relu tanh output"), 2)
    with pytest.raises(UserError, match="already called Part"):
        made(composed, 3)
    assert class_name("part", composed.definitions) == "Part2"
    assert suggested(composed, ids(3)) == "Tanh"
    assert class_name("layer 1 – main") == "Layer1Main"


def test_taking_the_last_instance_apart_gives_the_drawing_back_with_its_ids():
    document = chain("input flatten dense relu dense output")
    back, out = unpack(made(document, 3, 4), NodeId("n7"))
    assert wires(back) == wires(document)
    assert set(out) == set(ids(3, 4)) and not back.definitions
    assert answer(back) == answer(document)


def test_taking_one_of_two_instances_apart_gives_fresh_ids_and_its_own_values():
    document = edits.set_variable(chain("input flatten dense relu output"), "width", 32.0)
    document = set_params(document, "n3", features=Expr("4 * width"))
    composed = made(document, 3)
    composed = edits.add(composed, "def:Part")
    second = list(composed.graph.nodes)[-1]
    composed = edits.set_param(composed, [second], "width", 3)
    composed = edits.connect(composed, NodeId("n2"), "y", second, "x")
    apart, out = unpack(composed, second)
    assert apart.node(out[0]).params == {"features": 12}
    assert "Part" in apart.definitions and out[0] not in apart.definitions["Part"].graph.nodes
    assert [e.source for e in apart.graph.inputs_of(out[0])] == ["n2"]


def test_expressions_of_the_instance_go_inside_in_brackets():
    document = edits.set_variable(chain("input flatten dense output"), "width", 8)
    document = set_params(document, "n3", features=Expr("4 * width"))
    composed = edits.set_param(made(document, 3), ids(5), "width", Expr("width + 1"))
    apart, out = unpack(composed, NodeId("n5"))
    assert apart.node(out[0]).params["features"] == Expr("4 * (width + 1)")


@pytest.mark.parametrize("mode", ["chain", "shared", "concat"])
def test_a_repeated_block_comes_apart_into_a_row_of_equal_meaning(mode):
    document = set_params(chain("input flatten dense dense output"), "n3", features=6)
    document = set_params(document, "n4", features=6)
    document = set_repeat(document, [NodeId("n4")], Repeat(3, mode))
    apart, out = unpack(document, NodeId("n4"))
    assert sum(apart.node(id).kind == "dense" for id in out) == 3
    assert answer(apart) == answer(document)
    shared = [apart.node(id).shares for id in out if apart.node(id).kind == "dense"]
    assert shared == ([None, "n4", "n4"] if mode == "shared" else [None] * 3)


def test_the_index_is_worked_out_where_a_repeat_comes_apart():
    document = set_params(chain("input flatten dense output"), "n3", features=Expr("2 ** (i + 1)"))
    document = set_repeat(document, [NodeId("n3")], Repeat(3))
    apart, out = unpack(document, NodeId("n3"))
    assert [apart.node(id).params.get("features") for id in out] == [2, 4, 8]


def test_a_repeat_whose_outputs_are_added_up_comes_apart_with_an_add():
    document = chain("input flatten dense relu output")
    document = made(set_params(document, "n3", features=784), 3, 4)
    view = document.inside("Part")
    view = edits.add(view, "output", name="skip")
    end = list(view.graph.nodes)[-1]
    view = edits.connect(view, NodeId("n3"), "y", end, "x")
    document = edits.add(view.whole(), "output")
    document = edits.connect(document, NodeId("n6"), "skip", list(document.graph.nodes)[-1], "x")
    document = set_repeat(document, [NodeId("n6")], Repeat(3, "sum"))
    apart, out = unpack(document, NodeId("n6"))
    assert [apart.node(id).kind for id in out].count("add") == 1
    assert answer(apart) == answer(document)


def test_a_long_repeat_is_not_drawn_out():
    document = set_repeat(chain("input relu output"), ids(2), Repeat(1000))
    with pytest.raises(UserError, match="1,000 times"):
        unpack(document, NodeId("n2"))


def test_a_scan_is_as_long_as_its_sequence_and_is_not_drawn_out():
    document = set_repeat(chain("input relu output"), ids(2), Repeat(2, "scan"))
    with pytest.raises(UserError, match="however long"):
        unpack(document, NodeId("n2"))
