"""From a drawing to a program: what runs in the model, and what in its training."""

from __future__ import annotations

from graph import edits
from graph.block import Block, Category, Emit, Snippet, block
from graph.check import check
from graph.infer import infer
from graph.lower import Program, lower
from graph.model import Document, NodeId
from graph.registry import default_registry, registry_of
from graph.tensor import TensorType
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


def test_a_block_called_like_a_function_that_the_text_brings_along_makes_way():
    @block("doubled", title="Doubled", category=Category.MATH)
    class Doubled(Block):
        """Doubles every number."""

        def infer(self, x: TensorType) -> TensorType:
            return x

        def emit(self, x: TensorType) -> Emit:
            source = 'def twice(x):\n    """Doubles it."""\n    return 2 * x'
            return Emit("{y} = twice({x})", snippets=(Snippet("twice", source),))

    document = edits.rename(draw("input doubled"), NodeId("n1"), "twice")
    registry = registry_of([*default_registry().blocks(), Doubled])
    document = edits.connect(document, NodeId("n1"), "y", NodeId("n2"), "x", registry=registry)
    found = lower(document, infer(document, registry=registry))
    assert [feed.name for feed in found.inputs] == ["twice_1"]
    assert found.inputs[0].column == "twice"


def test_losses_from_one_block_have_names_of_their_own():
    document = with_loss("stack chunk")
    document = edits.connect(document, NodeId("n4"), "loss", NodeId("n5"), "xs")
    document = edits.connect(document, NodeId("n4"), "loss", NodeId("n5"), "xs")
    document = edits.connect(document, NodeId("n5"), "y", NodeId("n6"), "x")
    document = set_params(set_params(document, "n5", axis=0), "n6", axis=0)
    assert [result.name for result in program(document).losses] == ["chunk_y1", "chunk_y2"]
