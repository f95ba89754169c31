"""What the window shows of a document besides its types: problems and generated code."""

from __future__ import annotations

import importlib
from typing import Any

from graph.data import DataInfo
from graph.infer import Typing
from graph.lower import lower
from graph.model import Document
from graph.problems import Problem, Refusal, Severity, UserError
from graph.registry import Registry

Source = Any  # Any: until the printer of source is there


def problems_of(
    document: Document, typing: Typing, registry: Registry, data: DataInfo | None
) -> list[Problem]:
    """All problems of a document, errors first, those of plug-ins last."""
    try:
        check = importlib.import_module("graph.check").check
    except ModuleNotFoundError:
        found = list(typing.problems.values())
    else:
        found = check(document, typing, registry, data)
    found.sort(key=lambda problem: problem.severity is not Severity.ERROR)
    return found


def source_of(document: Document, typing: Typing, data: DataInfo | None) -> Source | None:
    """The generated code of a document; None while it has no program."""
    try:
        printer = importlib.import_module("backends.pytorch.source")
        return printer.print_source(lower(document, typing, data))
    except (ModuleNotFoundError, Refusal, UserError):
        return None
