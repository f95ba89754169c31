"""Prints one class: what it takes, its modules, and what it does with them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from backends.pytorch.paths import Attributes
from backends.pytorch.statements import Line, Names, Statement, laid_out, statements_of, uses_of
from backends.pytorch.text import (
    FREEZING,
    WIDTH,
    call,
    docstring_text,
    item,
    literal,
    one_line,
    opened,
    statement,
)
from graph.block import Call
from graph.lower import Feed
from graph.model import NodeId
from graph.names import unique
from graph.program import ModuleClass, Step

LONGEST_SUMMARY = 76


def attributes_of(module: ModuleClass) -> dict[NodeId, dict[str, str]]:
    """The attribute of each module: the block's name, with the module's where it has several.

    In a chain it is a number, and of shared modules that of the block that they belong to.
    """
    taken: set[str] = set(module.kept)
    found: dict[NodeId, dict[str, str]] = {}
    for number, step in enumerate(module.body):
        several = len(step.emit.modules) > 1
        found[step.node] = {}
        for name in step.emit.modules if not step.shares else ():
            wanted = f"{step.name}_{name}" if several else step.name
            attribute = str(number) if module.is_chain else unique(wanted, taken)
            taken.add(attribute)
            found[step.node][name] = attribute
    for step in module.body:
        if step.shares:
            found[step.node] = found.get(step.shares, {})
    return found


def class_lines(
    module: ModuleClass, attributes: Attributes, gaps: Sequence[tuple[NodeId, str]] = ()
) -> list[Line]:
    """The lines of a class and the block that each is of."""
    base = "nn.Sequential" if module.is_chain else "nn.Module"
    lines: list[Line] = [(f"class {module.name}({base}):", None)]
    lines += [(f"    {line}" if line else "", None) for line in _docstring(module)]
    if module.is_chain:
        return [*lines, ("", None), *_init_head(module), *_chain(module)]
    made: list[Line] = [(f"        self.{name} = {name}", None) for name in module.kept]
    made += _modules(module.body, attributes)
    if made:
        lines += [("", None), *_init_head(module), ("        super().__init__()", None), *made]
    return [*lines, ("", None), *_forward(module, attributes, gaps)]


def _chain(module: ModuleClass) -> list[Line]:
    lines: list[Line] = [("        super().__init__(", None)]
    for step in module.body:
        (made,) = step.emit.modules.values()
        assert isinstance(made, Call)
        lines += [(line, step.node) for line in item(_made(made, step), 12)]
    return [*lines, ("        )", None)]


def _modules(steps: Iterable[Step], attributes: Attributes) -> list[Line]:
    lines: list[Line] = []
    for step in steps:
        for name, attribute in attributes[step.node].items() if not step.shares else ():
            made = step.emit.modules[name]
            assert isinstance(made, Call)
            text = f"self.{attribute} = {_made(made, step)}"
            lines += [(line, step.node) for line in statement(text, 8)]
    return lines


def _made(made: Call, step: Step) -> str:
    """The text that makes a module; what is frozen is told so at once, and all inside it."""
    text = f"{call(made.target, made)}{FREEZING if step.frozen else ''}"
    how = step.tuned
    if how.function is None:
        return text
    given = [text] if how.argument is None else [text, literal(how.argument)]
    return f"{how.function.name}({', '.join(given)})"


def _init_head(module: ModuleClass) -> list[Line]:
    given = [
        f"{each.name}: {each.type}"
        + (f" = {literal(each.default)}" if each.default is not None else "")
        for each in module.arguments
    ]
    return [(line, None) for line in _head("__init__", given, "None")]


def _head(name: str, given: Sequence[str], answer: str) -> list[str]:
    """The head of a method, on one line or with an argument a line."""
    line = f"    def {name}({', '.join(['self', *given])}) -> {answer}:"
    if len(line) <= WIDTH:
        return [line]
    each = [f"        {text}," for text in ("self", *given)]
    end = f"    ) -> {answer}:"
    if len(end) <= WIDTH:
        return [f"    def {name}(", *each, end]
    kind, _, items = answer.removesuffix("]").partition("[")
    parts = [f"        {text}," for text in items.split(", ")]
    return [f"    def {name}(", *each, f"    ) -> {kind}[", *parts, "    ]:"]


def _forward(
    module: ModuleClass, attributes: Attributes, gaps: Sequence[tuple[NodeId, str]]
) -> list[Line]:
    returns = module.returns
    answer = "Tensor" if len(returns) == 1 else _tuple_of("Tensor", len(returns))
    head = _head("forward", [f"{feed.name}: Tensor" for feed in module.inputs], answer)
    lines = _of_feeds(head, module.inputs)
    names = Names(
        {(feed.node, "y"): feed.name for feed in module.inputs},
        {feed.name for feed in module.inputs} | {"self", "x", "_"},
        {result.endpoint: result.name for result in reversed(returns)},
        running=all(result.name != "x" for result in returns),
    )
    names.taken |= set(names.reserved.values())
    body = statements_of(module.body, names, attributes, uses_of(module.body, returns))
    if not gaps and _ends_in_answer(body, module, names):
        last, node, type_ = body[-1]
        answered = f"return {last.partition(' = ')[2]}"
        return lines + laid_out([*body[:-1], (answered, node, type_)], 8)
    lines += laid_out(body, 8)
    lines += [(f"        # {one_line(text)[:120]}", node) for node, text in gaps if text]
    values = [names.of[result.endpoint] for result in returns]
    returned = ", ".join(values) if values else "None"
    return lines + [(line, None) for line in statement(f"return {returned}", 8)]


def _of_feeds(head: list[str], inputs: Sequence[Feed]) -> list[Line]:
    """The lines of a signature and the Inputs that they name."""
    if len(head) == 1:
        return [(head[0], inputs[0].node if len(inputs) == 1 else None)]
    nodes = [None, None, *(feed.node for feed in inputs)]
    return list(zip_longest(head, nodes))


def _ends_in_answer(body: list[Statement], module: ModuleClass, names: Names) -> bool:
    """Whether the last statement makes just what is returned."""
    if len(module.returns) != 1 or not body:
        return False
    return body[-1][0].startswith(f"{names.of[module.returns[0].endpoint]} = ")


def _tuple_of(name: str, count: int) -> str:
    return f"tuple[{', '.join([name] * count)}]" if count else "None"


def _docstring(module: ModuleClass) -> list[str]:
    taken = ", ".join(f"{feed.name} {feed.type}" for feed in module.inputs) or "nothing"
    answers = ", ".join(f"{result.name} {result.type}" for result in module.returns) or "nothing"
    about = textwrap.wrap(
        docstring_text(one_line(module.about)).rstrip("."), LONGEST_SUMMARY, break_long_words=False
    )
    line = f"{taken} -> {answers}"
    is_short = len(line) <= LONGEST_SUMMARY
    if is_short and not about:
        return [f'"""{line}."""']
    if is_short:
        return [*_summary(about), "", f"{line}.", '"""']
    given = [f"    {feed.name}: {feed.type}" for feed in module.inputs]
    returned = [f"    {result.name}: {result.type}" for result in module.returns]
    return [
        *_summary(about or ["The network"]),
        "",
        "Args:",
        *given,
        "",
        "Returns:",
        *returned,
        '"""',
    ]


def _summary(lines: list[str]) -> list[str]:
    *first, last = lines
    return [
        opened(line) if not number else line for number, line in enumerate([*first, f"{last}."])
    ]
