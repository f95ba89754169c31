"""Whether a drawing can be trained, and whether a stopped run can be gone on with."""

from __future__ import annotations

from app.i18n import tr
from app.session import Session
from graph.change import diff
from graph.model import Document
from graph.problems import Problem, Severity

NOT_TO_TRAIN = ("no-loss", "all-frozen")
"""Codes of warnings about drawings that run, but cannot be trained."""


def why_not_train(session: Session) -> Problem | None:
    """The first problem that keeps a drawing from being trained; None where it can be."""
    if not session.root.graph.nodes:
        text = tr("The drawing is empty. Add an Input, some layers and a loss, and wire them.")
        return Problem("empty", text)
    stops = (
        problem
        for problem in session.root_problems
        if problem.severity is Severity.ERROR or problem.code in NOT_TO_TRAIN
    )
    return next(stops, None)


def is_same_run(before: Document, now: Document) -> bool:
    """Whether two documents train the same way: only places, names and texts may differ."""
    return _settings(before) == _settings(now) and not diff(before, now).structure


def _settings(document: Document) -> tuple[object, ...]:
    return (document.data, document.recipe, document.variables, document.definitions)
