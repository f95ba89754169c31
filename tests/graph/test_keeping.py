"""What autograd keeps: tensors shared by blocks once, weights never, and only what learns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph import edits
from graph.composites.places import Step, seen_from
from graph.composites.unpacking import unpack
from graph.cost import costs
from graph.gallery import find
from graph.gallery.draw import Drawing
from graph.infer import infer
from graph.model import Document, NodeId
from graph.needs import needs_of
from tests.drawing import chain, set_params

ROWS = 2


def wired(document: Document, *wires: str) -> Document:
    """The document with more wires, each as `n1.y n2.x`."""
    for wire in wires:
        source, target = (end.split(".") for end in wire.split())
        document = edits.connect(
            document, NodeId(source[0]), source[1], NodeId(target[0]), target[1]
        )
    return document


def kept(document: Document) -> dict[str, int]:
    """Numbers that autograd keeps of each block for `ROWS` rows, where there are any."""
    document = edits.set_size(document, "N", ROWS)
    found = costs(document, infer(document))
    assert found.total.activation_bytes == sum(c.activation_bytes for c in found.blocks.values())
    return {
        node: cost.activation_bytes // (4 * ROWS)
        for node, cost in found.blocks.items()
        if cost.activation_bytes
    }


def drawing(kinds: str, features: int = 8) -> Document:
    return set_params(chain(kinds), "n1", shape=str(features))


def test_a_tensor_that_two_blocks_keep_counts_once():
    document = edits.add(drawing("input dense relu dense"), "dense", (0, 0))
    assert kept(wired(document, "n3.y n5.x")) == {"n1": 8, "n3": 64}


def test_of_a_view_the_tensor_that_it_shows_is_kept():
    document = drawing("input dense relu unflatten flatten dense")
    document = set_params(document, "n4", axis=1, sizes=(8, 8))
    assert kept(document) == {"n1": 8, "n3": 64}


def test_nothing_is_kept_of_what_does_not_learn():
    assert kept(drawing("input relu tanh")) == {}
    assert kept(drawing("input tanh dense")) == {"n2": 8}
    assert kept(drawing("input dense detach relu")) == {"n1": 8}


def test_of_two_factors_only_those_are_kept_that_the_other_learns_by():
    document = edits.add(drawing("input dense"), "multiply", (0, 0))
    both = wired(edits.add(document, "dense", (0, 0)), "n1.y n4.x", "n2.y n3.xs", "n4.y n3.xs")
    assert kept(both) == {"n1": 8, "n2": 64, "n4": 64}
    one = set_params(document, "n2", features=8)
    assert kept(wired(one, "n2.y n3.xs", "n1.y n3.xs")) == {"n1": 8}


def test_weights_do_not_count():
    document = edits.add(drawing("input matmul"), "parameter", (0, 0))
    document = set_params(document, "n3", shape=(8, 3))
    assert kept(wired(document, "n3.y n2.b")) == {"n1": 8}


def test_what_leads_to_no_loss_is_let_go():
    document = edits.add(drawing("input dense mse"), "target", (0, 0))
    document = set_params(document, "n4", shape="64", dtype="float32")
    document = edits.add(document, "tanh", (0, 0))
    document = wired(document, "n4.y n3.target", "n2.y n5.x")
    assert kept(document) == {"n1": 8, "n2": 64, "n4": 64}


def test_when_the_only_loss_goes_all_is_kept_again():
    document = edits.add(drawing("input dense tanh"), "mse", (0, 0))
    before, typing = costs(document, infer(document)), infer(document)
    assert before.total.activation_bytes == 0  # nothing leads to the loss
    after = edits.remove(document, [NodeId("n4")])
    now = infer(after, typing)
    assert costs(after, now, before, now.visited) == costs(after, infer(after))
    assert costs(after, infer(after)).total.activation_bytes > 0


def drawn_out(document: Document) -> Document:
    """The document without composites and repeats."""
    waiting = list(document.graph.nodes)
    while waiting:
        id = waiting.pop()
        node = document.graph.nodes[id]
        if node.repeat or node.definition in document.definitions:
            document, found = unpack(document, id)
            waiting += found
    return document


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("resnet-18", {}),
        ("densenet-121", {"layers": (3, 4)}),
        ("wavenet", find("wavenet").small),
        ("gpt-2", find("gpt-2").small),
        ("googlenet", {}),
    ],
)
def test_composites_and_repeats_keep_what_their_blocks_keep(name: str, values: dict[str, object]):
    document = find(name).build(**values)
    flat = drawn_out(document)
    found = [needs_of(d, t, costs(d, t)) for d in (document, flat) for t in [infer(d)]]
    if name == "wavenet":  # it adds up as it goes along, not all at once at the end
        found = [replace(each, steps=frozenset()) for each in found]
    assert found[0] == found[1]


def test_seen_from_inside_gradients_flow_into_a_composite():
    d = Drawing()
    with d.define("Bend"):
        d.result(d.add("tanh", d.port("x", "8")))
    d.add("output", d.add("Bend", d.add("dense", d.add("input", shape="8"), features=8)))
    node = next(node for node in d.document.graph.nodes.values() if node.definition)
    values, given = seen_from(d.document, infer(d.document), Step("Bend", node.id))
    inner = edits.set_size(d.document.inside("Bend", values, given), "N", ROWS)
    assert costs(inner, infer(inner)).total.activation_bytes == 4 * ROWS * 8
