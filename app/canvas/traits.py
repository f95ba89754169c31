"""What the look of a block says beside its kind, as bits that add up."""

from __future__ import annotations

from operator import attrgetter

from graph.model import Graph, Node

SELECTED, ERROR, WARNING, UNKNOWN, ACTIVE = 1, 2, 4, 8, 16
COMPOSITE, REPEATED, SHARING, FROZEN = 32, 64, 128, 256
BYPASSED, MUTED, COLLAPSED, LOCKED = 512, 1024, 2048, 4096
STATES = 8192
"""More than all of them together."""


_marks_of = attrgetter("repeat", "shares", "frozen", "muted", "bypassed", "collapsed", "locked")


def traits_of(graph: Graph, node: Node, is_unknown: bool) -> int:
    """What the document itself says of a block: whose weights it uses, how often it stands there.

    An instance of a definition that is not there is no composite.
    """
    traits = UNKNOWN if is_unknown else COMPOSITE if node.definition else 0
    if not any(_marks_of(node)):
        return traits
    traits |= REPEATED if node.repeat else 0
    traits |= SHARING if node.shares else 0
    traits |= FROZEN if graph.is_frozen(node.id) else 0
    traits |= MUTED if node.muted else BYPASSED if node.bypassed else 0
    return traits | traits_for_the_eye(node)


def traits_for_the_eye(node: Node) -> int:
    """Those that differ where a block is collapsed or locked."""
    return (COLLAPSED if node.collapsed else 0) | (LOCKED if node.locked else 0)
