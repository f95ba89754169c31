"""Arithmetic over the variables of a drawing, written by people and by files."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from graph.problems import UserError


@dataclass(frozen=True, slots=True)
class Expr:
    """A number written as arithmetic over the drawing's variables, such as `4 * width`."""

    text: str

    def __str__(self) -> str:
        return self.text


_OPERATORS: Mapping[type, Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
    ast.Pow: lambda a, b: _power(a, b),
}
INDEX = "i"
"""What counts the times of a repeat, from 0."""
LONGEST_EXPRESSION = 200


def _power(base: float, exponent: float) -> float:
    if abs(exponent) > 64 or abs(base) > 1e6:
        raise OverflowError
    if base < 0 and exponent != int(exponent):
        raise UserError(f"{base:g} ** {exponent:g} is a root of a negative number.")
    return float(base**exponent) if exponent < 0 else base**exponent


@lru_cache(maxsize=1024)
def _tree(text: str) -> ast.expr:
    if len(text) > LONGEST_EXPRESSION:
        raise UserError(
            f"An expression may have {LONGEST_EXPRESSION} characters; this has {len(text)}."
        )
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UserError(
            f"“{text}” is not arithmetic; write a number, or for example 4 * width."
        ) from None


def names_in(text: str) -> set[str]:
    """The variables an expression uses.

    Raises:
        UserError: the text is not arithmetic.
    """
    return {node.id for node in ast.walk(_tree(text)) if isinstance(node, ast.Name)}


def calculate(expr: Expr, variables: Mapping[str, object]) -> float:
    """The number an expression stands for: + - * / // % ** and brackets over variables.

    Raises:
        UserError: an unknown variable, a division by zero, or anything but arithmetic.
    """
    try:
        number = _calculate(_tree(expr.text), expr.text, variables)
        if not math.isfinite(number):
            raise OverflowError
    except ZeroDivisionError:
        raise UserError(f"“{expr.text}” divides by zero.") from None
    except OverflowError:
        raise UserError(f"“{expr.text}” is too large a number.") from None
    return number


def _number(name: str, value: object, text: str) -> float:
    if isinstance(value, (bool, int, float)):
        return value
    raise UserError(f"“{text}” calculates with {name}, which is {value!r} and no number.")


def _calculate(node: ast.expr, text: str, variables: Mapping[str, object]) -> float:
    match node:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name):
            if name in variables:
                return _number(name, variables[name], text)
            known = ", ".join(sorted(variables)) or "none are defined"
            raise UserError(
                f"“{text}” uses {name}, which is no variable of this drawing ({known})."
            )
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_calculate(operand, text, variables)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _calculate(operand, text, variables)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            operate = _OPERATORS[type(op)]
            return operate(_calculate(left, text, variables), _calculate(right, text, variables))
    raise UserError(f"“{text}” is not arithmetic; write a number, or for example 4 * width.")


_SIGNS: Mapping[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
}  # fmt: skip
_SUM, _PRODUCT, _MINUS, _POWER, _ATOM = range(5)


def tidied(text: str) -> str:
    """An expression as formatters write it, such as `2**i` and `1 + i * i`.

    Raises:
        UserError: the text is not arithmetic.
    """
    return _code(_tree(text), text)[0]


def _code(node: ast.expr, text: str) -> tuple[str, int]:
    """The text of a part of an expression, and how strongly it holds together."""

    def within(part: ast.expr, least: int) -> str:
        found, strength = _code(part, text)
        return found if strength >= least else f"({found})"

    match node:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as number) if math.isfinite(number):
            return repr(number).replace("e+", "e"), _ATOM
        case ast.Name(id=name):
            return name, _ATOM
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _code(operand, text)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            while isinstance(operand, ast.UnaryOp) and isinstance(operand.op, ast.UAdd):
                operand = operand.operand
            if isinstance(operand, ast.UnaryOp) and isinstance(operand.op, ast.USub):
                return _code(operand.operand, text)
            return f"-{within(operand, _ATOM)}", _MINUS
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            base = within(left, _ATOM)
            exponent, strength = _code(right, text)
            exponent = exponent if strength in (_MINUS, _ATOM) else f"({exponent})"
            sign = " ** " if "(" in base + exponent else "**"
            return f"{base}{sign}{exponent}", _POWER
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
            own = _SUM if isinstance(op, (ast.Add, ast.Sub)) else _PRODUCT
            return f"{within(left, own)} {_SIGNS[type(op)]} {within(right, own + 1)}", own
    raise UserError(f"“{text}” is not arithmetic; write a number, or for example 4 * width.")
