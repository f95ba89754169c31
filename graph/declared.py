"""One declared parameter: which values it takes, and how it reads what a person types."""

from __future__ import annotations

import math
import re
import reprlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graph.expressions import Expr, calculate, names_in
from graph.problems import UserError

Size2 = tuple[int, int]
Size3 = tuple[int, int, int]
Ints = tuple[int, ...]

Plain = bool | int | float | str | tuple[int, ...]
Value = Plain | Expr

# Files may hold values of any length and depth, which no message should.
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60

_LENGTH_OF: Mapping[str, int] = {"size2": 2, "size3": 3}


@dataclass(frozen=True)
class Param:
    """One declared parameter.

    Attributes:
        kind: `int`, `float`, `bool`, `choice`, `text`, `size2`, `size3` or `ints`.
        ge, le, gt: bounds of every number in the value; gt excludes the bound itself.
        unit: what the number counts, such as `px`, shown behind the field.
        show_if: whether the form shows it, given the other values; a hidden one keeps its value.
        was: earlier names, so that old files keep their values.
        widget: a wish to the form, such as `slider`, `file` or `folder`; a form may ignore it.
        empty: what an empty text stands for, such as `all columns`; shown in the empty field.
    """

    name: str
    kind: str
    default: Plain
    title: str
    help: str
    unit: str = ""
    ge: float | None = None
    le: float | None = None
    gt: float | None = None
    choices: tuple[str, ...] = ()
    show_if: Callable[[Any], bool] | None = (
        None  # Any: receives the form, whose class it is part of
    )
    was: tuple[str, ...] = ()
    widget: str = ""
    empty: str = ""

    def check(self, value: object) -> Plain:
        """The value in its normal form.

        Raises:
            UserError: it has the wrong kind or is out of bounds; the text says what would be right.
        """
        plain = _CHECKS[self.kind](self, value)
        for number in plain if isinstance(plain, tuple) else (plain,):
            if isinstance(number, (int, float)) and not isinstance(number, bool):
                self._check_bounds(number)
        return plain

    def _check_bounds(self, number: float) -> None:
        if self.ge is not None and number < self.ge:
            raise self.wrong(number, f"at least {self.ge:g}")
        if self.gt is not None and number <= self.gt:
            raise self.wrong(number, f"more than {self.gt:g}")
        if self.le is not None and number > self.le:
            raise self.wrong(number, f"at most {self.le:g}")

    def wrong(self, value: object, wanted: str) -> UserError:
        """The error that says what was received and what would be right."""
        shown = value if isinstance(value, float) else _SHORT.repr(value)
        return UserError(f"{self.title} must be {wanted}, but is {shown}.")

    def parse(self, text: str) -> Value:
        """The value a person typed: a literal, or arithmetic such as `4 * 16` or `2 * width`.

        Raises:
            UserError: the text is neither.
        """
        text = text.strip()
        if self.kind in ("text", "choice"):
            return self.check(text)
        if self.kind == "bool":
            return self.check({"true": True, "false": False}.get(text.lower(), text))
        if self.kind in ("int", "float"):
            return self._parsed(Expr(text))
        if self.kind in ("size2", "size3", "ints") and re.search(r"[A-Za-wyz_*+]", text):
            return self._parsed(Expr(text))
        numbers = [int(n) for n in re.findall(r"-?\d+", text)]
        if not re.fullmatch(r"[\s\d,x×()\[\]-]*", text):
            raise self.wrong(text, "whole numbers separated by commas")
        return self.check(tuple(numbers))

    def _parsed(self, expr: Expr) -> Value:
        """Arithmetic as it is written, or the number it comes to where it names no variable."""
        return expr if names_in(expr.text) else self.check(self._number(calculate(expr, {})))

    def _number(self, value: float) -> float:
        return int(value) if self.kind != "float" and value == int(value) else value

    def accepts(self, expr: Expr) -> bool:
        """Whether the value may be calculated so: numbers by arithmetic, others by a mere name."""
        names_in(expr.text)
        return self.kind not in ("text", "choice", "bool") or expr.text.strip().isidentifier()

    def resolve(self, value: object, variables: Mapping[str, object]) -> Plain:
        """The value with expressions worked out and bounds checked.

        Raises:
            UserError: an unknown variable, bad arithmetic, or a result out of bounds.
        """
        if isinstance(value, Expr):
            name = value.text.strip()
            if name in variables and not isinstance(variables[name], (int, float)):
                return self.check(variables[name])
            if not self.accepts(value):
                raise self.wrong(value.text, "written out, not calculated")
            if self.kind == "bool" and name in variables:
                return self.check(variables[name])
            return self.check(self._number(calculate(value, variables)))
        return self.check(value)


def _check_int(param: Param, value: object) -> Plain:
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise param.wrong(value, "a whole number")
    if abs(value) >= 1 << 63:
        raise param.wrong(value, "a number below 2^63")
    return value


def _check_float(param: Param, value: object) -> Plain:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise param.wrong(value, "a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise param.wrong(value, "a finite number")
    return number


def _check_bool(param: Param, value: object) -> Plain:
    if not isinstance(value, bool):
        raise param.wrong(value, "on or off")
    return value


def _check_text(param: Param, value: object) -> Plain:
    if not isinstance(value, str):
        raise param.wrong(value, "text")
    return value


def _check_choice(param: Param, value: object) -> Plain:
    if value not in param.choices or not isinstance(value, str):
        raise param.wrong(value, "one of " + ", ".join(param.choices))
    return value


def _check_ints(param: Param, value: object) -> Plain:
    length = _LENGTH_OF.get(param.kind)
    wanted = f"{length} whole numbers" if length else "a list of whole numbers"
    if isinstance(value, int) and not isinstance(value, bool):
        value = (value,) * (length or 1)
    if not isinstance(value, (tuple, list)):
        raise param.wrong(value, wanted)
    if length and len(value) == 1:
        value = tuple(value) * length
    if length and len(value) != length:
        raise param.wrong(tuple(value), wanted)
    if any(isinstance(n, bool) or not isinstance(n, int) or abs(n) >= 1 << 63 for n in value):
        raise param.wrong(tuple(value), wanted)
    return tuple(value)


_CHECKS: Mapping[str, Callable[[Param, object], Plain]] = {
    "int": _check_int,
    "float": _check_float,
    "bool": _check_bool,
    "text": _check_text,
    "choice": _check_choice,
    "size2": _check_ints,
    "size3": _check_ints,
    "ints": _check_ints,
}


KINDS: frozenset[str] = frozenset(_CHECKS)
