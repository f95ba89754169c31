"""Prints a program as PyTorch source. What it prints is what trains and what is exported."""

from __future__ import annotations

import re
import string
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from backends.pytorch.text import (
    WIDTH,
    call,
    docstring_text,
    literal,
    one_line,
    quoted,
    statement,
)
from graph.block import Snippet
from graph.lower import Program, Result, Step
from graph.model import Endpoint, NodeId
from graph.names import unique
from graph.tensor import show_shape


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


Line = tuple[str, NodeId | None]


@dataclass
class _Names:
    """Which variable holds each value while one function is written."""

    of: dict[Endpoint, str]
    taken: set[str]
    reserved: dict[Endpoint, str] = field(default_factory=dict)


def print_source(program: Program) -> Source:
    """The source of a program; gaps become comments, so that unfinished drawings read well."""
    attributes = _attributes(program)
    snippets = _snippets((*program.body, *program.objective))
    model = _model_lines(program, attributes)
    goal = _objective_lines(program) if program.losses else []
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
    arguments = "".join(f", {feed.name}: Tensor" for feed in program.inputs)
    answer = "Tensor" if len(program.returns) == 1 else _tuple_of("Tensor", len(program.returns))
    head = f"def forward(self{arguments}) -> {answer}:"
    lines += [("", None)]
    lines += [(line, None) for line in _signature(head, 4)]
    names = _Names(
        {(feed.node, "y"): feed.name for feed in program.inputs},
        {feed.name for feed in program.inputs} | {"self", "x", "_"},
        {result.endpoint: result.name for result in program.returns},
    )
    names.taken |= set(names.reserved.values())
    body = _statements(program.body, names, attributes, _uses(program.body, program.returns))
    if not program.gaps and _ends_in_answer(body, program, names):
        last, node, type_ = body[-1]
        answered = f"return {last.partition(' = ')[2]}"
        return lines + _laid_out([*body[:-1], (answered, node, type_)], 8)
    lines += _laid_out(body, 8)
    lines += _gap_lines(program)
    values = [names.of[result.endpoint] for result in program.returns]
    returned = ", ".join(values) if values else "None"
    lines += [(f"        return {returned}", None)]
    return lines


def _signature(head: str, indent: int) -> list[str]:
    space = " " * indent
    if indent + len(head) <= WIDTH:
        return [space + head]
    opening, closing = head.index("("), head.rindex(") ->")
    arguments = head[opening + 1 : closing].split(", ")
    lines = [f"{space}    {argument}," for argument in arguments]
    return [space + head[: opening + 1], *lines, space + head[closing:]]


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


def _uses(steps: Iterable[Step], results: Iterable[Result]) -> dict[Endpoint, list[int]]:
    """At which steps each value is read; a value that is returned is read at the end."""
    uses: dict[Endpoint, list[int]] = {}
    number = 0
    for number, step in enumerate(steps):
        for endpoints in step.inputs.values():
            for endpoint in endpoints:
                uses.setdefault(endpoint, []).append(number)
    for result in results:
        uses.setdefault(result.endpoint, []).append(number + 1)
    return uses


def _objective_lines(program: Program) -> list[Line]:
    lines: list[Line] = [
        ("def objective(", None),
        ("    model: nn.Module,", None),
        ("    batch: dict[str, Tensor],", None),
        (") -> tuple[Tensor, dict[str, Tensor]]:", None),
        ('    """The loss that training minimises, and the metrics beside it."""', None),
    ]
    arguments = ", ".join(f"batch[{quoted(feed.column)}]" for feed in program.inputs)
    names = _Names({}, {"model", "batch", "x", "_", "loss"})
    returned = []
    for result in program.returns:
        name = unique(result.name, names.taken)
        names.taken.add(name)
        names.of[result.endpoint] = name
        returned.append(name)
    asked = {e for step in program.objective for ends in step.inputs.values() for e in ends}
    ends = [result.endpoint for result in program.returns]
    left = [n if e in asked else "_" for n, e in zip(returned, ends, strict=True)]
    if returned:
        text = f"{', '.join(left)} = model({arguments})"
        lines += [(line, None) for line in statement(text, 4)]
    for feed in program.targets:
        name = unique(feed.name, names.taken)
        names.taken.add(name)
        names.of[(feed.node, "y")] = name
        shape = show_shape(feed.type.shape)
        text = f"{name} = batch[{quoted(feed.column)}]"
        lines += [(line, feed.node) for line in statement(text, 4, shape)]
    results = (*program.losses, *program.metrics)
    for result in results:
        names.reserved[result.endpoint] = unique(result.name, names.taken)
        names.taken.add(names.reserved[result.endpoint])
    if len(program.losses) == 1:
        names.reserved[program.losses[0].endpoint] = "loss"
    uses = _uses(program.objective, results)
    lines += _laid_out(_statements(program.objective, names, {}, uses), 4)
    if len(program.losses) > 1:
        total = " + ".join(names.of[result.endpoint] for result in program.losses)
        lines += [(line, None) for line in statement(f"loss = {total}", 4)]
    shown = program.metrics if len(program.losses) == 1 else results
    pairs = ", ".join(f'"{result.name}": {names.of[result.endpoint]}' for result in shown)
    lines += [(line, None) for line in statement(f"return loss, {{{pairs}}}", 4)]
    return lines


