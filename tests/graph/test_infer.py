"""Types: going on past errors, and the same after an edit as from scratch."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from graph import edits, surgery
from graph.infer import Typing, infer
from graph.model import Document, Edge, NodeId, Wires
from graph.tensor import T
from tests.drawing import chain, draw, set_params


def image_chain(kinds: str) -> Document:
    return set_params(chain(f"input {kinds}"), "n1", shape="3, 32, 32")


def test_types_flow_from_the_input():
    typing = infer(image_chain("conv2d max_pool2d flatten dense"))
    assert typing.problems == {}
    assert typing.type_of(NodeId("n5"), "y") == T("N", 64)


def test_one_cause_gives_one_problem_and_what_follows_waits():
    document = set_params(image_chain("conv2d max_pool2d flatten"), "n2", kernel_size=(40, 40))
    typing = infer(document)
    assert list(typing.problems) == ["n2"]
    assert typing.is_waiting(NodeId("n3"))
    assert typing.is_waiting(NodeId("n4"))


def test_other_branches_are_typed_past_an_error():
    document = image_chain("conv2d")
    document = edits.add(document, "conv2d")
    document = edits.connect(document, NodeId("n1"), "y", NodeId("n3"), "x")
    document = set_params(document, "n2", kernel_size=(99, 99))
    typing = infer(document)
    assert "n2" in typing.problems
    assert typing.type_of(NodeId("n3"), "y") is not None


def test_an_open_input_is_named():
    problem = infer(draw("dense")).problems[NodeId("n1")]
    assert problem.code == "open-input"
    assert "“x”" in problem.text


def test_unknown_blocks_and_bad_parameters_are_problems():
    document = edits.add(draw("dense"), "from_the_future")
    typing = infer(document)
    assert typing.problems[NodeId("n2")].code == "unknown-block"
    node = document.node(NodeId("n1"))
    bad = edits.add(document, "dense", params={"features": -3})
    typing = infer(bad)
    problem = typing.problems[NodeId("n3")]
    assert "at least 1" in problem.text
    mended = problem.fixes[0].edit(bad)
    assert mended.node(NodeId("n3")).params == node.params == {}


def test_a_circle_of_wires_is_one_problem():
    document = chain("dense dense dense")
    back = Edge(NodeId("n3"), "y", NodeId("n1"), "x")
    document = document.with_graph(
        wires=Wires({**document.graph.wires.into, NodeId("n1"): (back,)})
    )
    typing = infer(document)
    assert [problem.code for problem in typing.problems.values()] == ["cycle"]
    assert typing.types == {}


def test_wires_from_missing_blocks_are_problems():
    document = draw("dense")
    stray = Edge(NodeId("n9"), "y", NodeId("n1"), "x")
    document = document.with_graph(wires=Wires({NodeId("n1"): (stray,)}))
    assert "not there" in infer(document).problems[NodeId("n1")].text


def facts(typing: Typing) -> tuple[object, ...]:
    problems = {id: (p.code, p.text, p.short) for id, p in typing.problems.items()}
    return dict(typing.types), problems


KINDS = ["input", "conv2d", "relu", "dense", "flatten", "add", "concat", "max_pool2d", "output"]


def random_edit(document: Document, random: random.Random) -> Document:
    ids = list(document.graph.nodes)
    choice = random.random()
    if choice < 0.3 or not ids:
        return edits.add(document, random.choice(KINDS), (random.random() * 900, 0))
    id = random.choice(ids)
    if choice < 0.4:
        return edits.remove(document, [id], heal=random.random() < 0.5)
    if choice < 0.5:
        return surgery.replace_kind(document, id, random.choice(KINDS))
    if choice < 0.6:
        name, value = random.choice(
            [("features", 10), ("kernel_size", (50, 50)), ("stride", (2, 2))]
        )
        try:
            return edits.set_param(document, [id], name, value)
        except edits.UserError:
            return document
    if choice < 0.65:
        all_edges = list(document.graph.edges())
        return edits.disconnect(document, all_edges[:1])
    if choice < 0.7:
        return edits.move(document, {id: (3, 4)})
    other = random.choice(ids)
    outs, ins = edits.ports_of(document, id)[1], edits.ports_of(document, other)[0]
    if not outs or not ins:
        return document
    try:
        return edits.connect(document, id, outs[0], other, random.choice(ins).name)
    except edits.UserError:
        return document


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_types_after_edits_equal_types_from_scratch(seed):
    source = random.Random(seed)
    document = image_chain("conv2d relu flatten dense")
    typing = infer(document)
    for _ in range(30):
        document = random_edit(document, source)
        typing = infer(document, typing)
        assert facts(typing) == facts(infer(document))
