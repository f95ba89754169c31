"""pyqtgraph.flowchart."""

from __future__ import annotations

from pyqtgraph.flowchart import Flowchart, Node
from PySide6.QtWidgets import QWidget
from stage import Edges, Places, measure


class Block(Node):  # type: ignore[misc]  # pyqtgraph is not typed
    """A block with two inputs and an output."""

    nodeName = "Block"

    def __init__(self, name: str) -> None:
        ports = {"a": {"io": "in"}, "b": {"io": "in"}, "y": {"io": "out"}}
        super().__init__(name, terminals=ports)

    def process(self, **values: object) -> dict[str, object]:
        return {"y": None}


def open_drawing(places: Places, edges: Edges) -> tuple[QWidget, QWidget]:
    """The drawing in its window, all of it in view."""
    chart = Flowchart(terminals={})
    chart.blockSignals(True)
    nodes = []
    for number, (x, y) in enumerate(places):
        node = Block(f"block{number}")
        chart.addNode(node, f"block{number}", pos=(x, y))
        nodes.append(node)
    taken = [0] * len(nodes)
    for source, target in edges:
        chart.connectTerminals(nodes[source]["y"], nodes[target]["ab"[taken[target]]])
        taken[target] += 1
    chart.blockSignals(False)
    widget = chart.widget().chartWidget
    view = widget.view
    view.window().resize(1600, 1000)
    view.window().show()
    widget.viewBox().autoRange()
    kept.append(chart)
    return view.window(), view.viewport()


kept: list[Flowchart] = []

if __name__ == "__main__":
    measure(open_drawing)
