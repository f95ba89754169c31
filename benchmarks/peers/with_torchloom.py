"""The canvas of Torchloom, asked the same; it types and checks the drawing, too."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from stage import Edges, Places, measure

from app.canvas import Canvas
from app.session import Session
from app.theme import DARK
from graph.model import Document, Edge, Graph, Node, NodeId, Wires


def open_drawing(places: Places, edges: Edges) -> tuple[QWidget, QWidget]:
    """The drawing in its window, all of it in view."""
    ids = [NodeId(f"n{number}") for number in range(len(places))]
    nodes = {
        id: Node(id, "add", f"block{number}", {}, *place)
        for number, (id, place) in enumerate(zip(ids, places, strict=True))
    }
    into: dict[NodeId, tuple[Edge, ...]] = {}
    for source, target in edges:
        there = into.get(ids[target], ())
        into[ids[target]] = (*there, Edge(ids[source], "y", ids[target], "xs", len(there)))
    session = Session(Document(Graph(nodes, wires=Wires(into)), next_id=len(places)))
    canvas = Canvas()
    canvas.set_theme(DARK)
    canvas.resize(1600, 1000)
    canvas.set_session(session)
    canvas.fit()
    return canvas, canvas


if __name__ == "__main__":
    measure(open_drawing)
