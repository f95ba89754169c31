"""Blocks that give what those they feed ask for: a Target takes the shape of its loss."""

from __future__ import annotations

from graph.infer import Typing, infer
from graph.model import Document, NodeId
from graph.problems import Problem
from graph.registry import Registry


def suited(
    document: Document, id: NodeId, registry: Registry, typing: Typing | None = None
) -> Document:
    """The document in which a block gives what the one that it feeds asks for.

    Only what a fix of its own parameters does is done; else the document stays as it is.

    Args:
        typing: of an earlier document, so that less has to be typed.
    """
    for edge in document.graph.consumers_of(id):
        problem = infer(document, typing, registry).problems.get(edge.target)
        for fix in problem.fixes if problem and is_refused(problem) else ():
            mended = fix.edit(document)
            if _differ_only_at(id, document, mended):
                after = infer(mended, typing, registry).problems.get(edge.target)
                if not is_refused(after):
                    return mended
    return document


def is_refused(problem: Problem | None) -> bool:
    """Whether a block refuses what it gets."""
    return problem is not None and problem.code == "refused"


def _differ_only_at(id: NodeId, one: Document, other: Document) -> bool:
    left, right = one.graph.nodes, other.graph.nodes
    return left.keys() == right.keys() and all(left[n] is right[n] for n in left if n != id)
