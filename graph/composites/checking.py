"""What is wrong with a definition as a whole: what stands in it, and whether it gives anything."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from graph import edits
from graph.block import Role
from graph.composite import OUTPUT
from graph.composites.repeating import unshare, why_not_share
from graph.composites.uses import needed
from graph.fixes import problem_at
from graph.model import DEFINED, Document, NodeId
from graph.problems import Fix, Problem, Severity
from graph.registry import Registry
from graph.typed import Typing

OUTSIDE = frozenset({Role.TARGET, Role.LOSS, Role.METRIC, Role.OPTIMIZER})
MISPLACED = (
    "cannot stand inside a composite: answers are judged in the whole drawing. Take it out, and "
    "give what it needs to an Output"
)


def problems_inside(document: Document, typing: Typing, registry: Registry) -> Iterator[Problem]:
    """The problems of the definition that is looked at."""
    nodes = document.graph.nodes
    for id in _misplaced(document, registry):
        fix = Fix("Remove it", partial(edits.remove, ids=[id]))
        yield problem_at(document, id, "misplaced", MISPLACED, fixes=(fix,))
    if nodes and not any(node.kind == OUTPUT for node in nodes.values()):
        yield Problem("no-output", "This composite has no Output, so it gives nothing. Add one.")
    for id in nodes if typing.unused else ():
        if id in typing.unused and nodes[id].kind != "input":
            text = "leads to no Output, so it is left out of the code"
            yield problem_at(document, id, "unused", text, severity=Severity.WARNING)


def problems_of_sharing(document: Document, typing: Typing) -> Iterator[Problem]:
    """Blocks that cannot use the weights that they name."""
    if not document.graph.census.is_sharing:
        return
    for id, node in document.graph.nodes.items():
        if node.shares is None or id not in typing.used:
            continue
        reason = why_not_share(document, id, node.shares)
        if not reason and node.shares not in typing.used:
            owner = edits.label(document, node.shares)
            reason = f"{owner}, whose weights others use, must lead to an Output or a loss."
        if reason:
            fix = Fix("Give it weights of its own", partial(unshare, ids=[id]))
            yield Problem("sharing", reason, nodes=(id,), fixes=(fix,))


def problems_of_definitions(document: Document, registry: Registry) -> Iterator[Problem]:
    """What stands where it may not in the definitions that the whole drawing uses."""
    kinds = (kind for kind in document.graph.census.kinds if kind.startswith(DEFINED))
    used = needed(document.definitions, [kind.removeprefix(DEFINED) for kind in kinds])
    for name in used:
        inside = document.inside(name)
        for id in _misplaced(inside, registry):
            words = f"Inside {name}, {edits.label(inside, id)} {MISPLACED}."
            yield Problem("misplaced", words, nodes=(id,))
        for id, node in inside.graph.nodes.items():
            reason = why_not_share(inside, id, node.shares) if node.shares else ""
            if reason:
                yield Problem("sharing", f"Inside {name}: {reason}", nodes=(id,))


def _misplaced(document: Document, registry: Registry) -> Iterator[NodeId]:
    for id, node in document.graph.nodes.items():
        block = registry.find(node.kind)
        if block is not None and block.kind.role in OUTSIDE:
            yield id
