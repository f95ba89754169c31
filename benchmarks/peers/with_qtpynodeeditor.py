"""qtpynodeeditor."""

from __future__ import annotations

import qtpynodeeditor as editor
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from qtpynodeeditor import NodeData, NodeDataModel, NodeDataType, PortType
from stage import Edges, Places, measure


class Value(NodeData):
    """What flows along the wires."""

    data_type = NodeDataType("value", "Value")


class Block(NodeDataModel):
    """A block with two inputs and an output."""

    name = caption = "Block"
    num_ports = {PortType.input: 2, PortType.output: 1}
    data_type = Value.data_type

    def out_data(self, port: int) -> NodeData:
        return Value()

    def set_in_data(self, data: NodeData, port: object) -> None:
        """Takes no part in what is measured."""

    def embedded_widget(self) -> None:
        return None


def open_drawing(places: Places, edges: Edges) -> tuple[QWidget, QWidget]:
    """The drawing in its window, all of it in view."""
    registry = editor.DataModelRegistry()
    registry.register_model(Block)
    scene = editor.FlowScene(registry=registry)
    nodes = []
    for place in places:
        node = scene.create_node(Block)
        node.position = place
        nodes.append(node)
    taken = [0] * len(nodes)
    for source, target in edges:
        ends = nodes[source][PortType.output][0], nodes[target][PortType.input][taken[target]]
        scene.create_connection(*ends, check_cycles=False)
        taken[target] += 1
    view = editor.FlowView(scene)
    view.resize(1600, 1000)
    view.show()
    view.fitInView(scene.itemsBoundingRect(), Qt.AspectRatioMode.KeepAspectRatio)
    return view, view.viewport()


if __name__ == "__main__":
    measure(open_drawing)
