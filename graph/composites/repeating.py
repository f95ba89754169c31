"""Blocks repeated, and blocks that use the weights of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from graph.block import Role
from graph.composites.substitute import without_index
from graph.edits import label, sharing
from graph.kinds import kinds_of
from graph.model import Document, Node, NodeId, Repeat
from graph.params import Expr
from graph.problems import UserError
from graph.repeat import COUNT, MODES


def why_not_repeat(document: Document, id: NodeId) -> str:
    """Why a block cannot be repeated, as a sentence; empty where it can."""
    block = kinds_of(document).find(document.graph.nodes[id].kind)
    if block is None:
        return f"{label(document, id)} is not known here, so it cannot be repeated."
    if block.kind.role is not Role.LAYER or not block.inputs:
        return f"{label(document, id)} cannot be repeated: nothing goes through it."
    if any(port.many for port in block.inputs):
        return (
            f"{label(document, id)} takes any number of wires, so it cannot be repeated; "
            "make it a composite first."
        )
    return ""


def set_repeat(document: Document, ids: Iterable[NodeId], repeat: Repeat | None) -> Document:
    """The document in which these blocks follow themselves; None lets each stand once.

    Blocks that use the same weights follow. Without a repeat, what was calculated with its index
    is what it was at the first time.

    Raises:
        UserError: a block cannot be repeated, or the count or the mode is refused.
    """
    if repeat is not None:
        repeat = _checked(repeat)
    nodes = dict(document.graph.nodes)
    kinds = kinds_of(document)
    for id in sharing(document, ids):
        node = nodes[id]
        if repeat is not None:
            reason = why_not_repeat(document, id)
            if reason:
                raise UserError(reason)
            nodes[id] = replace(node, repeat=repeat)
        elif node.repeat is not None:
            block = kinds.find(node.kind)
            nodes[id] = without_index(node, 0, block.params if block else {})
    return document.with_graph(nodes)


def _checked(repeat: Repeat) -> Repeat:
    if repeat.mode not in MODES:
        raise UserError(f"A repeat is one of {', '.join(MODES)}, but here {repeat.mode!r:.40}.")
    if isinstance(repeat.count, Expr):
        COUNT.accepts(repeat.count)
        return repeat
    return replace(repeat, count=COUNT.check(repeat.count))


def why_not_share(document: Document, id: NodeId, other: NodeId) -> str:
    """Why a block cannot use the weights of another, as a sentence; empty where it can."""
    nodes = document.graph.nodes
    node, owner = nodes[id], nodes.get(other)
    if owner is None or id == other:
        return "A block uses the weights of another one of its kind."
    one, two = label(document, id), label(document, other)
    if node.kind != owner.kind:
        return f"{one} cannot use the weights of {two}, which is of another kind."
    if owner.shares:
        return f"{two} has no weights of its own; choose the block whose weights it uses."
    if any(each.shares == id for each in nodes.values()):
        return f"Another block uses the weights of {one}, so it keeps them."
    if node.params != owner.params or node.repeat != owner.repeat:
        return f"{one} cannot use the weights of {two}, since their parameters differ."
    return ""


def owners(document: Document, id: NodeId) -> Iterator[NodeId]:
    """The blocks whose weights one could use."""
    nodes = document.graph.nodes
    node = nodes[id]
    if document.graph.census.is_sharing and any(n.shares == id for n in nodes.values()):
        return
    for other in document.graph.census.of_kinds((node.kind,)):
        each = nodes[other]
        if other == id or each.shares:
            continue
        if each.params == node.params and each.repeat == node.repeat:
            yield other


def share(document: Document, id: NodeId, other: NodeId) -> Document:
    """The document in which a block uses the weights of another one.

    Raises:
        UserError: the two differ, or the other one has no weights of its own.
    """
    reason = why_not_share(document, id, other)
    if reason:
        raise UserError(reason)
    nodes = document.graph.nodes
    was = nodes[other]
    return _with(document, replace(nodes[id], shares=other, frozen=was.frozen, tuning=was.tuning))


def unshare(document: Document, ids: Iterable[NodeId]) -> Document:
    """The document in which these blocks have weights of their own."""
    for id in ids:
        document = _with(document, replace(document.graph.nodes[id], shares=None))
    return document


def _with(document: Document, node: Node) -> Document:
    return document.with_graph({**document.graph.nodes, node.id: node})
