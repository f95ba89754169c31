"""Expressions with names replaced by values or by other expressions."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from graph.expressions import LONGEST_EXPRESSION, names_in
from graph.model import Node
from graph.params import Expr, Param, Value
from graph.problems import UserError
from graph.repeat import COUNT, INDEX


def names_of(node: Node) -> set[str]:
    """The names that a block calculates with, without the index of its own repeat."""
    found: set[str] = set()
    for value in node.params.values():
        found |= _names(value)
    if node.repeat:
        found = (found - {INDEX}) | _names(node.repeat.count)
    return found


def put_in(node: Node, values: Mapping[str, Value], params: Mapping[str, Param]) -> Node:
    """The block with names in its expressions replaced; what names nothing more is worked out.

    Args:
        params: the declared parameters of its kind.
    """
    if not names_of(node) & values.keys():
        return node
    inner = {key: v for key, v in values.items() if key != INDEX} if node.repeat else values
    found = {key: replaced(value, inner, params.get(key)) for key, value in node.params.items()}
    kept = {key: v for key, v in found.items() if key not in params or v != params[key].default}
    if node.repeat is None:
        return replace(node, params=kept)
    count = replaced(node.repeat.count, values, COUNT)
    return replace(node, params=kept, repeat=replace(node.repeat, count=count))


def without_index(node: Node, index: int, params: Mapping[str, Param]) -> Node:
    """The block as it is at one time of its repeat, which it no longer has."""
    return put_in(replace(node, repeat=None), {INDEX: index}, params)


def replaced(value: Value, values: Mapping[str, Value], declared: Param | None) -> Value:
    """A value with names in it replaced; a number where no names are left.

    Raises:
        UserError: the expression becomes too long, or calculates with what is no number.
    """
    if not isinstance(value, Expr) or not _names(value) & values.keys():
        return value
    whole = value.text.strip()
    if whole in values:
        return values[whole]
    tree = _Substitution(values, value.text).visit(ast.parse(whole, mode="eval"))
    text = ast.unparse(tree)
    if len(text) > LONGEST_EXPRESSION:
        raise UserError(
            f"“{value.text}” would become an expression of {len(text)} characters; "
            f"{LONGEST_EXPRESSION} are the most."
        )
    result = Expr(text)
    if declared is None or names_in(text):
        return result
    try:
        return declared.resolve(result, {})
    except UserError:
        return result


def _names(value: Value) -> set[str]:
    if not isinstance(value, Expr):
        return set()
    try:
        return names_in(value.text)
    except UserError:
        return set()


class _Substitution(ast.NodeTransformer):
    def __init__(self, values: Mapping[str, Value], text: str) -> None:
        self._values = values
        self._text = text

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Puts the value in the place of a name."""
        if node.id not in self._values:
            return node
        value = self._values[node.id]
        if isinstance(value, (bool, int, float)):
            number = ast.Constant(abs(value))
            return ast.UnaryOp(ast.USub(), number) if value < 0 else number
        if isinstance(value, Expr):
            return ast.parse(value.text.strip(), mode="eval").body
        raise UserError(f"“{self._text}” calculates with {node.id}, which is {value!r}.")