Statement = tuple[str, NodeId, str]


def _statements(
    steps: Iterable[Step],
    names: _Names,
    attributes: Mapping[NodeId, Mapping[str, str]],
    uses: Mapping[Endpoint, list[int]],
) -> list[Statement]:
    """Each statement with its block, and the shape of what it makes where that is news."""
    found: list[Statement] = []
    holder: tuple[Endpoint, int] | None = None
    shapes: dict[Endpoint, str] = {}
    for number, step in enumerate(steps):
        writer = _StepWriter(step, names, attributes.get(step.node, {}), uses)
        holder = writer.name_outputs(number, holder)
        shapes |= {(step.node, port): str(type_) for port, type_ in step.types.items()}
        known = {"scalar", *(shapes.get(end) for ends in step.inputs.values() for end in ends[:1])}
        found += [
            (text, step.node, "" if shape in known else shape)
            for text, shape in writer.statements()
        ]
    return found


def _laid_out(statements: Iterable[Statement], indent: int) -> list[Line]:
    return [
        (line, node)
        for text, node, comment in statements
        for line in statement(text, indent, comment)
    ]


def _ends_in_answer(body: list[Statement], program: Program, names: _Names) -> bool:
    """Whether the last statement makes just what the model returns."""
    if len(program.returns) != 1 or not body:
        return False
    return body[-1][0].startswith(f"{names.of[program.returns[0].endpoint]} = ")


class _StepWriter:
    """Writes the statements of one block."""

    def __init__(
        self,
        step: Step,
        names: _Names,
        attributes: Mapping[str, str],
        uses: Mapping[Endpoint, list[int]],
    ) -> None:
        self.step = step
        self.names = names
        self.attributes = attributes
        self.uses = uses
        self.split = [_split_assignment(line) for line in step.emit.forward.strip().splitlines()]

    def kept(self) -> list[tuple[str, str]]:
        """The statements that something needs, backwards from what is used outside."""
        needed = {port for port in self.step.types if (self.step.node, port) in self.uses}
        kept = []
        for left, right in reversed(self.split):
            targets = _placeholders(left)
            if not targets or targets & needed:
                kept.append((left, right))
                needed |= _placeholders(right)
        self.needed = needed
        return kept[::-1]

    def name_outputs(
        self, number: int, holder: tuple[Endpoint, int] | None
    ) -> tuple[Endpoint, int] | None:
        """Chooses a variable for each output; `x` for a value that only the next steps need."""
        kept = self.kept()
        read_later = set()
        for _, right in kept[1:]:
            read_later |= _placeholders(right)
        x_is_read_later = any(
            self.names.of.get(end) == "x"
            for port, ends in self.step.inputs.items()
            if port in read_later
            for end in ends
        )
        several = len(self.step.types) > 1
        for port in self.step.types:
            endpoint = (self.step.node, port)
            if endpoint in self.names.reserved:
                self.names.of[endpoint] = self.names.reserved[endpoint]
                continue
            readers = self.uses.get(endpoint, [])
            x_is_free = holder is None or holder[1] <= number
            if len(readers) == 1 and x_is_free and not x_is_read_later:
                self.names.of[endpoint] = "x"
                holder = (endpoint, readers[0])
            elif endpoint in self.uses or port in self.needed:
                wanted = f"{self.step.name}_{port}" if several else self.step.name
                self.names.of[endpoint] = self._fresh(wanted)
        return holder

    def _fresh(self, wanted: str) -> str:
        name = unique(wanted, self.names.taken)
        self.names.taken.add(name)
        return name

    def statements(self) -> list[tuple[str, str]]:
        """The statements, with names filled in, and the shape of what each gives."""
        values: dict[str, object] = {
            name: f"self.{attribute}" for name, attribute in self.attributes.items()
        }
        for name, value in self.step.emit.values.items():
            values[name] = literal(value)
        for port, ends in self.step.inputs.items():
            found = [self.names.of[end] for end in ends]
            values[port] = _Many(found) if port in self.step.many else found[0]
        for port in self.step.types:
            values[port] = self.names.of.get((self.step.node, port), "_")
        lines = []
        for left, right in self.kept():
            for name in sorted(_placeholders(left)):
                if name.startswith("_") and name not in values:
                    values[name] = self._fresh(f"{self.step.name}{name}")
            text = f"{left} = {right}" if left else right
            line = string.Formatter().vformat(text, (), values)
            lines.append((line.replace("(_, _) = ", "_ = "), self._shape(left)))
        return lines

    def _shape(self, left: str) -> str:
        """The type of the first output among these targets that something reads."""
        targets = _placeholders(left)
        types = self.step.types.items()
        node = self.step.node
        return next((str(t) for p, t in types if p in targets and (node, p) in self.uses), "")


class _Many(list[str]):
    """The values at a many port: joined by commas, or one by its number."""

    def __format__(self, spec: str) -> str:
        return ", ".join(self)

    def __str__(self) -> str:
        return ", ".join(self)


def _split_assignment(line: str) -> tuple[str, str]:
    """The targets and the expression of `targets = expression`."""
    left, equals, right = line.strip().partition(" = ")
    return (left, right) if equals else ("", left)


def _placeholders(text: str) -> set[str]:
    """The names in braces, without indices."""
    parsed = string.Formatter().parse(text)
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in parsed if name}
