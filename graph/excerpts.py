"""A part of a drawing as a drawing of its own, in which blocks keep their ids."""

from __future__ import annotations

from graph import edits
from graph.model import Document, Endpoint, Wires
from graph.order import upstream


def ending_in(document: Document, answer: Endpoint, name: str) -> Document:
    """The drawing up to one answer, which a new Output of that name gives, and nothing else."""
    made = edits.add(document, "output", name=name)
    end = list(made.graph.nodes)[-1]
    made = edits.connect(made, answer[0], answer[1], end, "x")
    kept = upstream(made.graph, [end]) | {end}
    nodes = {id: node for id, node in made.graph.nodes.items() if id in kept}
    wires = {id: edges for id, edges in made.graph.wires.into.items() if id in kept}
    return made.with_graph(nodes, Wires(wires))
