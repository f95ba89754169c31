"""The edit that weighs classes in losses, so that rare ones count as much as common ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from graph import edits
from graph.data import DataInfo, DataSpec
from graph.model import Document, NodeId
from graph.params import Value
from graph.registry import Registry

PORT, TARGET = "class_weights", "target"
BESIDE = (240.0, -100.0)


def weights_of(
    spec: DataSpec, info: DataInfo, report: Callable[[float], None], cancelled: Callable[[], bool]
) -> Mapping[str, tuple[float, ...]]:
    """The weight of each class of each column of classes; all rows are read.

    Raises:
        UserError: the data is not there or cannot be used.
        Cancelled: `cancelled` answered True.
    """
    from backends.data.audit import class_weights
    from backends.data.source import source_of

    return class_weights(info, source_of(spec).load(report, cancelled))


def can_weigh(document: Document, info: DataInfo, registry: Registry) -> bool:
    """Whether a loss of the drawing takes weights for classes of the data."""
    return any(True for _ in _losses(document, info, registry))


def weighed(
    document: Document, info: DataInfo, weights: Mapping[str, tuple[float, ...]], registry: Registry
) -> Document:
    """The document whose losses of classes get a Constant with the weights, or other numbers."""
    for loss, column in list(_losses(document, info, registry)):
        if column not in weights:
            continue
        numbers = ", ".join(f"{weight:g}" for weight in weights[column])
        params: dict[str, Value] = {"numbers": numbers, "shape": (len(weights[column]),)}
        wired = {edge.into: edge.source for edge in document.graph.inputs_of(loss)}
        held = wired.get(PORT)
        if held is None or document.node(held).kind != "constant":
            held = edits.next_node_id(document)
            at = (document.node(loss).x + BESIDE[0], document.node(loss).y + BESIDE[1])
            document = edits.add(document, "constant", at, name="class_weights", params=params)
            document = edits.connect(document, held, "y", loss, PORT, registry=registry)
            continue
        for name, value in params.items():
            document = edits.set_param(document, [held], name, value, registry)
    return document


def _losses(document: Document, info: DataInfo, registry: Registry) -> Iterator[tuple[NodeId, str]]:
    """Blocks that take weights of classes and a Target of the data, with the column of that."""
    columns = {column.name for column in info.targets() if column.classes}
    first = next((column.name for column in info.targets()), "")
    graph = document.graph
    known = ((kind, registry.find(kind)) for kind in graph.census.kinds)
    weighing = {
        kind for kind, block in known if block and any(port.name == PORT for port in block.inputs)
    }
    for id in graph.census.of_kinds(weighing):
        wired = {edge.into: edge.source for edge in document.graph.inputs_of(id)}
        target = document.node(wired[TARGET]) if TARGET in wired else None
        if target is not None and target.kind == "target":
            column = str(target.params.get("column", "")) or first
            if column in columns:
                yield id, column
