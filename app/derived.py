"""What the window shows of a document besides its types: problems and generated code."""

from __future__ import annotations

from collections.abc import Iterable

from backends.pytorch.source import Source, print_source
from graph.check import check
from graph.data import DataInfo
from graph.infer import Typing
from graph.lower import lower
from graph.model import Document
from graph.problems import Problem, Severity
from graph.registry import Registry

__all__ = ["Source", "problems_inside", "problems_of", "source_of"]


def problems_of(
    document: Document,
    typing: Typing,
    registry: Registry,
    data: DataInfo | None,
    data_problems: Iterable[Problem] = (),
) -> list[Problem]:
    """All problems of a document, errors first; `data_problems` are those of its data source."""
    found = [*check(document, typing, registry, data), *data_problems]
    return sorted(found, key=lambda problem: problem.severity is not Severity.ERROR)


def problems_inside(
    document: Document, typing: Typing, registry: Registry, of_whole: list[Problem]
) -> list[Problem]:
    """The problems of a definition that is looked at, then those of the whole drawing.

    What the whole tells of a block inside is not told twice.
    """
    found = [problem for problem in check(document, typing, registry) if problem not in of_whole]
    told = {id for problem in found for id in problem.nodes}
    others = [problem for problem in of_whole if not told & set(problem.nodes)]
    return sorted([*found, *others], key=lambda problem: problem.severity is not Severity.ERROR)


def source_of(document: Document, typing: Typing, data: DataInfo | None) -> Source | None:
    """The generated code of a document; None while nothing is drawn."""
    if not document.graph.nodes:
        return None
    return print_source(lower(document, typing, data))
