"""Prints a program as PyTorch source. What it prints is what trains and what is exported."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from backends.pytorch.aliases import without_aliases
from backends.pytorch.objective import objective_lines
from backends.pytorch.statements import Line, Names, Statement, laid_out, statements_of, uses_of
from backends.pytorch.text import (
    WIDTH,
    call,
    docstring_text,
    one_line,
    statement,
)
from graph.block import Snippet
from graph.lower import Feed, Program, Step
from graph.model import NodeId
from graph.names import unique


@dataclass(frozen=True)
class Source:
    """The text of a program.

    Attributes:
        model: a module that defines `Model`.
        objective: a module that defines `objective(model, batch)`; empty without a loss.
        text: both as one module, as people read it.
        lines: which block each line of `text` comes from, counted from 1.
        model_lines, objective_lines: the same of the two modules.
        paths: the attribute of `Model` that each module of a block became, to the node and the
            module's name in its block; weights are stored by the latter.
        gaps: what could not be written; a source with gaps does not run.
    """

    model: str
    objective: str
    text: str
    lines: Mapping[int, NodeId]
    model_lines: Mapping[int, NodeId]
    objective_lines: Mapping[int, NodeId]
    paths: Mapping[str, tuple[NodeId, str]]
    gaps: tuple[tuple[NodeId, str], ...]


def print_source(program: Program) -> Source:
    """The source of a program; gaps become comments, so that unfinished drawings read well."""
    program = without_aliases(program)
    attributes = _attributes(program)
    snippets = _snippets((*program.body, *program.objective))
    model = _model_lines(program, attributes)
    goal = objective_lines(program) if program.losses else []
    body_snippets = _snippets(program.body)
    goal_snippets = [s for s in snippets if s not in body_snippets]
    doc = _module_doc(program)
    model_text, model_map = _module(doc, body_snippets, [model])
    goal_text, goal_map = _module([], _snippets(program.objective), [goal]) if goal else ("", {})
    whole = [_snippet_lines(goal_snippets), goal] if goal else []
    text, lines = _module(doc, body_snippets, [model, *(part for part in whole if part)])
    paths = {
        attribute: (step.node, name)
        for step in program.body
        for name, attribute in attributes[step.node].items()
    }
    return Source(model_text, goal_text, text, lines, model_map, goal_map, paths, program.gaps)


def _attributes(program: Program) -> dict[NodeId, dict[str, str]]:
    """The attribute of each module: the block's name, with the module's where it has several."""
    taken: set[str] = set()
    found: dict[NodeId, dict[str, str]] = {}
    for step in program.body:
        several = len(step.emit.modules) > 1
        found[step.node] = {}
        for name in step.emit.modules:
            attribute = unique(f"{step.name}_{name}" if several else step.name, taken)
            taken.add(attribute)
            found[step.node][name] = attribute
    return found


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
        return [(f'"""{title.rstrip(".")}."""', None), ("", None)]
    body: list[Line] = [(line, None) for text in description.splitlines() for line in _wrap(text)]
    return [(f'"""{title.rstrip(".")}.', None), ("", None), *body, ('"""', None), ("", None)]


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


def _model_lines(program: Program, attributes: Mapping[NodeId, Mapping[str, str]]) -> list[Line]:
    lines: list[Line] = [("class Model(nn.Module):", None)]
    lines += [(f"    {line}" if line else "", None) for line in _signature_doc(program)]
    made = [
        (made_line, step.node)
        for step in program.body
        for name, attribute in attributes[step.node].items()
        for made_line in statement(
            f"self.{attribute} = {call(step.emit.modules[name].target, step.emit.modules[name])}", 8
        )
    ]
    if made:
        lines += [("", None), ("    def __init__(self) -> None:", None)]
        lines += [("        super().__init__()", None), *made]
    answer = "Tensor" if len(program.returns) == 1 else _tuple_of("Tensor", len(program.returns))
    lines += [("", None), *_signature(program.inputs, answer)]
    names = Names(
        {(feed.node, "y"): feed.name for feed in program.inputs},
        {feed.name for feed in program.inputs} | {"self", "x", "_"},
        {result.endpoint: result.name for result in program.returns},
        running=all(result.name != "x" for result in program.returns),
    )
    names.taken |= set(names.reserved.values())
    body = statements_of(program.body, names, attributes, uses_of(program.body, program.returns))
    if not program.gaps and _ends_in_answer(body, program, names):
        last, node, type_ = body[-1]
        answered = f"return {last.partition(' = ')[2]}"
        return lines + laid_out([*body[:-1], (answered, node, type_)], 8)
    lines += laid_out(body, 8)
    lines += _gap_lines(program)
    values = [names.of[result.endpoint] for result in program.returns]
    returned = ", ".join(values) if values else "None"
    return lines + [(line, None) for line in statement(f"return {returned}", 8)]


def _signature(inputs: Sequence[Feed], answer: str) -> list[Line]:
    """The head of `forward`, on one line or with an argument a line."""
    arguments = [f"{feed.name}: Tensor" for feed in inputs]
    line = f"    def forward({', '.join(['self', *arguments])}) -> {answer}:"
    if len(line) <= WIDTH:
        return [(line, inputs[0].node if len(inputs) == 1 else None)]
    each = [(f"        {text},", feed.node) for text, feed in zip(arguments, inputs, strict=True)]
    return [
        ("    def forward(", None),
        ("        self,", None),
        *each,
        (f"    ) -> {answer}:", None),
    ]


def _tuple_of(name: str, count: int) -> str:
    return f"tuple[{', '.join([name] * count)}]" if count else "None"


def _signature_doc(program: Program) -> list[str]:
    taken = ", ".join(f"{feed.name} {feed.type}" for feed in program.inputs) or "nothing"
    answers = ", ".join(f"{result.name} {result.type}" for result in program.returns) or "nothing"
    line = f"{taken} -> {answers}"
    if len(line) <= 76:
        return [f'"""{line}."""']
    given = [f"    {feed.name}: {feed.type}" for feed in program.inputs]
    returned = [f"    {result.name}: {result.type}" for result in program.returns]
    summary = '"""The network.'
    return [summary, "", "Args:", *given, "", "Returns:", *returned, '"""']


def _gap_lines(program: Program) -> list[Line]:
    return [(f"        # {one_line(text)[:120]}", node) for node, text in program.gaps if text]


def _ends_in_answer(body: list[Statement], program: Program, names: Names) -> bool:
    """Whether the last statement makes just what the model returns."""
    if len(program.returns) != 1 or not body:
        return False
    return body[-1][0].startswith(f"{names.of[program.returns[0].endpoint]} = ")
