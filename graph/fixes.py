"""Hints of blocks turned into edits with words on their buttons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

from graph import edits, surgery
from graph.block import Block, show_value
from graph.model import Document, Node, NodeId
from graph.params import Expr, Value
from graph.problems import Fix, Hint, Insert, Problem, SetParam, SetUpstream, Severity, UserError
from graph.registry import Registry


def problem_at(
    document: Document,
    id: NodeId,
    code: str,
    text: str,
    *,
    severity: Severity = Severity.ERROR,
    port: str | None = None,
    short: str = "",
    fixes: tuple[Fix, ...] = (),
) -> Problem:
    """A problem of one block; the text goes on where the block's title and name end."""
    words = f"{edits.label(document, id)} {text.rstrip('.')}."
    return Problem(code, words, severity, (id,), port, short, fixes)


def fixes_of(
    document: Document, id: NodeId, hints: Iterable[Hint], registry: Registry
) -> tuple[Fix, ...]:
    """The edits that these hints of a block ask for, as far as they can be made."""
    made = (_fix(document, id, hint, registry) for hint in hints)
    return tuple(fix for fix in made if fix is not None)


def _fix(document: Document, id: NodeId, hint: Hint, registry: Registry) -> Fix | None:
    match hint:
        case Insert(kind, port, params):
            block = registry.find(kind)
            if block is None or not document.graph.edges_into(id, port):
                return None
            detail = " ".join(show(value) for _, value in params)
            label = f"Insert {block.kind.title} {detail}".rstrip()
            return Fix(label, partial(surgery.insert_hinted, target=id, hint=hint))
        case SetParam(name, value):
            return set_fix(document, id, name, value, registry)
        case SetUpstream(port, name, value):
            edges = document.graph.edges_into(id, port)
            return set_fix(document, edges[0].source, name, value, registry) if edges else None


def set_fix(
    document: Document, id: NodeId, name: str, value: Value, registry: Registry
) -> Fix | None:
    """The edit that gives a block's parameter a value; None where it has no such parameter."""
    node = document.graph.nodes.get(id)
    block = registry.of(node) if node else None
    if node is None or block is None or name not in block.params:
        return None
    title = block.params[name].title.lower()
    return Fix(
        f"Set {title} of “{node.name}” to {show(value)}",
        lambda now: edits.set_param(now, [id], name, value, registry),
    )


def show(value: Value) -> str:
    """A value as the words of a button show it."""
    return value.text if isinstance(value, Expr) else show_value(value)


def parameter_problem(document: Document, node: Node, block: type[Block], text: str) -> Problem:
    """A block that cannot be built; each parameter that is refused can be reset."""
    wrong = [
        name
        for name, value in node.params.items()
        if name in block.params and not _is_accepted(block, name, value, document.variables)
    ]
    fixes = tuple(
        Fix(
            f"Reset {block.params[name].title.lower()} to {show_value(block.params[name].default)}",
            partial(_reset, id=node.id, name=name),
        )
        for name in wrong
    )
    return problem_at(document, node.id, "parameter", f"cannot be built: {text}", fixes=fixes)


def _is_accepted(
    block: type[Block], name: str, value: object, variables: Mapping[str, object]
) -> bool:
    try:
        block.params[name].resolve(value, variables)
    except UserError:
        return False
    return True


def _reset(document: Document, id: NodeId, name: str) -> Document:
    node = document.graph.nodes[id]
    params = {key: value for key, value in node.params.items() if key != name}
    return document.with_graph({**document.graph.nodes, id: replace(node, params=params)})
