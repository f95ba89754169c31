"""Drawings on real data that tests train."""

from itertools import pairwise

from graph import edits
from graph.data import DataSpec
from graph.model import Document, NodeId
from tests.drawing import set_params


def classifier(layers: str, shape: str, data: DataSpec, **recipe: object) -> Document:
    """Input, layers in a chain, Cross-entropy and Accuracy on a Target; n1 is the Input."""
    document = edits.rename_document(Document(), "Test")
    for number, kind in enumerate(f"input {layers} target cross_entropy accuracy".split()):
        document = edits.add(document, kind, (0, 100 * number))
    ids = list(document.graph.nodes)
    *body, target, loss, accuracy = ids
    for source, into in pairwise(body):
        document = edits.connect(document, source, "y", into, "x")
    for goal in (loss, accuracy):
        document = edits.connect(document, body[-1], "y", goal, "prediction")
        document = edits.connect(document, target, "y", goal, "target")
    document = set_params(document, "n1", shape=shape)
    return with_recipe(edits.set_data(document, data), **recipe)


def digits_mlp(**recipe: object) -> Document:
    """64 → 32 relu → 10 on the digits."""
    document = classifier("dense relu dense", "64", DataSpec("digits", {"layout": "flat"}))
    document = set_params(document, "n2", features=32)
    document = set_params(document, "n4", features=10)
    return with_recipe(document, **{"epochs": 3, "threads": 1, **recipe})


def iris_mlp(**recipe: object) -> Document:
    """4 → 16 relu → 3 on the irises."""
    document = classifier("dense relu dense", "4", DataSpec("iris"))
    document = set_params(document, "n2", features=16)
    document = set_params(document, "n4", features=3)
    return with_recipe(document, **{"epochs": 3, "threads": 1, **recipe})


def with_recipe(document: Document, **values: object) -> Document:
    """The document with several values of its recipe set."""
    for name, value in values.items():
        document = edits.set_recipe(document, name, value)
    return document


def node_called(document: Document, name: str) -> NodeId:
    """The id of the block of that name."""
    return next(id for id, node in document.graph.nodes.items() if node.name == name)
