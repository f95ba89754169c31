"""Definitions that come from elsewhere: equal ones are reused, others get fresh ids and names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from graph import names
from graph.composites.definitions import with_fresh_ids
from graph.composites.naming import class_name
from graph.composites.uses import chain_to, needed
from graph.composites.views import on_whole, over_nodes
from graph.kinds import uses
from graph.model import DEFINED, Definition, Document, Node
from graph.problems import UserError


def adopt(
    document: Document, definitions: Iterable[Definition]
) -> tuple[Document, Mapping[str, str]]:
    """The document with these definitions, and what each is called there.

    One that equals a definition of the document, ids and places aside, is that one.

    Raises:
        UserError: one of them contains itself.
    """
    given = {each.name: each for each in definitions}
    for name, each in given.items():
        for used in uses(each):
            chain = chain_to(given, used, name)
            if chain:
                arrows = " → ".join([name, *chain])
                raise UserError(f"{name} contains itself ({arrows}), so it cannot be used.")
    called: dict[str, str] = {}
    for name in needed(given, given):
        document, called[name] = _adopted(document, renamed_kinds(given[name], called))
    return document, called


def _adopted(document: Document, definition: Definition) -> tuple[Document, str]:
    known = document.whole().definitions
    shape = _form(definition)
    name = definition.name
    while name in known:
        if _form(known[name]) == shape:
            return document, name
        name = names.unique(name, {name})
    if not name.isidentifier():
        name = class_name(name, known)
    fresh, next_id = with_fresh_ids(definition, document.next_id)
    made = replace(fresh, name=name)

    def added(whole: Document) -> Document:
        return replace(whole, definitions={**whole.definitions, name: made}, next_id=next_id)

    return on_whole(document, added), name


def still_here(document: Document, definitions: Iterable[Definition]) -> Mapping[str, str]:
    """What earlier definitions of this document are called in it now; without those that went.

    A definition keeps the ids of the blocks inside when it is renamed; one whose blocks have all
    been replaced is known by its name.
    """
    known = document.whole().definitions
    owner = {id: name for name, each in known.items() for id in each.graph.nodes}
    found = {}
    for each in definitions:
        votes = Counter(owner[id] for id in each.graph.nodes if id in owner)
        best = votes.most_common(1)
        if best and 2 * best[0][1] > len(each.graph.nodes):
            found[each.name] = best[0][0]
        elif each.name in known:
            found[each.name] = each.name
    return found


def renamed_kinds(definition: Definition, called: Mapping[str, str]) -> Definition:
    """The definition whose instances of others have the names that those have now."""
    graph = over_nodes(definition.graph, lambda node: renamed_kind(node, called))
    return replace(definition, graph=graph)


def renamed_kind(node: Node, called: Mapping[str, str]) -> Node:
    """A block whose definition has another name now."""
    name = called.get(node.definition, node.definition)
    return replace(node, kind=DEFINED + name) if name != node.definition else node


def _form(definition: Definition) -> object:
    """What two definitions that mean the same have in common: all but names, ids and places."""
    numbers = {id: number for number, id in enumerate(definition.graph.nodes)}
    nodes = [
        (
            n.kind,
            n.name,
            dict(n.params),
            n.repeat,
            numbers.get(n.shares) if n.shares else None,
            (n.frozen, n.bypassed, n.muted, dict(n.tuning)),
        )
        for n in definition.graph.nodes.values()
    ]
    edges = sorted(
        (numbers.get(e.source, -1), e.out, numbers.get(e.target, -1), e.into, e.slot)
        for e in definition.graph.edges()
    )
    parameters = [replace(each, show_if=None) for each in definition.parameters.values()]
    return (nodes, edges, parameters, definition.description)
