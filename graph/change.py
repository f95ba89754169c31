"""What differs between two documents, so that views repaint only that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from operator import attrgetter

from graph.census import differing, gone
from graph.model import Document, Edge, Node, NodeId
from graph.remarks import RemarkId

NOTHING: frozenset[NodeId] = frozenset()
Edges = frozenset[Edge]


@dataclass(frozen=True)
class Change:
    """Blocks added, removed, changed (kind, name, parameters) and moved; edges added and removed.

    `edges_led` are the edges that are led through other points than before.
    Blocks that are collapsed or locked count as moved: what they do is the same.
    `remarks` are the frames and notes that were added, removed or changed in any way.
    `settings` is whether anything beside the graph differs: name, data, recipe, variables, sizes.
    """

    added: frozenset[NodeId] = NOTHING
    removed: frozenset[NodeId] = NOTHING
    changed: frozenset[NodeId] = NOTHING
    moved: frozenset[NodeId] = NOTHING
    edges_added: frozenset[Edge] = frozenset()
    edges_removed: frozenset[Edge] = frozenset()
    edges_led: frozenset[Edge] = frozenset()
    remarks: frozenset[RemarkId] = frozenset()
    settings: bool = False

    @property
    def structure(self) -> bool:
        """Whether types or code may differ: anything but places."""
        return bool(
            self.added or self.removed or self.changed or self.edges_added or self.edges_removed
        )


SEEN = ("x", "y", "collapsed", "locked")
"""What of a block is for the eye alone."""
_place = attrgetter(*SEEN)
_but_place = attrgetter(*(each.name for each in fields(Node) if each.name not in SEEN))


def _changed(old: Node, new: Node) -> bool:
    return bool(_but_place(old) != _but_place(new))


def diff(old: Document, new: Document) -> Change:
    """What turned the old document into the new one."""
    before, after = old.graph.nodes, new.graph.nodes
    changed, moved, added = set(), set(), set()
    for id in differing(before, after):
        was, node = before.get(id), after[id]
        if was is None:
            added.add(id)
            continue
        if _changed(was, node):
            changed.add(id)
        if _place(was) != _place(node):
            moved.add(id)
    removed = gone(before, after)
    return Change(
        frozenset(added),
        frozenset(removed),
        frozenset(changed),
        frozenset(moved),
        *_edge_changes(old, new),
        _remark_changes(old, new),
        _settings(old) != _settings(new),
    )


def _remark_changes(old: Document, new: Document) -> frozenset[RemarkId]:
    before, after = old.graph.remarks, new.graph.remarks
    if before is after:
        return frozenset()
    both = before.keys() | after.keys()
    return frozenset(id for id in both if before.get(id) != after.get(id))


def _settings(document: Document) -> tuple[object, ...]:
    return (
        document.name,
        document.description,
        document.variables,
        document.sizes,
        document.data,
        document.recipe,
    )


def _edge_changes(old: Document, new: Document) -> tuple[Edges, Edges, Edges]:
    """The edges that are added, removed, and led through other points."""
    before, after = old.graph.wires.into, new.graph.wires.into
    if before is after:
        return frozenset(), frozenset(), frozenset()
    added: set[Edge] = set()
    removed: set[Edge] = set()
    led: set[Edge] = set()
    for id in before.keys() | after.keys():
        was, now = before.get(id, ()), after.get(id, ())
        if was is not now:
            added |= set(now) - set(was)
            removed |= set(was) - set(now)
            led |= _led(was, now)
    return frozenset(added), frozenset(removed), frozenset(led - added)


def _led(before: Iterable[Edge], after: Iterable[Edge]) -> set[Edge]:
    """The later edges whose points differ."""
    was = {edge: edge.via for edge in before if edge.via}
    return {edge for edge in after if (edge.via or was) and edge.via != was.get(edge, ())}
