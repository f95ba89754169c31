"""What is inside composites, as drawings to be looked at without opening them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.canvas.labels import parameter_count, repeat_texts
from app.canvas.mirror import Mirror
from app.human import short_count
from app.i18n import tr, tr_count
from app.session import Session
from graph.composites.places import Step, seen_from
from graph.infer import infer
from graph.model import Document, NodeId
from graph.registry import Registry
from graph.typed import Typing

MOST_TYPED = 900
"""Definitions with more blocks are seen from so far away that no shape is written."""
MOST_KEPT = 12


@dataclass(frozen=True)
class Inside:
    """The inside of one instance.

    Attributes:
        step: which instance, of which definition.
        document: seen from inside the definition.
        mirror: its drawing.
        facts: how large it is, as a line of text.
    """

    step: Step
    document: Document
    typing: Typing
    mirror: Mirror
    facts: str

    @property
    def instances(self) -> list[NodeId]:
        """The composites in it, from top to bottom."""
        document = self.document
        known = document.definitions
        found = [node for node in document.graph.nodes.values() if node.definition in known]
        return [node.id for node in sorted(found, key=lambda node: (node.y, node.x))]


class Insides:
    """Looks into instances, and remembers what it saw for as long as nothing differs."""

    def __init__(self) -> None:
        self._kept: dict[tuple[NodeId, ...], tuple[Document, Typing, Inside]] = {}

    def of(
        self, document: Document, typing: Typing, registry: Registry, way: tuple[NodeId, ...]
    ) -> Inside:
        """The inside of the last instance on a way.

        Args:
            document: where that instance stands; `typing` is of it.
            way: the instances through which it is looked at.
        """
        known = self._kept.get(way)
        if known is None or known[0] is not document or known[1] is not typing:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            known = (document, typing, looked_into(document, typing, registry, way[-1]))
            self._kept[way] = known
        return known[2]


def looked_into(document: Document, typing: Typing, registry: Registry, id: NodeId) -> Inside:
    """The inside of an instance that stands in a document."""
    node = document.graph.nodes[id]
    step = Step(node.definition, id)
    view = document.whole().inside(step.definition, *seen_from(document, typing, step))
    is_small = len(view.graph.nodes) <= MOST_TYPED
    inner = infer(view if is_small else Document(), None, registry)
    mirror = Mirror(registry)
    mirror.rebuild(view, inner, [])
    count = parameter_count(typing, id)
    times, mode = repeat_texts(node)
    parts = [
        tr_count(len(view.graph.nodes), "1 block", "{n} blocks"),
        tr("{n} params", n=short_count(count)) if count else "",
        f"{times} {mode}".strip(),
    ]
    return Inside(step, view, inner, mirror, "   ".join(filter(None, parts)))


def can_look_into(session: Session, id: NodeId | None) -> bool:
    """Whether a block is an instance of a definition that is there."""
    node = session.document.graph.nodes.get(id) if id is not None else None
    return node is not None and node.definition in session.root.definitions


def first_of(session: Session, ids: Iterable[NodeId | None]) -> NodeId | None:
    """The first of these blocks that can be looked into."""
    return next((id for id in ids if can_look_into(session, id)), None)
