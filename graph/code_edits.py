"""Code in a drawing: all of it, what of it is not trusted, and edits that put other code in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from graph import custom_code, trust
from graph.blocks.custom import CODE, FIRST_CODE, KIND, custom_kind
from graph.custom_code import CodeError, Written
from graph.edits import label, put_edges, sharing
from graph.model import Document, Edge, Node, NodeId
from graph.problems import Problem
from graph.surgery import refit_inputs, refit_outputs


def code_of(node: Node) -> str:
    """The code that a custom block holds; empty where it holds no text."""
    code = node.params.get(CODE, FIRST_CODE)
    return code if isinstance(code, str) else ""


def set_code(document: Document, id: NodeId, code: str) -> Document:
    """The document with other code in a block, and in those that share its weights.

    Parameters that the new class has too keep their values. Wires stay at ports of the same name;
    others move to the first free one, and those that find none go.

    Raises:
        UserError: the code has mistakes.
    """
    custom_code.read(code)
    new = custom_kind(code)
    nodes = dict(document.graph.nodes)
    into = dict(document.graph.wires.into)
    touched: set[NodeId] = set()
    for each in sharing(document, [id]):
        node = nodes[each]
        kept = {n: v for n, v in node.params.items() if n != CODE and n in new.params}
        nodes[each] = replace(node, params={**kept, **({CODE: code} if code != FIRST_CODE else {})})
        put_edges(into, each, refit_inputs(document, each, new))
        fed = {edge.target for edge in document.graph.consumers_of(each)}
        for target in fed:
            put_edges(into, target, refit_outputs(into.get(target, ()), each, new))
        touched |= fed | {each}
    wires = document.graph.wires
    changed = {t for t in touched if _edges(into, t) != _edges(wires.into, t)}
    return document.with_graph(nodes, wires.changed(into, changed) if changed else wires)


def _edges(into: Mapping[NodeId, tuple[Edge, ...]], id: NodeId) -> tuple[Edge, ...]:
    return into.get(id, ())


def classes_in(document: Document) -> Iterator[tuple[NodeId, Written]]:
    """Every usable class in the whole drawing and its definitions, with the block that holds it."""
    for graph in document.graphs():
        for id in graph.census.of_kinds((KIND,)):
            try:
                yield id, custom_code.read(code_of(graph.nodes[id]))
            except CodeError:
                continue


def untrusted(document: Document) -> list[Written]:
    """The classes that may not run yet, each text once."""
    found = {
        written.source: written
        for _, written in classes_in(document)
        if not trust.is_trusted(written.source)
    }
    return list(found.values())


def clashes(document: Document) -> Iterator[Problem]:
    """Classes of one name that differ: the generated code could hold only one of them."""
    first: dict[str, tuple[NodeId, Written]] = {}
    for id, written in classes_in(document):
        other, known = first.setdefault(written.name, (id, written))
        if known.source != written.source:
            where = (
                f"{label(document, id)} holds" if id in document.graph.nodes else "A block holds"
            )
            text = (
                f"{where} a class {written.name} that differs from the one in another block. "
                "Give one of the classes another name."
            )
            yield Problem("class-name", text, nodes=(id, other))
