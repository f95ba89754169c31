"""Python text: literals, calls, and statements broken as black breaks them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise

from graph.block import Argument, Call, Line, Row, Written
from graph.classes import LIST, SEQUENTIAL
from graph.problems import Refusal
from graph.tensor import Sym

FREEZING = ".requires_grad_(False)"
WIDTH = 88  # where brackets are broken; black keeps that at any width
WIDEST = 100  # where the rest is
_SAFE_TEXT = re.compile(r"[\w ,.:;>()+*/-]*", re.ASCII)
_STRING = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
_INDEX = re.compile(r"(?<=\))\[[^\[\]]*\]$")
_ROW = re.compile(r" for \w+ in ")
_SLICED = re.compile(r"\[([^\[\]]*:[^\[\]]*)\]")
_OPERATOR = re.compile(r" (?:[-+*/@<>]|==|//) ")


def literal(value: Argument) -> str:
    """The text of a literal or a call.

    Raises:
        Refusal: a symbolic size stands where torch needs a number.
        ValueError: a block asks for something that is no literal.
    """
    if isinstance(value, Call):
        return call(value.target, value)
    if isinstance(value, Written):
        return value.text
    if isinstance(value, Line):
        return _line(value)
    if isinstance(value, Row):
        return _row(value)
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


def _line(value: Line) -> str:
    start, step = literal(value.start), literal(value.step)
    rise = "i" if step == "1" else f"{_factor(step)} * i"
    if start == "0":
        return rise
    return f"{start} - {rise[1:]}" if rise.startswith("-") else f"{start} + {rise}"


def _factor(text: str) -> str:
    return text if re.fullmatch(r"-?[\w.]+", text) else f"({text})"


def _row(value: Row) -> str:
    over = literal(value.over)
    values = over if isinstance(value.over, tuple) else f"range({over})"
    return f"{literal(value.call)} for {value.index} in {values}"


def _in_row(args: Sequence[Argument]) -> list[Argument]:
    """The arguments of a container: a mere row as it is, one among others unpacked."""
    return [Written(f"*({_row(each)})") if isinstance(each, Row) else each for each in args]


def quoted(text: str) -> str:
    """Any text as a literal, in double quotes where that takes no more escapes."""
    shown = repr(text)
    return f'"{shown[1:-1]}"' if shown[0] == "'" and '"' not in text else shown


def call(head: str, made: Call) -> str:
    """The text of a call of `head` with the arguments of `made`."""
    args: Sequence[Argument] = made.args
    if made.target == SEQUENTIAL:
        args = _in_row(args)
    elif made.target == LIST and (len(args) != 1 or not isinstance(args[0], Row)):
        return f"{head}([{', '.join(map(literal, _in_row(args)))}])"
    words = [literal(value) for value in args]
    words += [f"{name}={literal(value)}" for name, value in made.kwargs.items()]
    return f"{head}({', '.join(words)})"


def one_line(text: str) -> str:
    """A text fit for a comment: one line of printable characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def docstring_text(text: str) -> str:
    """A text fit for a docstring: no quotes or escapes that could end it."""
    lines = [one_line(line) for line in text.splitlines()]
    return "\n".join(lines).replace("\\", "/").replace('"""', "'''").rstrip('"').strip()


def item(text: str, indent: int) -> list[str]:
    """The lines of an item of brackets that stand open, with its comma."""
    lines = statement(text, indent, room=WIDTH - 1)
    return [*lines[:-1], f"{lines[-1]},"]


def statement(text: str, indent: int, comment: str = "", room: int = WIDTH) -> list[str]:
    """The lines of a statement; where it is too long, one item a line with a comma behind it.

    That form is what black makes of it at any width. A comment goes behind it where there is room.
    """
    line = " " * indent + text
    if len(line) <= room:
        with_comment = f"{line}  # {comment}"
        return [with_comment if comment and len(with_comment) <= WIDTH else line]
    text, index = _index_behind_call(text)
    opening = _breakable_bracket(text)
    if opening is None:
        is_tuple = len(_split(_sides(text + index)[1])) > 1
        fits = len(line) <= WIDEST and not is_tuple and index != FREEZING
        return [line] if fits else _in_brackets(text + index, indent)
    head, inside, tail = text[: opening + 1], text[opening + 1 : -1], text[-1] + index
    if indent + len(head) > WIDTH and (sides := _sides(text + index))[1]:
        left, right = sides
        targets = _split(left.removesuffix(" = "))
        if indent + len(left) >= WIDTH and len(targets) > 1:
            parts = [f"{' ' * (indent + 4)}{target}," for target in targets]
            first, *more = statement(f"_ = {right}", indent)
            return [" " * indent + "(", *parts, first.replace("_", ")", 1), *more]
        return [" " * indent + left + "(", *statement(right, indent + 4), " " * indent + ")"]
    lines = [" " * indent + head]
    items = [inside] if _ROW.search(_outermost(_without_strings(inside))) else _split(inside)
    for part in items:
        if _ROW.search(_outermost(_without_strings(part))):
            lines += _row_lines(part, indent + 4) or statement(part, indent + 4)
        elif row := _row_lines(part, indent + 4):
            lines += [*row[:-1], f"{row[-1]},"]
        else:
            lines += item(part, indent + 4)
    return [*lines, " " * indent + tail]


