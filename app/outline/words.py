"""What the rows of the outline say, to eyes and to screen readers."""

from __future__ import annotations

from app import spoken
from app.i18n import tr
from app.outline.rows import BlockRow, InsideRow, PortRow, RemarkRow, Row, View
from graph.edits import kind_title, ports_of
from graph.model import Node
from graph.tensor import TensorType


def title(view: View, row: Row) -> str:
    """The first column."""
    match row:
        case BlockRow(id):
            node = view.document.graph.nodes[id]
            mark = "  ⚠" if view.problems.get(id) else ""
            return f"{node.name}   {_kind(view, node)}{mark}"
        case PortRow():
            return _port(view, row)
        case InsideRow(definition=definition):
            return tr("Inside {name}", name=definition)
        case RemarkRow(id):
            return spoken.remark(view.document.graph.remarks[id], view.document.graph)


def shape(view: View, row: Row) -> str:
    """The second column: what flows out of a block, or along a wire."""
    match row:
        case BlockRow(id):
            outs = ports_of(view.document, id, view.registry)[1]
            shapes = [spoken.shape(view.typing.type_of(id, out)) for out in outs]
            return ", ".join(filter(None, shapes))
        case PortRow():
            return spoken.shape(_type_along(view, row))
        case _:
            return ""


def said(view: View, row: Row) -> str:
    """All that is known of a row as one sentence."""
    match row:
        case BlockRow(id):
            problems = view.problems.get(id, ())
            return spoken.block(view.document, view.typing, view.registry, id, problems)
        case PortRow():
            parts = (_port(view, row), shape(view, row))
            return ", ".join(part for part in parts if part)
        case _:
            return title(view, row)


def hint(view: View, row: Row) -> str:
    """A block in full, in case the row is too narrow; with what is wrong with it."""
    if not isinstance(row, BlockRow):
        return ""
    whole = spoken.block(view.document, view.typing, view.registry, row.id)
    return "\n".join([whole, *(tr(problem.text) for problem in view.problems.get(row.id, ()))])


def _kind(view: View, node: Node) -> str:
    return tr(kind_title(node.kind, view.registry))


def _port(view: View, row: PortRow) -> str:
    if row.other is not None:
        other = view.document.graph.nodes.get(row.other[0])
        name = other.name if other else row.other[0]
        text = "{port} from {name}" if row.is_input else "{port} to {name}"
        several = ports_of(view.document, row.other[0], view.registry) if other else ([], [])
        if len(several[1] if row.is_input else several[0]) > 1:
            name = f"{name}.{row.other[1]}"
        return tr(text, port=row.port, name=name)
    if row.is_input:
        text = "{port}: nothing (optional)" if row.optional else "{port}: nothing yet"
        return tr(text, port=row.port)
    return tr("{port}: leads nowhere", port=row.port)


def _type_along(view: View, row: PortRow) -> TensorType | None:
    if row.is_input:
        return view.typing.type_of(*row.other) if row.other else None
    return view.typing.type_of(row.id, row.port)
