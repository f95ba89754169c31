"""Blocks made a composite, taken apart or drawn out compute the same with the same weights."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from backends.pytorch.compile import Built, build, keep_weights, to_node_keys
from backends.pytorch.source import Source, print_source
from graph import edits
from graph.composites.making import make
from graph.composites.parameters import promote
from graph.composites.repeating import set_repeat
from graph.composites.unpacking import unpack
from graph.gallery.draw import Drawing
from graph.infer import infer
from graph.lower import lower
from graph.model import Document, NodeId, Repeat
from graph.params import Expr


def built(document: Document) -> tuple[Source, Built]:
    typing = infer(document)
    assert not typing.problems
    source = print_source(lower(document, typing))
    assert not source.gaps
    return source, build(source.model, source.objective, 0)


def weights_of(document: Document) -> tuple[dict[str, Tensor], Tensor]:
    """The weights by their paths, and what they answer to a fixed input."""
    source, made = built(document)
    state = to_node_keys(made.model.state_dict(), source.paths)
    return {key: value.clone() for key, value in state.items()}, answer(made)


def answer(made: Built) -> Tensor:
    torch.manual_seed(1)
    made.model.eval()
    with torch.no_grad():
        out: Tensor = made.model(torch.randn(5, 6))
    return out


def same_answer(document: Document, kept: dict[str, Tensor], wanted: Tensor) -> None:
    source, made = built(document)
    taken = keep_weights(made.model, source.paths, kept)
    assert len(taken) == len(made.model.state_dict())
    torch.testing.assert_close(answer(made), wanted)


def network() -> Document:
    """Two ways from one input that meet again."""
    d = Drawing()
    x = d.add("input", shape="6", name="x")
    one = d.add("tanh", d.add("dense", x, features=6, name="one"))
    two = d.add("dense", x, features=Expr("width"), name="two")
    y = d.add("concat", one, two)
    d.add("output", d.add("dense", y, features=3, name="end"))
    return edits.set_variable(d.document, "width", 4)


@pytest.mark.parametrize(
    "names", [["one", "tanh"], ["one", "tanh", "two", "concat"], ["two"], ["concat", "end"]]
)
def test_a_composite_computes_what_its_blocks_did(names: list[str]) -> None:
    document = network()
    kept, wanted = weights_of(document)
    ids = [id for id, node in document.graph.nodes.items() if node.name in names]
    instance = edits.next_node_id(document)
    composed = make(document, ids, "Part")
    same_answer(composed, kept, wanted)
    moved, _ = weights_of(composed)
    assert any("/" in key for key in moved)
    back, _ = unpack(composed, instance)
    same_answer(back, kept, wanted)


def test_composites_in_composites_compute_the_same() -> None:
    document = network()
    kept, wanted = weights_of(document)
    inner = [id for id, node in document.graph.nodes.items() if node.name in ("one", "tanh")]
    instance = edits.next_node_id(document)
    composed = make(document, inner, "Inner")
    outer = [id for id, node in composed.graph.nodes.items() if node.name in ("two", "concat")]
    same_answer(make(composed, [instance, *outer], "Outer"), kept, wanted)


def test_a_promoted_parameter_changes_nothing() -> None:
    document = network()
    kept, wanted = weights_of(document)
    ids = [id for id, node in document.graph.nodes.items() if node.name == "one"]
    view = make(document, ids, "Part").inside("Part")
    for name in ("features", "bias"):
        view = promote(view, ids[0], name)
    same_answer(view.whole(), kept, wanted)


@pytest.mark.parametrize("mode", ["chain", "shared", "concat"])
def test_a_repeat_drawn_out_computes_the_same(mode: str) -> None:
    d = Drawing()
    x = d.add("input", shape="6")
    x = again = d.add("dense", x, features=6, name="again")
    d.add("output", x)
    document = set_repeat(d.document, [again.node], Repeat(3, mode))
    kept, wanted = weights_of(document)
    apart, out = unpack(document, again.node)
    copies = [id for id in out if apart.node(id).kind == "dense"]
    same_answer(apart, rows_as_blocks(kept, again.node, copies), wanted)


def test_a_sum_drawn_out_computes_the_same() -> None:
    d = Drawing()
    with d.define("Step", size=6):
        x = d.port("x", "6")
        d.result(d.add("tanh", d.add("dense", x, features=Expr("size"))))
        d.result(d.add("dense", x, features=Expr("2 + i")), "skip")
    x = d.add("input", shape="6")
    step = d.add("dense", x, features=6)
    d.add("output", step)
    document = edits.add(d.document, "def:Step", name="steps")
    steps = list(document.graph.nodes)[-1]
    end = next(id for id, node in document.graph.nodes.items() if node.kind == "output")
    document = edits.connect(document, step.node, "y", steps, "x")
    document = edits.connect(document, steps, "skip", end, "x")
    view = document.inside("Step")
    skip = [id for id, node in view.graph.nodes.items() if node.kind == "dense"][-1]
    document = edits.set_param(view, [skip], "features", 5).whole()
    document = set_repeat(document, [steps], Repeat(3, "sum"))
    kept, wanted = weights_of(document)
    apart, out = unpack(document, steps)
    copies = [id for id in out if apart.node(id).definition]
    same_answer(apart, rows_as_blocks(kept, steps, copies), wanted)


def rows_as_blocks(
    kept: dict[str, Tensor], repeated: NodeId, copies: list[NodeId]
) -> dict[str, Tensor]:
    """Weights of a repeat under the paths of the blocks that it became."""
    found = {}
    for key, value in kept.items():
        key = key.replace(".blocks.", ".dense.").replace(".item.", ".dense.")
        for number, copy in enumerate(copies):
            if key.startswith(f"{repeated}[{number}]"):
                key = copy + key.removeprefix(f"{repeated}[{number}]")
                break
        found[key] = value
    return found


@pytest.mark.parametrize("mode", ["chain", "shared"])
def test_only_what_goes_round_goes_on_when_a_repeat_is_drawn_out(mode: str) -> None:
    d = Drawing()
    with d.define("Step"):
        x, start = d.port("x", "6"), d.port("start", "6")
        y = d.add("tanh", d.add("dense", d.add("add", x, start), features=6))
        d.result(y)
        d.result(d.add("dense", d.add("dense", y, features=6), features=1), "skip")
    given = d.add("input", shape="6")
    steps = d.add("Step", given, given, repeat=Repeat(3, mode))
    d.add("output", d.add("concat", steps, steps.at("skip")))
    kept, wanted = weights_of(d.document)
    apart, out = unpack(d.document, steps.node)
    copies = [id for id in out if apart.node(id).definition]
    same_answer(apart, rows_as_blocks(kept, steps.node, copies), wanted)


def test_the_state_of_a_recurrent_layer_does_not_go_on_when_its_repeat_is_drawn_out() -> None:
    d = Drawing()
    steps = d.add("reshape", d.add("input", shape="6"), shape="3, 2")
    layers = d.add("lstm", steps, units=2, repeat=Repeat(2))
    d.add("output", d.add("flatten", layers))
    kept, wanted = weights_of(d.document)
    apart, copies = unpack(d.document, layers.node)
    same_answer(apart, rows_as_blocks(kept, layers.node, list(copies)), wanted)
