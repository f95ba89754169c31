"""Short ways to draw in tests."""

from itertools import pairwise

from graph import edits
from graph.model import Document, NodeId


def draw(kinds: str) -> Document:
    """A document with these blocks, n1, n2, …, not wired."""
    document = Document()
    for number, kind in enumerate(kinds.split()):
        document = edits.add(document, kind, (0, 100 * number))
    return document


def chain(kinds: str) -> Document:
    """These blocks, each wired to the next by first output and first input."""
    document = draw(kinds)
    ids = list(document.graph.nodes)
    for source, target in pairwise(ids):
        outs = edits.ports_of(document, source)[1]
        ins = edits.ports_of(document, target)[0]
        document = edits.connect(document, source, outs[0], target, ins[0].name)
    return document


def set_params(document: Document, node: str, **params: object) -> Document:
    """The document with several parameters of a block set."""
    for name, value in params.items():
        document = edits.set_param(document, [NodeId(node)], name, value)
    return document
