"""What the rows of the outline say, to eyes and to screen readers."""

from __future__ import annotations

from app.i18n import tr
from app.outline.rows import BlockRow, InsideRow, PortRow, RemarkRow, Row, View
from graph.edits import kind_title, ports_of
from graph.model import Node, NodeId
from graph.problems import Problem, Severity
from graph.remarks import Frame, Note, RemarkId
from graph.tensor import TensorType

LONGEST = 60


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
            return _remark(view, id)


def shape(view: View, row: Row) -> str:
    """The second column: what flows out of a block, or along a wire."""
    match row:
        case BlockRow(id):
            outs = ports_of(view.document, id, view.registry)[1]
            return ", ".join(_type(view.typing.type_of(id, out)) for out in outs)
        case PortRow():
            return _type(_type_along(view, row))
        case _:
            return ""


def spoken(view: View, row: Row) -> str:
    """All that is known of a row as one sentence."""
    match row:
        case BlockRow(id):
            return _spoken_block(view, id)
        case PortRow():
            said = shape(view, row)
            return ", ".join(part for part in (_port(view, row), said) if part)
        case _:
            return title(view, row)


def hint(view: View, row: Row) -> str:
    """The problems of a block in full."""
    if not isinstance(row, BlockRow):
        return ""
    return "\n".join(tr(problem.text) for problem in view.problems.get(row.id, ()))


def _spoken_block(view: View, id: NodeId) -> str:
    graph = view.document.graph
    node = graph.nodes[id]
    parts = [f"{node.name}, {_kind(view, node)}", *_states(node, graph.is_frozen(id))]
    takes = [_type(view.typing.edge_type(wire)) for wire in graph.inputs_of(id)]
    if takes:
        parts.append(tr("takes {shapes}", shapes=_listed(takes)))
    outs = ports_of(view.document, id, view.registry)[1]
    if outs:
        gives = _listed([_type(view.typing.type_of(id, out)) for out in outs])
        parts.append(tr("gives {shapes}", shapes=gives))
    parts += [_problem(problem) for problem in view.problems.get(id, ())]
    return ", ".join(parts)


def _states(node: Node, is_frozen: bool) -> list[str]:
    found = []
    if node.repeat is not None:
        found.append(tr("repeated {count} times", count=node.repeat.count))
    if is_frozen:
        found.append(tr("frozen"))
    if node.bypassed:
        found.append(tr("bypassed"))
    if node.muted:
        found.append(tr("muted"))
    return found


def _problem(problem: Problem) -> str:
    said = tr("error") if problem.severity is Severity.ERROR else tr("warning")
    return f"{said}: {tr(problem.text)}"


def _listed(shapes: list[str]) -> str:
    return ", ".join(shape or tr("an unknown shape") for shape in shapes)


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


def _type(type_: TensorType | None) -> str:
    return str(type_) if type_ is not None else ""


def _remark(view: View, id: RemarkId) -> str:
    remark = view.document.graph.remarks[id]
    if isinstance(remark, Frame):
        return tr("Frame: {title}", title=remark.title or tr("untitled"))
    text = remark.text if isinstance(remark, Note) else ""
    line = next((line.strip("# ") for line in text.splitlines() if line.strip()), tr("empty"))
    return tr("Note: {line}", line=line if len(line) <= LONGEST else f"{line[:LONGEST]}…")
