"""Definitions as a whole: renamed, made independent, described, deleted."""

from __future__ import annotations

from dataclasses import replace

from graph.composites.naming import check_class_name, class_name
from graph.composites.uses import instances, users
from graph.composites.views import on_whole, over_graphs, over_nodes, put_back, seen_as
from graph.edits import label, sharing
from graph.model import DEFINED, Definition, Document, Graph, Node, NodeId, Wires
from graph.problems import UserError
from graph.remark_edits import renumbered


def known(document: Document, name: str) -> Definition:
    """The definition of that name, as it is now.

    Raises:
        UserError: there is none.
    """
    found = document.whole().definitions.get(name)
    if found is None:
        raise UserError(f"This drawing has no composite called {name}.")
    return found


def rename_definition(document: Document, old: str, new: str) -> Document:
    """The document with a definition renamed; all its instances follow.

    Raises:
        UserError: the name is refused.
    """
    known(document, old)
    if new.strip() == old:
        return document
    new = check_class_name(new, document.definitions)

    def follow(node: Node) -> Node:
        return replace(node, kind=DEFINED + new) if node.kind == DEFINED + old else node

    def renamed(whole: Document) -> Document:
        found = {
            new if name == old else name: replace(each, name=new) if name == old else each
            for name, each in whole.definitions.items()
        }
        every = replace(whole, definitions=found)
        return over_graphs(every, lambda graph: over_nodes(graph, follow))

    scope = document.scope
    return on_whole(document, renamed, new if scope and scope.definition == old else "")


def describe(document: Document, name: str, text: str) -> Document:
    """The document with another description of a definition."""
    known(document, name)
    return on_whole(document, lambda whole: _with(whole, name, description=text.strip()))


def _with(whole: Document, name: str, **changes: object) -> Document:
    made = replace(whole.definitions[name], **changes)  # type: ignore[arg-type]  # fields by name
    return replace(whole, definitions={**whole.definitions, name: made})


def make_independent(document: Document, id: NodeId) -> Document:
    """The document in which an instance has a definition of its own, a copy under a free name.

    Blocks that use the same weights follow.

    Raises:
        UserError: it is no instance, or the only one of its definition.
    """
    node = document.graph.nodes[id]
    if node.definition not in document.definitions:
        raise UserError(f"{label(document, id)} is no composite of this drawing.")
    nodes = document.graph.nodes
    together = [each for each in sharing(document, [id]) if nodes[each].kind == node.kind]
    if instances(document, node.definition) == len(together):
        also = " that has weights of its own" if len(together) > 1 else ""
        raise UserError(f"{label(document, id)} is the only {node.definition}{also} already.")
    old = document.definitions[node.definition]
    name = class_name(old.name, document.definitions)
    copied, next_id = with_fresh_ids(old, document.next_id)
    moved = {each: replace(nodes[each], kind=DEFINED + name) for each in together}
    return replace(
        document.with_graph({**nodes, **moved}),
        definitions={**document.definitions, name: replace(copied, name=name)},
        next_id=next_id,
    )


def with_fresh_ids(definition: Definition, next_id: int) -> tuple[Definition, int]:
    """The definition with new ids from a number on, and the number after them."""
    old = definition.graph
    ids = {id: NodeId(f"n{number}") for number, id in enumerate(old.nodes, next_id)}
    nodes = {
        ids[id]: replace(node, id=ids[id], shares=ids.get(node.shares) if node.shares else None)
        for id, node in old.nodes.items()
    }
    into = {
        ids[id]: tuple(
            replace(edge, source=ids[edge.source], target=ids[id])
            for edge in edges
            if edge.source in ids
        )
        for id, edges in old.wires.into.items()
        if id in ids
    }
    wires = Wires({id: edges for id, edges in into.items() if edges})
    remarks = renumbered(old.remarks.values(), next_id + len(ids), ids)
    graph = Graph(nodes, wires, remarks)
    return replace(definition, graph=graph), next_id + len(ids) + len(remarks)


def delete_definition(document: Document, name: str) -> Document:
    """The document without a definition.

    Raises:
        UserError: it is used; the text says where.
    """
    known(document, name)
    where = users(document, name)
    if where:
        told = ", ".join(user or "the whole drawing" for user in where)
        raise UserError(
            f"{name} is used in {told}; take its instances away or replace them before it goes."
        )
    whole = put_back(document)
    left = {key: each for key, each in whole.definitions.items() if key != name}
    changed = replace(whole, definitions=left)
    is_inside = document.scope is not None and document.scope.definition == name
    return changed if is_inside else seen_as(document, changed)
