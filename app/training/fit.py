"""The edit that makes Input and Target blocks match the columns of the data."""

from __future__ import annotations

from operator import is_not

from graph import edits
from graph.block import Block, Role
from graph.blocks.io import parse_shape
from graph.data import Column, DataInfo
from graph.feeding import with_role
from graph.model import Document, Node, NodeId
from graph.problems import Refusal, UserError
from graph.registry import Registry


class Fit:
    """Whether the Inputs and Targets of a drawing fit its data; asked after every edit."""

    def __init__(self) -> None:
        self._asked: tuple[object, ...] = ()
        self._fits = True

    def holds(self, document: Document, data: DataInfo, registry: Registry) -> bool:
        """Whether `fitted` would change nothing. Works only where one of these differs."""
        roles = (Role.INPUT, Role.TARGET)
        ids = [id for role in roles for id in with_role(document, role, registry)]
        asked = (data, registry, *map(document.node, ids))
        if len(asked) != len(self._asked) or any(map(is_not, asked, self._asked)):
            self._asked = asked
            self._fits = fitted(document, data, registry) is document
        return self._fits


def fitted(document: Document, data: DataInfo, registry: Registry) -> Document:
    """The document whose Inputs and Targets have the column, shape and dtype of the data.

    The same document where they fit already.
    """
    for role, columns in ((Role.INPUT, data.inputs()), (Role.TARGET, data.targets())):
        nodes = [document.node(id) for id in with_role(document, role, registry)]
        named = {str(node.params.get("column", "")) for node in nodes}
        free = [column for column in columns if column.name not in named]
        for node in nodes:
            document = _with_column(document, node, columns, free, registry)
    return document


def _with_column(
    document: Document,
    node: Node,
    columns: tuple[Column, ...],
    free: list[Column],
    registry: Registry,
) -> Document:
    name = str(node.params.get("column", ""))
    column = next((column for column in columns if column.name == name), None)
    if column is None:
        if name:
            document = edits.set_param(document, [node.id], "column", "", registry)
        if not free:
            return document
        column = free.pop(0)
    block = _built(node, registry)
    if block is None or not _fits(block, column):
        shape = ", ".join(map(str, column.shape))
        document = _set(document, node.id, "shape", shape, registry)
    if block is None or getattr(block, "dtype", column.dtype) != column.dtype:
        document = _set(document, node.id, "dtype", column.dtype, registry)
    return document


def _set(document: Document, id: NodeId, name: str, value: str, registry: Registry) -> Document:
    block = registry.find(document.node(id).kind)
    if block is None or name not in block.params:
        return document
    return edits.set_param(document, [id], name, value, registry)


def _built(node: Node, registry: Registry) -> Block | None:
    kind = registry.find(node.kind)
    try:
        block: Block | None = kind.build(node.params) if kind else None
    except UserError:
        return None
    return block


def _fits(block: Block, column: Column) -> bool:
    """Whether a row of the column has the block's shape; names stand for any size."""
    try:
        shape = parse_shape(str(getattr(block, "shape", "")))
    except Refusal:
        return False
    return len(shape) == len(column.shape) and all(
        not isinstance(dim, int) or dim == size
        for dim, size in zip(shape, column.shape, strict=True)
    )
