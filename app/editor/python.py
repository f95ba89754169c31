"""Which parts of a line of Python are what, as far as generated code needs it."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum, auto
from typing import NamedTuple


class Kind(StrEnum):
    """What a part of a line is; the rest is plain."""

    KEYWORD = auto()
    STRING = auto()
    NUMBER = auto()
    COMMENT = auto()
    NAME = auto()
    CALL = auto()
    SELF = auto()
    GAP = auto()


class Span(NamedTuple):
    """A part of a line, in characters."""

    start: int
    length: int
    kind: Kind


QUOTES = '"""'
SOFT = frozenset({"True", "False", "None"})
KEYWORDS = frozenset(keyword.kwlist) - SOFT
_PART = re.compile(
    r'(?P<comment>\#.*)|(?P<string>""".*?(?:"""|$)|"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\')'
    r"|(?P<word>[^\W\d]\w*)|(?P<number>\d[\w.]*(?:(?<=e)[+-]\d+)?)"
)


def spans(line: str, *, starts_in_string: bool = False) -> Iterator[Span]:
    """The parts of a line that are not plain, from left to right."""
    start = 0
    if starts_in_string:
        end = line.find(QUOTES)
        start = len(line) if end < 0 else end + len(QUOTES)
        yield Span(0, start, Kind.STRING)
    before = ""
    for match in _PART.finditer(line, start):
        kind = _kind(match, before, line)
        before = match[0]
        if kind is not None:
            yield Span(match.start(), match.end() - match.start(), kind)


def _kind(match: re.Match[str], before: str, line: str) -> Kind | None:
    if match["comment"]:
        return Kind.COMMENT
    if match["string"]:
        return Kind.STRING
    if match["number"]:
        return Kind.NUMBER
    word = match[0]
    if word in SOFT:
        return Kind.NUMBER
    if word in KEYWORDS:
        return Kind.KEYWORD
    if word == "self":
        return Kind.SELF
    if before in ("def", "class"):
        return Kind.NAME
    return Kind.CALL if line.startswith("(", match.end()) else None


def string_starts(lines: Sequence[str]) -> list[bool]:
    """For each line, whether it starts inside a string of several lines."""
    found = []
    inside = False
    for line in lines:
        found.append(inside)
        if QUOTES in line and (inside or not line.lstrip().startswith("#")):
            inside ^= line.count(QUOTES) % 2 == 1
    return found
