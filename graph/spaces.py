"""What a search may choose from: a set of values, or a range of numbers."""

from __future__ import annotations

import math
import random
import re
from dataclasses import dataclass

from graph.declared import Param
from graph.model import DEFINED
from graph.params import Expr, Value
from graph.problems import UserError

NUMBERS = ("int", "float", "size2", "size3", "ints")
MOST_CHOICES = 1000
RANGE = re.compile(r"(?P<low>\S+?)\s*\.\.\s*(?P<high>\S+)(?P<rest>(\s+(log|step\s+\S+))*)")
# What stands between commas; those in brackets and quotes count as text.
PART = re.compile(r"""(?:"[^"]*"|\([^()]*\)|\[[^\[\]]*\]|[^,])+""")
HOW = "write a set such as {32, 64, 128}, or a range such as 1e-4..1e-1 log"


@dataclass(frozen=True)
class Choices:
    """One of several values."""

    values: tuple[Value, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.values)

    def draw(self, source: random.Random) -> Value:
        """One of them, by chance."""
        return source.choice(self.values)

    def __str__(self) -> str:
        return "{" + ", ".join(map(value_text, self.values)) + "}"


@dataclass(frozen=True)
class Span:
    """A number between two others, both included.

    Attributes:
        is_log: whether each factor is as likely as another, and not each difference.
        step: how far apart the numbers are; 0 where any number between them will do.
    """

    low: float
    high: float
    is_log: bool = False
    is_whole: bool = False
    step: float = 0.0

    @property
    def count(self) -> int | None:
        """How many numbers there are; None where they are without end."""
        return int((self.high - self.low) / self.step + 1e-9) + 1 if self.step else None

    def draw(self, source: random.Random) -> Value:
        """One of them, by chance."""
        if self.is_log:
            number = math.exp(source.uniform(math.log(self.low), math.log(self.high)))
            return self._within(round(number) if self.is_whole else number)
        if self.step:
            return self._within(self.low + self.step * source.randrange(self.count or 1))
        return self._within(source.uniform(self.low, self.high))

    def _within(self, number: float) -> float:
        number = min(max(number, self.low), self.high)
        return int(number) if self.is_whole else number

    def __str__(self) -> str:
        is_plain = self.step == (1 if self.is_whole else 0)
        return (
            f"{value_text(self.low)}..{value_text(self.high)}"
            + (" log" if self.is_log else "")
            + ("" if is_plain else f" step {value_text(self.step)}")
        )


Space = Choices | Span


def value_text(value: Value) -> str:
    """A value as a person writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}" if float(f"{value:.6g}") == value else repr(value)
    if isinstance(value, tuple):
        return "x".join(map(str, value)) if len(value) > 1 else f"({', '.join(map(str, value))},)"
    text = value.text if isinstance(value, Expr) else str(value).removeprefix(DEFINED)
    is_bare = text.strip() and (isinstance(value, Expr) or not re.search(r"[,()\[\]]", text))
    return text if is_bare else f'"{text}"'


def is_space(text: str) -> bool:
    """Whether a text means a set or a range, right or wrong, and no single value."""
    text = text.strip()
    return text.startswith("{") or ".." in text


def parse_space(text: str, declared: Param) -> Space:
    """The space that a person wrote for a parameter.

    Raises:
        UserError: it is none, or holds what the parameter refuses.
    """
    text = text.strip()
    if text.startswith("{") and text.endswith("}"):
        return parse_choices(text, declared.title, declared.parse)
    found = RANGE.fullmatch(text)
    if found is None:
        raise UserError(f"“{text[:60]}” is no choice of {declared.title.lower()}: {HOW}.")
    if declared.kind not in NUMBERS:
        raise UserError(f"{declared.title} is no number, so it takes a set in {{}}, not a range.")
    return _parsed_span(declared, found)


def parse_choices(text: str, title: str, parse: object) -> Choices:
    """The set that a person wrote.

    Args:
        parse: what reads one of its values.

    Raises:
        UserError: it is empty, too large, or holds what is refused.
    """
    assert callable(parse)
    parts = [part.strip() for part in PART.findall(text[1:-1])]
    parts = [part for part in parts if part]
    if not parts:
        raise UserError(f"The set of {title.lower()} is empty: {HOW}.")
    if len(parts) > MOST_CHOICES:
        raise UserError(
            f"A set may have {MOST_CHOICES} values; that of {title.lower()} has {len(parts)}."
        )
    return Choices(tuple(dict.fromkeys(parse(_unquoted(part)) for part in parts)))


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _parsed_span(declared: Param, found: re.Match[str]) -> Span:
    is_whole = declared.kind != "float"
    low, high = (_number(declared, found[name], is_whole) for name in ("low", "high"))
    for number in (low, high):
        declared.check(int(number) if is_whole else number)
    words = found["rest"].split()
    is_log = "log" in words
    step = 1.0 if is_whole else 0.0
    if "step" in words:
        step = _number(declared, words[words.index("step") + 1], is_whole)
    if low >= high:
        raise UserError(
            f"The range of {declared.title.lower()} must go upwards, but it goes from "
            f"{value_text(low)} to {value_text(high)}."
        )
    if "step" in words and (is_log or not 0 < step <= high - low):
        why = "a logarithmic range has none" if is_log else f"it is {value_text(step)}"
        raise UserError(
            f"The step of {declared.title.lower()} must be above 0 and fit into the range: {why}."
        )
    if is_log and low <= 0:
        raise UserError(
            f"The range of {declared.title.lower()} is logarithmic, so it must begin above 0; "
            f"it begins at {value_text(low)}."
        )
    if is_whole:
        return Span(int(low), int(high), is_log, True, int(step))
    return Span(low, high, is_log, False, step)


def _number(declared: Param, text: str, is_whole: bool) -> float:
    try:
        number = float(text)
        if math.isfinite(number) and (number == int(number) or not is_whole):
            return number
    except ValueError:
        pass
    wanted = "whole numbers" if is_whole else "numbers"
    raise UserError(
        f"The range of {declared.title.lower()} takes {wanted}, but “{text[:60]}” is none: {HOW}."
    )
