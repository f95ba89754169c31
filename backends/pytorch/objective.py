"""Prints the function that answers what training minimises."""

from __future__ import annotations

import re
from collections.abc import Iterable

from backends.pytorch.statements import (
    Line,
    Names,
    Statement,
    laid_out,
    statements_of,
    uses_of,
)
from backends.pytorch.text import quoted, statement
from graph.lower import Feed, Program, Result
from graph.model import Endpoint
from graph.names import unique
from graph.tensor import show_shape

ONE = "The loss that training minimises, and the metrics beside it."
_LOSS = re.compile(r"F\.\w*(cross_entropy|loss)\w*\([^()]*(\([^()]*\)[^()]*)*\)")
MANY = "The loss of each optimizer, and the metrics beside them."


def objective_lines(program: Program) -> list[Line]:
    """The lines of `objective(model, batch)` and the block that each is of."""
    lines: list[Line] = [
        ("def objective(", None),
        ("    model: nn.Module,", None),
        ("    batch: dict[str, Tensor],", None),
        (f") -> tuple[{'dict[str, Tensor]' if program.trainers else 'Tensor'}, dict[str, Tensor]]:",
         None),
        (f'    """{MANY if program.trainers else ONE}"""', None),
    ]  # fmt: skip
    names = Names({}, {"model", "batch", "_", "loss", "losses"}, running=False)
    given = {feed.node for feed in program.inputs}
    compared = [feed for feed in program.targets if feed.node in given]
    lines += _read_columns(compared, names)
    asked = {e for step in program.objective for ends in step.inputs.values() for e in ends}
    left = []
    for result in program.returns:
        is_news = result.endpoint in asked and result.endpoint not in names.of
        left.append(unique(result.name, names.taken) if is_news else "_")
        if is_news:
            names.taken.add(left[-1])
            names.of[result.endpoint] = left[-1]
    if any(name != "_" for name in left):
        known = {feed.node: names.of[(feed.node, "y")] for feed in compared}
        arguments = ", ".join(
            known.get(feed.node) or f"batch[{quoted(feed.column)}]" for feed in program.inputs
        )
        text = f"{', '.join(left)} = model({arguments})"
        lines += [(line, None) for line in statement(text, 4)]
    lines += _read_columns([feed for feed in program.targets if feed.node not in given], names)
    results = (*program.losses, *program.metrics)
    for result in results:
        names.reserved[result.endpoint] = unique(result.name, names.taken)
        names.taken.add(names.reserved[result.endpoint])
    if len(program.losses) == 1 and not program.trainers:
        names.reserved[program.losses[0].endpoint] = "loss"
    uses = uses_of(program.objective, results)
    lines += laid_out(_counted_once(statements_of(program.objective, names, {}, uses)), 4)
    if program.trainers:
        return lines + _answer_by_trainer(program, names)
    if len(program.losses) > 1:
        total = " + ".join(names.of[result.endpoint] for result in program.losses)
        lines += [(line, None) for line in statement(f"loss = {total}", 4)]
    shown = program.metrics if len(program.losses) == 1 else results
    return lines + [(line, None) for line in statement(f"return loss, {_pairs(shown, names)}", 4)]


def _counted_once(statements: Iterable[Statement]) -> list[Statement]:
    """The statements, with a loss by its name where a later one computes the same again.

    The names of an objective are set once, so the same text has the same value.
    """
    known: dict[str, str] = {}
    found = []
    for text, node, comment in statements:
        left, equals, right = text.partition(" = ")
        for loss, name in known.items():
            right = right.replace(loss, name)
        found.append((f"{left}{equals}{right}", node, comment))
        if _LOSS.fullmatch(right) and left.isidentifier():
            known[right] = left
    return found


def _answer_by_trainer(program: Program, names: Names) -> list[Line]:
    """The loss of each Optimizer, and beside the metrics the losses of which it has several."""
    totals: list[str] = []
    parts: set[Endpoint] = set()
    for trainer in program.trainers:
        total = " + ".join(names.of[end] for end in trainer.losses if end in names.of)
        totals.append(f'"{trainer.name}": {total}')
        parts |= set(trainer.losses if len(trainer.losses) > 1 else ())
    shown = [result for result in program.losses if result.endpoint in parts]
    texts = (
        f"losses = {{{', '.join(totals)}}}",
        f"return losses, {_pairs((*shown, *program.metrics), names)}",
    )
    return [(line, None) for text in texts for line in statement(text, 4)]


def _pairs(results: Iterable[Result], names: Names) -> str:
    pairs = ", ".join(f'"{result.name}": {names.of[result.endpoint]}' for result in results)
    return f"{{{pairs}}}"


def _read_columns(feeds: Iterable[Feed], names: Names) -> list[Line]:
    lines: list[Line] = []
    for feed in feeds:
        name = unique(feed.name, names.taken)
        names.taken.add(name)
        names.of[(feed.node, "y")] = name
        shape = show_shape(feed.type.shape)
        text = f"{name} = batch[{quoted(feed.column)}]"
        lines += [(line, feed.node) for line in statement(text, 4, shape)]
    return lines
