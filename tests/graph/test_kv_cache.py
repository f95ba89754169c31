"""What attention remembers while a text is generated: keys and values of all that came before."""

from __future__ import annotations

import pytest

from graph.budget import Plan, Precision, budget
from graph.cost import costs
from graph.gallery.draw import Drawing
from graph.infer import infer
from graph.model import Repeat
from graph.needs import needs_of
from tests.drawing import chain, set_params

N, T, E = 3, 50, 24


def remembered(document) -> int:
    """Numbers, at the sizes above."""
    typing = infer(document)
    needs = needs_of(document, typing, costs(document, typing))
    return budget(needs, {"N": N, "T": T}, Plan(Precision.BFLOAT16)).kv_cache // 2


@pytest.mark.parametrize(
    ("kind", "params", "numbers"),
    [
        ("multihead_attention", {"heads": 4, "causal": True}, 2 * N * T * E),
        ("multihead_attention", {"heads": 4}, 0),
        ("grouped_query_attention", {"heads": 6, "groups": 2, "causal": True}, 2 * N * T * 2 * 4),
        ("grouped_query_attention", {"heads": 6, "groups": 1, "causal": True}, 2 * N * T * 4),
        ("transformer_encoder_layer", {"heads": 4, "causal": True}, 2 * N * T * E),
        ("transformer_encoder", {"heads": 4, "layers": 5, "causal": True}, 5 * 2 * N * T * E),
        ("transformer_encoder", {"heads": 4, "layers": 5}, 0),
        ("dense", {"features": E}, 0),
    ],
)
def test_keys_and_values_of_every_layer_are_remembered(kind, params, numbers):
    document = set_params(chain(f"input {kind}"), "n1", shape=f"T, {E}")
    assert remembered(set_params(document, "n2", **params)) == numbers


def test_a_repeated_composite_remembers_as_often_as_it_is_repeated():
    d = Drawing()
    with d.define("Layer"):
        x = d.port("x", f"T, {E}")
        attended = d.add("multihead_attention", d.add("layer_norm", x), heads=4, causal=True)
        d.result(d.add("add", x, attended))
    d.add("Layer", d.add("input", shape=f"T, {E}"), repeat=Repeat(7))
    assert remembered(d.document) == 7 * 2 * N * T * E


def test_a_decoder_remembers_what_it_asks_too():
    d = Drawing()
    x, memory = (d.add("input", shape=f"{size}, {E}") for size in ("T", "9"))
    d.add("transformer_decoder", x, memory, heads=4, layers=2)
    assert remembered(d.document) == 2 * 2 * N * (T + 9) * E


def test_a_scanned_cell_needs_the_memory_of_one_step_at_a_time():
    d = Drawing()
    with d.define("Cell"):
        x, h = d.port("x", "3"), d.port("h", "4")
        new = d.add("dense", d.add("concat", x, h), features=4)
        d.result(new)
        d.result(new, "next")
    x, h = d.add("input", shape="9, 3"), d.add("input", shape="4")
    d.add("output", d.add("Cell", x, h, repeat=Repeat(2, "scan")))
    assert not infer(d.document).problems
    assert remembered(d.document) == 0
