"""What is wrong with a drawing, by the blocks and ports that show it."""

from __future__ import annotations

from collections.abc import Sequence

from graph.model import NodeId
from graph.problems import Problem

Badges = dict[NodeId, Problem]
Refusals = dict[tuple[NodeId, str], Problem]


def marks_of(problems: Sequence[Problem]) -> tuple[Badges, Refusals]:
    """The problem that each block shows, and each input port; of several the first."""
    badges: Badges = {}
    refusals: Refusals = {}
    for problem in problems:
        for id in problem.nodes[:1]:
            badges.setdefault(id, problem)
            if problem.port is not None and problem.code == "refused":
                refusals.setdefault((id, problem.port), problem)
    return badges, refusals
