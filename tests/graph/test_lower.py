"""From a drawing to a program: what runs in the model, and what in its training."""

from __future__ import annotations

from graph import edits
from graph.check import check
from graph.infer import infer
from graph.lower import Program, lower
from graph.model import Document, NodeId
from tests.drawing import chain, draw, set_params


def program(document: Document) -> Program:
    return lower(document, infer(document))


def with_loss(kinds: str = "") -> Document:
    """n1 Input → n2 Dense → n4 MSE ← n3 Target, and more blocks, not wired."""
    document = draw(f"input dense target mse {kinds}")
    document = set_params(set_params(document, "n1", shape="4"), "n2", features=2)
    document = set_params(document, "n3", shape="2", dtype="float32")
    for source, target, port in (
        ("n1", "n2", "x"),
        ("n2", "n4", "prediction"),
        ("n3", "n4", "target"),
    ):
        document = edits.connect(document, NodeId(source), "y", NodeId(target), port)
    return document


def test_what_follows_a_loss_is_the_loss():
    document = with_loss("multiply")
    for _ in range(2):
        document = edits.connect(document, NodeId("n4"), "loss", NodeId("n5"), "xs")
    found = program(document)
    assert [result.name for result in found.losses] == ["multiply"]
    assert [step.name for step in found.objective] == ["mse", "multiply"]
    assert found.is_trainable


def test_a_layer_behind_a_loss_is_a_problem_and_a_gap():
    document = with_loss("dropout relu")
    document = edits.connect(document, NodeId("n4"), "loss", NodeId("n5"), "x")
    document = edits.connect(document, NodeId("n5"), "y", NodeId("n6"), "x")
    found = program(document)
    assert [node for node, _ in found.gaps] == ["n5"]
    assert not found.is_whole
    problems = check(document, infer(document))
    assert [(p.code, p.nodes) for p in problems if p.code == "behind-loss"] == [
        ("behind-loss", ("n5",))
    ]


def test_an_unfinished_loss_does_not_hide_the_model():
    document = edits.add(chain("input flatten dense"), "cross_entropy")
    document = edits.connect(document, NodeId("n3"), "y", NodeId("n4"), "prediction")
    found = program(document)
    assert [step.name for step in found.body] == ["flatten", "dense"]
    assert [result.endpoint for result in found.returns] == [("n3", "y")]
    assert [node for node, _ in found.gaps] == ["n4"]


def test_open_ends_are_answered_in_the_order_in_which_they_run():
    document = draw("input dense dense dense")
    for target in ("n2", "n3", "n4"):
        document = edits.connect(document, NodeId("n1"), "y", NodeId(target), "x")
    assert [result.name for result in program(document).returns] == ["dense", "dense2", "dense3"]