def opened(text: str) -> str:
    """The first line of a docstring; black keeps a quote in it apart from those around it."""
    return f'"""{" " if text.startswith(chr(34)) else ""}{text}'


def spaced(text: str) -> str:
    """The text with slices as black has them where a bound is an attribute: `x[self.start :]`."""
    return _SLICED.sub(lambda found: f"[{', '.join(map(_slice, found[1].split(', ')))}]", text)


def _slice(part: str) -> str:
    if "self." not in part or ":" not in part:
        return part
    text = ""
    for number, bound in enumerate(each.strip() for each in part.split(":")):
        colon = ":" if number else ""
        text += f"{' ' if number and text and text[-1] != ':' else ''}{colon}"
        text += f"{' ' if number and bound else ''}{bound}"
    return text


def _row_lines(text: str, indent: int) -> list[str]:
    """A comprehension that is too long for a line; nothing where it is none, or short enough."""
    if indent + len(text) + 1 <= WIDTH:
        return []
    space = " " * indent
    if text.startswith("*(") and text.endswith(")") and " for " in text:
        inner = _row_lines(text[2:-1], indent + 4) or [f"{space}    {text[2:-1]}"]
        return [f"{space}*(", *inner, f"{space})"]
    found = _ROW.search(_outermost(_without_strings(text)))
    if not found:
        return []
    made, rest = text[: found.start()], text[found.start() + 1 :]
    return [*statement(made, indent), f"{space}{rest}"]


def _index_behind_call(text: str) -> tuple[str, str]:
    """A text that ends in `f(…)[0]`, or freezes what it makes, without its end, and that end."""
    if text.endswith(f"){FREEZING}"):
        return (text.removesuffix(FREEZING), FREEZING)
    match = _INDEX.search(text)
    return (text[: match.start()], match[0]) if match else (text, "")


def _breakable_bracket(text: str) -> int | None:
    """Where the bracket opens that closes at the end, if that is where black breaks the text.

    It breaks sums and chains of calls elsewhere, and a comma would make a tuple of an index.
    """
    if not text.endswith((")", "}")) and not text.startswith("["):
        return None
    opening, depth = None, 0
    for index, character in enumerate(_without_strings(text)):
        depth += (character in "([{") - (character in ")]}")
        if depth == 1 and character in "([{":
            opening = index
    head = _without_strings(text)[:opening]
    if opening is None or opening == len(text) - 2 or _OPERATOR.search(_outermost(head)):
        return None
    return opening


def _in_brackets(text: str, indent: int) -> list[str]:
    """An expression in brackets of its own, an operator a line."""
    left, right = _sides(text)
    if len(_split(right)) > 1:
        return statement(f"{left}({right})", indent)
    outer = _outermost(_without_strings(right))
    cuts = [match.start() + 1 for match in _OPERATOR.finditer(outer)]
    if not right or (not cuts and len(right) + indent + 4 > WIDEST):
        return [" " * indent + text]
    parts = [right[a:b].strip() for a, b in pairwise([0, *cuts, len(right)])]
    if indent + 4 + len(right) <= WIDEST:
        parts = [right]
    space = " " * indent
    return [f"{space}{left}(", *(f"{space}    {part}" for part in parts), f"{space})"]


def _sides(text: str) -> tuple[str, str]:
    """What stands before the expression of a statement, and the expression."""
    if text.startswith("return "):
        return "return ", text.removeprefix("return ")
    left, equals, right = text.partition(" = ")
    return (left + equals, right) if equals else ("", "")


def _outermost(text: str) -> str:
    """The text with spaces for what stands in brackets."""
    kept, depth = [], 0
    for character in text:
        depth -= character in ")]}"
        kept.append(character if depth == 0 else "_")
        depth += character in "([{"
    return "".join(kept)


def _without_strings(text: str) -> str:
    """The text with as many underscores in place of strings, whose brackets mean nothing."""
    return _STRING.sub(lambda match: "_" * len(match[0]), text)


def _split(text: str) -> list[str]:
    """A text at its outermost commas."""
    outer = _outermost(_without_strings(text))
    cuts = [index for index, character in enumerate(outer) if character == ","]
    parts = [text[a:b].strip(" ,") for a, b in pairwise([0, *cuts, len(text)])]
    return [part for part in parts if part]
