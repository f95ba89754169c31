"""Blocks as sentences: what a screen reader says of them."""

from __future__ import annotations

from collections.abc import Iterable

from app.i18n import tr, tr_count
from app.session import Session
from graph.edits import kind_title, ports_of
from graph.hiding import held_in, hidden_in
from graph.kinds import kinds_of
from graph.model import Document, Graph, Node, NodeId
from graph.problems import Problem, Severity
from graph.registry import Registry
from graph.remarks import Frame, Note, Remark, RemarkId
from graph.tensor import TensorType
from graph.typed import Typing

LONGEST = 60


def block(
    document: Document,
    typing: Typing,
    registry: Registry,
    id: NodeId,
    problems: Iterable[Problem] = (),
) -> str:
    """All that is known of a block: name, kind, states, shapes and problems."""
    graph = document.graph
    node = graph.nodes[id]
    parts = [f"{node.name}, {tr(kind_title(node.kind, registry))}"]
    parts += states(node, graph.is_frozen(id))
    frame = graph.remarks.get(hidden_in(graph.remarks).get(id, RemarkId("")))
    if isinstance(frame, Frame):
        title = frame.title or tr("untitled")
        parts.append(tr("hidden in the collapsed frame “{title}”", title=title))
    takes = [shape(typing.edge_type(wire)) for wire in graph.inputs_of(id)]
    if takes:
        parts.append(tr("takes {shapes}", shapes=_listed(takes)))
    outs = ports_of(document, id, registry)[1]
    if outs:
        gives = _listed([shape(typing.type_of(id, out)) for out in outs])
        parts.append(tr("gives {shapes}", shapes=gives))
    parts += [_problem(problem) for problem in problems]
    return ", ".join(parts)


def wires(document: Document, id: NodeId) -> str:
    """What a block is wired to, port by port."""
    nodes, graph = document.graph.nodes, document.graph
    parts = [
        tr("from {name}.{out} to {into}", name=nodes[edge.source].name, out=edge.out,
           into=edge.into)
        for edge in graph.inputs_of(id)
        if edge.source in nodes
    ]  # fmt: skip
    parts += [
        tr("from {out} to {name}.{into}", out=edge.out, name=nodes[edge.target].name,
           into=edge.into)
        for edge in graph.consumers_of(id)
        if edge.target in nodes
    ]  # fmt: skip
    return "; ".join(parts)


def states(node: Node, is_frozen: bool) -> list[str]:
    """What is turned on of a block."""
    found = []
    if node.repeat is not None:
        found.append(tr("repeated {count} times", count=node.repeat.count))
    if is_frozen:
        found.append(tr("frozen"))
    if node.bypassed:
        found.append(tr("bypassed"))
    if node.muted:
        found.append(tr("muted"))
    if node.collapsed:
        found.append(tr("collapsed"))
    if node.locked:
        found.append(tr("locked"))
    return found


def shape(type_: TensorType | None) -> str:
    """A shape, with the dtype where it is not the usual one; empty where it is not known."""
    return str(type_) if type_ is not None else ""


def remark(remark: Remark, graph: Graph) -> str:
    """A frame by its title, with what it hides where it is collapsed; a note by its first line."""
    held = f", {tr('locked')}" if remark.locked else ""
    if isinstance(remark, Frame):
        if remark.is_collapsed:
            blocks = len(held_in(graph, [remark.id])[0])
            told = tr_count(blocks, "collapsed, 1 block", "collapsed, {n} blocks")
            held = f", {told}{held}"
        return tr("Frame: {title}", title=remark.title or tr("untitled")) + held
    text = remark.text if isinstance(remark, Note) else ""
    line = next((line.strip("# ") for line in text.splitlines() if line.strip()), tr("empty"))
    return tr("Note: {line}", line=line if len(line) <= LONGEST else f"{line[:LONGEST]}…") + held


def selection(session: Session) -> str:
    """What is selected: one block in full and which of how many it is, or how many things."""
    document, typing = session.document, session.typing
    graph = document.graph
    blocks, remarks = session.selection & graph.nodes.keys(), session.chosen_remarks
    total = len(graph.nodes)
    if len(blocks) == 1 and not remarks:
        (id,) = blocks
        problems = [each for each in session.problems if each.nodes[:1] == (id,)]
        registry = kinds_of(document, session.registry)
        said = block(document, typing, registry, id, problems)
        rank = typing.order.rank.get(id)
        return (
            said
            if rank is None
            else f"{said}, " + tr("{place} of {total}", place=rank + 1, total=total)
        )
    if len(remarks) == 1 and not blocks:
        return remark(graph.remarks[next(iter(remarks))], graph)
    if blocks or remarks:
        return tr("{count} of {total} selected", count=len(blocks) + len(remarks),
                  total=total + len(graph.remarks))  # fmt: skip
    return tr("Nothing selected") + ", " + tr_count(total, "1 block", "{n} blocks")


def _problem(problem: Problem) -> str:
    said = tr("error") if problem.severity is Severity.ERROR else tr("warning")
    return f"{said}: {tr(problem.text)}"


def _listed(shapes: list[str]) -> str:
    return ", ".join(each or tr("an unknown shape") for each in shapes)
