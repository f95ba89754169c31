"""Drawings with custom code for tests, and trust that ends with the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph import custom_code, edits, trust
from graph.code_edits import classes_in
from graph.data import DataSpec
from graph.model import Document, NodeId
from graph.params import Value
from tests.backends.pytorch.drawings import with_recipe
from tests.drawing import set_params

GATE = '''\
class Gate(nn.Module):
    """Lets through what a learned gate opens for."""

    def __init__(self, features: int = 16) -> None:
        super().__init__()
        self.gate = nn.Linear(features, features)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        opened = torch.sigmoid(self.gate(x))
        kept = x * opened
        return kept, opened
'''


def forward(body: str, given: str = "x: Tensor", name: str = "Tried") -> str:
    """A class whose `forward` is this body."""
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    return f"class {name}(nn.Module):\n    def forward(self, {given}):\n{lines}\n"


def drawn(code: str, shape: str = "16", **params: Value) -> Document:
    """An Input, the code and a Dense in a chain: n1, n2, n3."""
    document = edits.add(Document(), "input", params={"shape": shape})
    document = edits.add(document, "custom", (0, 100), params={"code": code, **params})
    document = edits.add(document, "dense", (0, 200))
    ins, outs = edits.ports_of(document, NodeId("n2"))
    document = edits.connect(document, "n1", "y", "n2", ins[0].name)
    return edits.connect(document, "n2", outs[0], "n3", "x")


def iris_with(code: str, **recipe: object) -> Document:
    """4 → 16 → custom code → 3 on the irises."""
    document = edits.set_data(Document(name="Gated"), DataSpec("iris"))
    for number, kind in enumerate(["input", "dense", "custom", "dense", "target", "cross_entropy"]):
        document = edits.add(document, kind, (0, 100 * number))
    document = set_params(document, "n1", shape="4")
    document = set_params(document, "n2", features=16)
    document = set_params(document, "n3", code=code)
    document = set_params(document, "n4", features=3)
    outs = edits.ports_of(document, NodeId("n3"))[1]
    for wire in (
        ("n1", "y", "n2", "x"), ("n2", "y", "n3", "x"), ("n3", outs[0], "n4", "x"),
        ("n4", "y", "n6", "prediction"), ("n5", "y", "n6", "target"),
    ):  # fmt: skip
        document = edits.connect(document, *wire)
    return with_recipe(document, **{"epochs": 3, "threads": 1, **recipe})


def trusting(document: Document) -> Document:
    """The document, whose code may run now."""
    trust.agree([trust.digest(written.source) for _, written in classes_in(document)])
    return document


@pytest.fixture(autouse=True)
def strangers() -> Iterator[None]:
    """Nothing is trusted but what a new block holds."""
    before = set(trust._agreed)
    yield
    trust.withdraw(set(trust._agreed) - before)


def source_of(code: str) -> str:
    """The text of the class in code."""
    return custom_code.read(code).source
