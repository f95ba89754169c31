"""How a parameter's value is written in a field, and what a step of it is."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from graph.params import Expr, Param, Plain, Value
from graph.problems import UserError
from graph.spaces import NUMBERS, is_space

SIZES = ("size2", "size3")


def text_of(param: Param, value: object) -> str:
    """The text that a field shows for a value; `Param.parse` reads it back."""
    if isinstance(value, Expr):
        return value.text
    if isinstance(value, (tuple, list)):
        return ("×" if param.kind in SIZES else ", ").join(str(number) for number in value)
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def value_of(param: Param, text: str, variables: Mapping[str, Plain]) -> Value:
    """The value that a person typed, found to be acceptable with these variables.

    Raises:
        UserError: it is refused; the text says what would be right.
    """
    if not text.strip() and param.kind in ("int", "float"):
        raise param.wrong("", "a number")
    value = param.parse(text)
    param.resolve(value, variables)
    return value


def means_choices(param: Param, text: str) -> bool:
    """Whether a person typed a set or a range, right or wrong, in place of one number."""
    return param.kind in NUMBERS and is_space(text)


def error_of(param: Param, value: object, variables: Mapping[str, Plain]) -> str:
    """Why a stored value is refused; empty where it is accepted."""
    try:
        param.resolve(value, variables)
    except UserError as error:
        return str(error)
    return ""


def stepped(
    param: Param, value: Value, steps: int, *, coarse: bool, fine: bool = False, at: int = 0
) -> Plain | None:
    """The value some steps up or down, within its bounds; None where it cannot step.

    Args:
        coarse: whether steps are ten times larger.
        fine: whether those of a number with decimals are ten times smaller.
        at: which of several numbers to step; equal numbers of a size go together.
    """
    if isinstance(value, (Expr, bool, str)):
        return None
    if isinstance(value, tuple):
        if not value:
            return None
        together = param.kind in SIZES and len(set(value)) == 1
        chosen = set(range(len(value))) if together else {min(at, len(value) - 1)}
        by = steps * (10 if coarse else 1)
        moved = (n + by if place in chosen else n for place, n in enumerate(value))
        return tuple(int(_within(param, n, was)) for n, was in zip(moved, value, strict=True))
    if param.kind == "int":
        return int(_within(param, value + steps * (10 if coarse else 1), value))
    return _within(param, _stepped_float(float(value), steps, coarse, fine), float(value))


def number_at(text: str, cursor: int) -> int:
    """Which of the numbers in a text the cursor stands in or behind, counted from 0."""
    starts = [match.start() for match in re.finditer(r"-?\d+", text)]
    return max(sum(start <= cursor for start in starts) - 1, 0)


def _stepped_float(value: float, steps: int, coarse: bool, fine: bool) -> float:
    for _ in range(abs(steps)):
        value = _one_step(value, 1 if steps > 0 else -1, coarse, fine)
    return value


def _one_step(value: float, sign: int, coarse: bool, fine: bool) -> float:
    if coarse:
        return value * 10.0**sign if value else sign * 0.1
    if not value:
        return sign * (0.01 if fine else 0.1)
    # towards zero, 0.001 steps by the digit below it: 0.0009
    shrinking = (value > 0) != (sign > 0)
    power = math.floor(math.log10(abs(value) * (0.999 if shrinking else 1.0)) + 1e-9) - fine
    moved = value + sign * 10.0**power
    return float(f"{moved:.12g}")


def _within(param: Param, number: float, before: float) -> float:
    low = param.ge if param.ge is not None else -math.inf
    high = param.le if param.le is not None else math.inf
    kept = min(max(number, low), high)
    return before if param.gt is not None and kept <= param.gt else kept
