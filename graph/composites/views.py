"""A document seen from inside a definition, put back into the whole so that every use follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from graph.composite import INPUT, OUTPUT
from graph.edits import put_edges
from graph.model import DEFINED, Document, Edge, Graph, Node, NodeId

Edit = Callable[[Document], Document]


def put_back(document: Document) -> Document:
    """The document seen from outside; where ports of the definition were renamed or removed, the
    wires of its instances follow.
    """
    whole = document.whole()
    scope = document.scope
    known = document.definitions.get(scope.definition) if scope else None
    if known is None or known.graph is document.graph:
        return whole
    ins = _ports_changed(known.graph, document.graph, INPUT)
    outs = _ports_changed(known.graph, document.graph, OUTPUT)
    if not ins and not outs:
        return whole
    kind = DEFINED + known.name
    return over_graphs(whole, lambda graph: _followed(graph, kind, ins, outs))


def on_whole(document: Document, edit: Edit, definition: str = "") -> Document:
    """The document after an edit of the whole, seen from where it was seen before.

    Args:
        definition: what the definition that is looked at is called afterwards, if it is renamed.
    """
    scope = document.scope
    if scope is None:
        return edit(document)
    return seen_as(document, edit(put_back(document)), definition)


def seen_as(view: Document, whole: Document, definition: str = "") -> Document:
    """A whole document, seen from where another one is seen."""
    scope = view.scope
    if scope is None:
        return whole
    name = definition or scope.definition
    known = whole.definitions[name].parameters
    values = {key: value for key, value in view.variables.items() if key in known}
    return whole.inside(name, values, scope.given)


def over_graphs(whole: Document, change: Callable[[Graph], Graph]) -> Document:
    """The whole document with every graph changed; what stays equal stays the same value."""
    definitions = dict(whole.definitions)
    for name, definition in whole.definitions.items():
        graph = change(definition.graph)
        if graph is not definition.graph:
            definitions[name] = replace(definition, graph=graph)
    changed = replace(whole, graph=change(whole.graph))
    return (
        changed if definitions == whole.definitions else replace(changed, definitions=definitions)
    )


def over_nodes(graph: Graph, change: Callable[[Node], Node]) -> Graph:
    """The graph with its blocks changed; the same value where none is."""
    nodes = {id: change(node) for id, node in graph.nodes.items()}
    if all(nodes[id] is node for id, node in graph.nodes.items()):
        return graph
    return replace(graph, nodes=nodes)


def _ports_changed(old: Graph, new: Graph, kind: str) -> Mapping[str, str | None]:
    """The new names of the ports that have another; None for those that are gone."""
    found: dict[str, str | None] = {}
    for id, node in old.nodes.items():
        if node.kind == kind:
            now = new.nodes.get(id)
            name = now.name if now is not None and now.kind == kind else None
            if name != node.name:
                found[node.name] = name
    return found


def _followed(
    graph: Graph, kind: str, ins: Mapping[str, str | None], outs: Mapping[str, str | None]
) -> Graph:
    """The graph in which wires at instances of a kind lead to the new names of their ports."""
    instances = {id for id, node in graph.nodes.items() if node.kind == kind}
    touched = set(instances)
    for id in instances:
        touched |= {edge.target for edge in graph.consumers_of(id)}
    into = dict(graph.wires.into)
    for id in touched:
        edges = [_moved(edge, instances, ins, outs) for edge in graph.inputs_of(id)]
        put_edges(into, id, [edge for edge in edges if edge is not None])
    if all(into.get(id, ()) == graph.inputs_of(id) for id in touched):
        return graph
    return replace(graph, wires=graph.wires.changed(into, touched))


def _moved(
    edge: Edge,
    instances: set[NodeId],
    ins: Mapping[str, str | None],
    outs: Mapping[str, str | None],
) -> Edge | None:
    into = ins.get(edge.into, edge.into) if edge.target in instances else edge.into
    out = outs.get(edge.out, edge.out) if edge.source in instances else edge.out
    return None if into is None or out is None else replace(edge, into=into, out=out)
