"""Finds blocks everywhere in a drawing: where one looks, and inside every composite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.i18n import tr
from app.looking import Level, levels
from app.session import Session
from graph.composites.places import TOP, Way, way_through, way_to
from graph.finding import Match, matches, read_query
from graph.model import Document, NodeId
from graph.problems import Problem
from graph.registry import Registry


@dataclass(frozen=True)
class Result:
    """A block that was found, and where.

    Attributes:
        way: how one comes there from the whole drawing.
        title, name: what its kind and it are called.
        why: what of it fits where the title and name do not show it.
    """

    node: NodeId
    way: Way
    title: str
    name: str
    why: str

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return " › ".join(step.definition for step in self.way) or tr("Whole drawing")


class Finder:
    """Looks for blocks in the document of a session; remembers what it typed for that."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[Way, Level] = {}

    def find(self, query: str) -> list[Result]:
        """The blocks that fit, those that are here first."""
        terms = read_query(query)
        if not terms:
            return []
        registry, problems = self._session.registry, self._problems()
        return [
            _result(match, level, registry)
            for level in self._places()
            for match in matches(terms, level.document, level.typing, registry, problems, tr)
        ]

    def _places(self) -> Iterator[Level]:
        """What is looked at, then the whole drawing, then every other composite once."""
        session = self._session
        root = self._known.get(TOP)
        if root is None or root.document is not session.root:
            root = Level(TOP, session.root, session.root_typing)
            self._known = {TOP: root}
        yield Level(session.place, session.document, session.typing)
        seen = {session.place[-1].definition} if session.place else set()
        if session.place:
            yield root
        for name in session.root.definitions:
            way = way_to(session.root, name)
            if name in seen or way is None:
                continue
            there = levels(root, way, tuple(self._known.values()), session.registry)
            self._known |= {level.way: level for level in there}
            yield there[-1]

    def _problems(self) -> dict[NodeId, list[Problem]]:
        found: dict[NodeId, list[Problem]] = {}
        session = self._session
        for problem in dict.fromkeys([*session.problems, *session.root_problems]):
            if problem.nodes:
                found.setdefault(_about(session.root, problem), []).append(problem)
        return found


def _about(root: Document, problem: Problem) -> NodeId:
    """The block that a problem is about: inside an instance, or the first that it names."""
    return problem.nodes[-1] if way_through(root, problem.nodes) else problem.nodes[0]


def _result(match: Match, level: Level, registry: Registry) -> Result:
    node = level.document.node(match.node)
    found = registry.find(node.kind)
    title = tr(found.kind.title) if found else node.definition or node.kind
    return Result(match.node, level.way, title, node.name, match.why)
