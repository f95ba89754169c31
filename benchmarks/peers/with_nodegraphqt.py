"""NodeGraphQt."""

from __future__ import annotations

from NodeGraphQt import BaseNode, NodeGraph
from PySide6.QtWidgets import QWidget
from stage import Edges, Places, measure


class Block(BaseNode):
    """A block with two inputs and an output."""

    __identifier__ = "peer"
    NODE_NAME = "Block"

    def __init__(self) -> None:
        super().__init__()
        self.add_input("a")
        self.add_input("b")
        self.add_output("y")


def open_drawing(places: Places, edges: Edges) -> tuple[QWidget, QWidget]:
    """The drawing in its window, all of it in view."""
    graph = NodeGraph()
    graph.register_node(Block)
    nodes = [
        graph.create_node("peer.Block", pos=place, push_undo=False, selected=False)
        for place in places
    ]
    taken = [0] * len(nodes)
    for source, target in edges:
        nodes[source].output(0).connect_to(nodes[target].input(taken[target]), push_undo=False)
        taken[target] += 1
    graph.widget.resize(1600, 1000)
    graph.widget.show()
    graph.fit_to_selection()
    kept.append(graph)
    return graph.widget, graph.viewer().viewport()


kept: list[NodeGraph] = []

if __name__ == "__main__":
    measure(open_drawing)
