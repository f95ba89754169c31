"""What is asked of all blocks of a graph at once, kept from one edit to the next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, compress
from operator import attrgetter, is_not
from typing import TYPE_CHECKING, TypeVar

from graph.names import is_usable

if TYPE_CHECKING:
    from graph.model import Node, NodeId

Nodes = Mapping["NodeId", "Node"]
T = TypeVar("T")
Shape = tuple[str, ...]
# After an edit several ask for what differs between the same two drawings.
_compared: tuple[object, object, list[NodeId] | None] = (None, None, None)
_counted = attrgetter("kind", "name", "shares", "frozen", "bypassed", "muted", "tuning", "locked")


@dataclass(frozen=True)
class Census:
    """What blocks there are.

    Attributes:
        by_kind: the blocks of each kind, in the order of the graph.
        shapes: each kind with the names of the parameters that are given to a block of it, and
            perhaps some that no block has any more.
        is_switched: whether a block is bypassed or muted.
        is_sharing: whether a block uses the weights of another.
        is_tuned: whether the weights of a block start or learn otherwise than usual.
        is_locking: whether a block is locked.
        is_named: whether all names can stand in code, and none is there twice.
    """

    by_kind: Mapping[str, tuple[NodeId, ...]]
    shapes: frozenset[Shape]
    is_switched: bool
    is_sharing: bool
    is_tuned: bool
    is_locking: bool
    is_named: bool

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Each kind once, in the order of the graph."""
        return tuple(self.by_kind)

    def of_kinds(self, kinds: Collection[str]) -> Iterable[NodeId]:
        """The blocks of these kinds, those of one after those of another."""
        return chain.from_iterable(ids for kind, ids in self.by_kind.items() if kind in kinds)


def census(nodes: Nodes) -> Census:
    """Asks every block."""
    all_ = nodes.values()
    names = set(map(attrgetter("name"), all_))
    by_kind: dict[str, list[NodeId]] = {}
    for id, node in nodes.items():
        by_kind.setdefault(node.kind, []).append(id)
    return Census(
        {kind: tuple(ids) for kind, ids in by_kind.items()},
        _shapes(all_),
        any(map(attrgetter("bypassed"), all_)) or any(map(attrgetter("muted"), all_)),
        any(map(is_not, map(attrgetter("shares"), all_), (None,) * len(all_))),
        any(map(attrgetter("tuning"), all_)),
        any(map(attrgetter("locked"), all_)),
        len(names) == len(all_) and all(map(is_usable, names)),
    )


def still_holding(known: Census, old: Nodes, new: Nodes) -> Census | None:
    """The census after an edit; None where the edit did more than exchange parameters."""
    ids = exchanged(old, new)
    if ids is None or any(_counted(old[id]) != _counted(new[id]) for id in ids):
        return None
    shapes = _shapes(new[id] for id in ids)
    return known if shapes <= known.shapes else replace(known, shapes=known.shapes | shapes)


def exchanged(old: Mapping[NodeId, T], new: Mapping[NodeId, T]) -> list[NodeId] | None:
    """The ids that stand for another value than before; None where not all ids are as before."""
    global _compared
    before, after, found = _compared
    if before is old and after is new:
        return found
    is_same = list(old) == list(new)
    found = list(compress(new, map(is_not, old.values(), new.values()))) if is_same else None
    _compared = (old, new, found)
    return found


def exchange(old: Mapping[NodeId, T], given: Mapping[NodeId, T]) -> dict[NodeId, T]:
    """The same ids with other values for some of them; what differs needs no comparing then."""
    global _compared
    new = {**old, **given}
    if len(new) == len(old):
        _compared = (old, new, [id for id, value in given.items() if old[id] is not value])
    return new


def differing(old: Mapping[NodeId, T], new: Mapping[NodeId, T]) -> Iterable[NodeId]:
    """The ids that are new, or that stand for another value than before."""
    if old is new:
        return ()
    ids = exchanged(old, new)
    return [id for id, value in new.items() if old.get(id) is not value] if ids is None else ids


def gone(old: Mapping[NodeId, T], new: Mapping[NodeId, T]) -> Set[NodeId]:
    """The ids that there are no more."""
    if old is new or exchanged(old, new) is not None:
        return frozenset()
    return old.keys() - new.keys()


def _shapes(nodes: Iterable[Node]) -> frozenset[Shape]:
    return frozenset((node.kind, *node.params) for node in nodes if node.params)
