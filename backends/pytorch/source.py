"""Prints a program as PyTorch source. What it prints is what trains and what is exported."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backends.pytorch.aliases import without_aliases
from backends.pytorch.module_text import attributes_of, class_lines
from backends.pytorch.objective import objective_lines
from backends.pytorch.paths import MODEL, Paths, paths_of
from backends.pytorch.statements import Line
from backends.pytorch.text import (
    WIDTH,
    docstring_text,
    one_line,
    opened,
)
from graph.block import Snippet
from graph.lower import Program, Step
from graph.model import NodeId
from graph.program import ModuleClass


@dataclass(frozen=True)
class Source:
    """The text of a program.

    Attributes:
        model: a module that defines `Model`.
        objective: a module that defines `objective(model, batch)`; empty without a loss.
        text: both as one module, as people read it.
        lines: which block each line of `text` comes from, counted from 1.
        model_lines, objective_lines: the same of the two modules.
        paths: what became of the modules of blocks, since weights are stored by block.
        gaps: what could not be written; a source with gaps does not run.
    """

    model: str
    objective: str
    text: str
    lines: Mapping[int, NodeId]
    model_lines: Mapping[int, NodeId]
    objective_lines: Mapping[int, NodeId]
    paths: Paths
    gaps: tuple[tuple[NodeId, str], ...]


def print_source(program: Program) -> Source:
    """The source of a program; gaps become comments, so that unfinished drawings read well."""
    program = without_aliases(program)
    network = ModuleClass(MODEL, "", program.inputs, program.body, program.returns, (), (), False)
    classes = (*program.classes, network)
    attributes = {each.name: attributes_of(each) for each in classes}
    written = [
        class_lines(each, attributes[each.name], program.gaps if each is network else ())
        for each in classes
    ]
    inside = [step for each in classes for step in each.body]
    snippets = _snippets((*inside, *program.objective))
    goal = objective_lines(program) if program.losses else []
    body_snippets = _snippets(inside)
    goal_snippets = [s for s in snippets if s not in body_snippets]
    doc = _module_doc(program)
    model_text, model_map = _module(doc, body_snippets, written)
    goal_text, goal_map = _module([], _snippets(program.objective), [goal]) if goal else ("", {})
    whole = [_snippet_lines(goal_snippets), goal] if goal else []
    text, lines = _module(doc, body_snippets, [*written, *(part for part in whole if part)])
    paths = paths_of(classes, attributes)
    return Source(model_text, goal_text, text, lines, model_map, goal_map, paths, program.gaps)


def _snippets(steps: Iterable[Step]) -> list[Snippet]:
    return list({s.name: s for step in steps for s in step.emit.snippets}.values())


def _snippet_lines(snippets: list[Snippet]) -> list[Line]:
    lines: list[Line] = []
    for snippet in snippets:
        lines += [("", None), ("", None)] if lines else []
        lines += [(line, None) for line in snippet.source.strip().splitlines()]
    return lines


def _module_doc(program: Program) -> list[Line]:
    title = docstring_text(one_line(program.name)) or "Model"
    description = docstring_text(program.description)
    if not description:
        return [(opened(f'{title.rstrip(".")}."""'), None), ("", None)]
    body: list[Line] = [(line, None) for text in description.splitlines() for line in _wrap(text)]
    return [(opened(f"{title.rstrip('.')}."), None), ("", None), *body, ('"""', None), ("", None)]


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]


def _module(
    doc: list[Line], snippets: list[Snippet], parts: list[list[Line]]
) -> tuple[str, dict[int, NodeId]]:
    """A module of these parts with the imports they need, and which block each line is of."""
    blocks = [_snippet_lines([snippet]) for snippet in snippets] + parts
    lines = doc + _imports("\n".join(line for part in blocks for line, _ in part))
    for part in blocks:
        lines += [("", None), ("", None), *part]
    found = {number: node for number, (_, node) in enumerate(lines, 1) if node is not None}
    return "\n".join(line for line, _ in lines) + "\n", found


def _imports(text: str) -> list[Line]:
    def uses(name: str) -> bool:
        return re.search(rf"(?<![\w.\"]){name}\b", text) is not None

    lines = ["import math", ""] if uses("math") else []
    lines += ["import torch"] if uses("torch") else []
    lines += ["import torch.nn.functional as F"] if uses("F") else []
    from_torch = [name for name in ("Tensor", "nn") if uses(name)]
    lines += [f"from torch import {', '.join(from_torch)}"] if from_torch else []
    return [(line, None) for line in lines]
