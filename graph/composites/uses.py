"""Where definitions are used, and that none comes to contain itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from graph.kinds import uses
from graph.model import DEFINED, Definition, Document, Graph
from graph.problems import UserError


def instances(document: Document, name: str) -> int:
    """How many instances of a definition there are in the whole document."""
    return sum(
        node.kind == DEFINED + name for graph in document.graphs() for node in graph.nodes.values()
    )


def users(document: Document, name: str) -> list[str]:
    """Who uses a definition: the names of definitions; empty text for the whole drawing."""
    whole = document.whole()
    graphs: Iterator[tuple[str, Graph]] = iter(
        [("", whole.graph), *((key, each.graph) for key, each in whole.definitions.items())]
    )
    kind = DEFINED + name
    return [key for key, graph in graphs if any(n.kind == kind for n in graph.nodes.values())]


def needed(definitions: Mapping[str, Definition], names: Iterable[str]) -> list[str]:
    """These definitions and all that they use, what is used before what uses it."""
    found: dict[str, None] = {}
    for name in names:
        _collect(definitions, name, found, ())
    return list(found)


def _collect(
    definitions: Mapping[str, Definition],
    name: str,
    found: dict[str, None],
    above: tuple[str, ...],
) -> None:
    if name in found or name not in definitions or name in above:
        return
    for used in sorted(uses(definitions[name])):
        _collect(definitions, used, found, (*above, name))
    found[name] = None


def chain_to(
    definitions: Mapping[str, Definition], start: str, end: str, seen: set[str] | None = None
) -> list[str]:
    """The definitions from one down to another that it contains; empty where it does not."""
    if start == end:
        return [start]
    seen = set() if seen is None else seen
    seen.add(start)
    for used in sorted(uses(definitions[start])) if start in definitions else ():
        rest = [] if used in seen else chain_to(definitions, used, end, seen)
        if rest:
            return [start, *rest]
    return []


def refuse_circle(document: Document, kind: str) -> None:
    """Keeps a definition that is looked at from inside from containing itself.

    Raises:
        UserError: a block of this kind here would make it contain itself; the text has the chain.
    """
    scope = document.scope
    if scope is None or not kind.startswith(DEFINED):
        return
    name = kind.removeprefix(DEFINED)
    chain = chain_to(document.definitions, name, scope.definition)
    if chain:
        arrows = " → ".join([scope.definition, *chain])
        raise UserError(
            f"{scope.definition} would contain itself ({arrows}); a composite can hold any other."
        )
