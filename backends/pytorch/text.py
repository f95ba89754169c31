"""Python text: literals, calls, and statements broken as black breaks them."""

from __future__ import annotations

import math
import re

from graph.block import Argument, Call
from graph.problems import Refusal
from graph.tensor import Sym

WIDTH = 88
_SAFE_TEXT = re.compile(r"[\w ,.:;>()+*/-]*", re.ASCII)


def literal(value: Argument) -> str:
    """The text of a literal or a call.

    Raises:
        Refusal: a symbolic size stands where torch needs a number.
        ValueError: a block asks for something that is no literal.
    """
    if isinstance(value, Call):
        return call(value.target, value)
    if isinstance(value, Sym):
        raise Refusal(f"needs a number where its input has the open size {value}")
    if value is None or type(value) is bool or type(value) is int:
        return repr(value)
    if type(value) is float:
        return repr(value) if math.isfinite(value) else f'float("{value}")'
    if type(value) is str and _SAFE_TEXT.fullmatch(value):
        return f'"{value}"'
    if type(value) is tuple:
        items = ", ".join(literal(item) for item in value)
        return f"({items},)" if len(value) == 1 else f"({items})"
    raise ValueError(f"{value!r} cannot be written as a literal")


def call(head: str, made: Call) -> str:
    """The text of a call of `head` with the arguments of `made`."""
    words = [literal(value) for value in made.args]
    words += [f"{name}={literal(value)}" for name, value in made.kwargs.items()]
    return f"{head}({', '.join(words)})"


def one_line(text: str) -> str:
    """A text fit for a comment: one line of printable characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def docstring_text(text: str) -> str:
    """A text fit for a docstring: no quotes or escapes that could end it."""
    lines = [one_line(line) for line in text.splitlines()]
    return "\n".join(lines).replace("\\", "/").replace('"""', "'''").rstrip('"').strip()


def statement(text: str, indent: int, comment: str = "") -> list[str]:
    """The lines of a statement, broken as black breaks it where it is too long.

    A comment goes behind it where there is room.
    """
    line = " " * indent + text
    if len(line) <= WIDTH:
        with_comment = f"{line}  # {comment}"
        return [with_comment if comment and len(with_comment) <= WIDTH else line]
    opening = _last_bracket(text)
    if opening is None:
        return [line]
    head, inside, tail = text[: opening + 1], text[opening + 1 : -1], text[-1]
    body = " " * (indent + 4) + inside
    if len(body) <= WIDTH:
        return [" " * indent + head, body, " " * indent + tail]
    items = [broken for item in _split(inside) for broken in statement_item(item, indent + 4)]
    return [" " * indent + head, *items, " " * indent + tail]


def statement_item(item: str, indent: int) -> list[str]:
    """One argument on lines of its own, with the comma behind it."""
    lines = statement(item, indent)
    return [*lines[:-1], lines[-1] + ","]


def _last_bracket(text: str) -> int | None:
    """Where the bracket opens that closes at the end of the text."""
    if not text or text[-1] not in ")]":
        return None
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        depth += (text[index] in ")]}") - (text[index] in "([{")
        if depth == 0:
            return index if index < len(text) - 2 else None
    return None


def _split(text: str) -> list[str]:
    """A text at its outermost commas."""
    parts, depth, start = [], 0, 0
    for index, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            parts.append(text[start:index].strip())
            start = index + 1
    rest = text[start:].strip()
    return [*parts, rest] if rest else parts
