"""Documents that try to smuggle code: payloads in every text, values of every kind."""

from __future__ import annotations

import dataclasses

from hypothesis import strategies as st

from graph.data import DataSpec
from graph.model import Document, Edge, Wires
from graph.params import Expr
from graph.registry import default_registry
from tests.drawing import chain, set_params

PAYLOADS = (
    "canary()",
    "x');canary()#",
    'x");canary()#',
    "a\ncanary()",
    "a\rcanary()",
    "a\x0ccanary()",
    "a\u2028canary()",
    "a\x00canary()",
    '"""\ncanary()\n"""',
    '\\"""+canary()+"""',
    "'''\ncanary()\n'''",
    "\\",
    "x\\",
    "{canary()}",
    "{x.__class__}",
    "{0}",
    "{",
    "}}",
    "%s",
    "__import__",
    "__class__",
    "self.__class__",
    "x]+[canary()",
    "3, canary()",
    "lambda: canary()",
    "nn.Linear(1, 1) or canary()",
    "torch.load",
    "F",
    "self",
    "forward",
    "class",
    "dict",
    "tｏrch",
    "éé",
    "# coding: utf-7\n+AGMAYQBuAGEAcgB5ACgAKQ-",
    "",
    "a" * 300,
    "-1",
    "canary",
    "T, canary",
)
DRAWINGS = (
    chain("input conv2d batch_norm relu max_pool2d flatten dense softmax output"),
    set_params(chain("input lstm dense output"), "n1", shape="T, 8"),
    set_params(chain("input gru slice mean sum output"), "n1", shape="T, 8"),
    set_params(
        chain("input positional_encoding multihead_attention transformer_encoder_layer output"),
        "n1", shape="T, 8",
    ),
    set_params(
        chain("input embedding permute reshape concat output"), "n1", shape="9", dtype="int64"
    ),
    set_params(chain("input dense bce_with_logits"), "n1", shape="4"),
    set_params(chain("input add multiply subtract matmul accuracy"), "n1", shape="4"),
)  # fmt: skip

hostile_text = st.one_of(st.sampled_from(PAYLOADS), st.text(max_size=20))
hostile_value = st.one_of(
    hostile_text,
    hostile_text.map(Expr),
    st.integers(),
    st.integers(-3, 9),
    st.floats(),
    st.booleans(),
    st.none(),
    st.lists(st.one_of(st.integers(-3, 9), hostile_text, st.booleans()), max_size=4).map(tuple),
    st.dictionaries(hostile_text, hostile_text, max_size=2),
)


@st.composite
def hostile_documents(draw) -> Document:
    """A drawing in which some names, kinds, ports, parameters and columns are hostile."""
    document = draw(st.sampled_from(DRAWINGS))
    nodes = dict(document.graph.nodes)
    rng = draw(st.randoms(use_true_random=False))
    kinds = sorted(default_registry().kinds)
    for _ in range(draw(st.integers(1, 4))):
        id = rng.choice(list(nodes))
        node = nodes[id]
        block = default_registry().find(node.kind)
        names = [*(block.params if block else ()), draw(hostile_text)]
        change = rng.choice(("name", "param", "param", "param", "kind", "place"))
        if change == "name":
            nodes[id] = dataclasses.replace(node, name=draw(hostile_text))
        elif change == "param":
            value = {rng.choice(names): draw(hostile_value)}
            nodes[id] = dataclasses.replace(node, params={**node.params, **value})
        elif change == "kind":
            kind = draw(st.one_of(st.sampled_from(kinds), hostile_text))
            nodes[id] = dataclasses.replace(node, kind=kind)
        else:
            nodes[id] = dataclasses.replace(node, extra={draw(hostile_text): draw(hostile_text)})
    into = dict(document.graph.wires.into)
    if rng.random() < 0.3 and into:
        id = rng.choice(list(into))
        edge = into[id][0]
        into[id] = (Edge(edge.source, draw(hostile_text), id, draw(hostile_text)),)
    changed = document.with_graph(nodes, Wires(into))
    return dataclasses.replace(
        changed,
        name=draw(hostile_text),
        description=draw(hostile_text),
        variables={draw(hostile_text): 3.0},
        data=DataSpec(source=draw(hostile_text)),
    )
