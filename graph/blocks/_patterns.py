"""Patterns such as `b t (h d) -> b h t d`: which axes there are, and which come of them.

The notation is that of einops (Rogozhnikov: Einops, ICLR 2022): names stand for axes, brackets
join several in one, 1 is an axis of size 1, and … or ... stands for all that are not named.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from graph.problems import Refusal

Group = tuple[str, ...]  # one axis: a single name, several in brackets, or none for 1
_WORD = re.compile(r"\s*(->|\(|\)|\.\.\.|…|[A-Za-z]\w*|1(?!\w))", re.ASCII)
REST = "..."
LONGEST = 200


@dataclass(frozen=True)
class Pattern:
    """The axes before and after, `...` written out as names that no one can type."""

    before: tuple[Group, ...]
    after: tuple[Group, ...]

    def names(self) -> tuple[str, ...]:
        """The names of all axes before, in order."""
        return tuple(name for group in self.before for name in group)


def parse_pattern(text: str, rank: int) -> Pattern:
    """The pattern for a tensor of that many axes.

    Raises:
        Refusal: the text is no pattern, or is one for another number of axes.
    """
    words = _words(text)
    if words.count("->") != 1:
        raise _wrong(text, "it needs one arrow, ->, between the axes before and after")
    cut = words.index("->")
    before, after = _groups(text, words[:cut]), _groups(text, words[cut + 1 :])
    rest = rank - len(before) + 1 if (REST,) in before else 0
    if rest < 0 or ((REST,) not in before and len(before) != rank):
        least = "at least " if rest < 0 else ""
        count = len(before) - (rest < 0)
        raise Refusal(
            f"has the pattern “{text}” of {least}{count} axes, but receives {rank}",
            port="x",
            short=f"rank {rank} ≠ {count}",
        )
    found = Pattern(_written_out(before, rest), _written_out(after, rest))
    _check_names(text, found)
    return found


def _words(text: str) -> list[str]:
    words, at = [], 0
    if len(text) > LONGEST:
        raise _wrong(text, f"it is longer than {LONGEST} characters")
    stripped = text.rstrip()
    while at < len(stripped):
        match = _WORD.match(stripped, at)
        if match is None:
            raise _wrong(text, f"“{stripped[at:].strip()[:10]}” is no part of one")
        words.append(REST if match[1] == "…" else match[1])
        at = match.end()
    return words


def _groups(text: str, words: list[str]) -> tuple[Group, ...]:
    groups: list[Group] = []
    inside: list[str] | None = None
    for word in words:
        if word == "(":
            if inside is not None:
                raise _wrong(text, "brackets stand in brackets")
            inside = []
        elif word == ")":
            if inside is None:
                raise _wrong(text, "a bracket closes that none opens")
            groups.append(tuple(inside))
            inside = None
        elif inside is not None:
            if word == REST:
                raise _wrong(text, "… cannot stand in brackets")
            inside += [] if word == "1" else [word]
        else:
            groups.append(() if word == "1" else (word,))
    if inside is not None:
        raise _wrong(text, "a bracket is not closed")
    return tuple(groups)


def _written_out(groups: tuple[Group, ...], rest: int) -> tuple[Group, ...]:
    made: list[Group] = []
    for group in groups:
        made += [(f"{REST}{at}",) for at in range(rest)] if group == (REST,) else [group]
    return tuple(made)


def _check_names(text: str, pattern: Pattern) -> None:
    before = Counter(pattern.names())
    after = Counter(name for group in pattern.after for name in group)
    twice = [name for names in (before, after) for name, count in names.items() if count > 1]
    if twice:
        raise _wrong(text, f"{twice[0][:20]} stands twice on one side")
    if before.keys() != after.keys():
        odd = min(before.keys() ^ after.keys())
        where = "before" if odd in before else "behind"
        shown = "…" if odd.startswith(REST) else odd
        raise _wrong(text, f"{shown[:20]} stands only {where} the arrow")


def _wrong(text: str, what: str) -> Refusal:
    return Refusal(
        f"is given “{text[:60]}”, which is no pattern such as b t (h d) -> b h t d: {what}"
    )


def parse_lengths(text: str) -> dict[str, int]:
    """The sizes of named axes, written `h=8, d=64`.

    Raises:
        Refusal: the text is not written so.
    """
    found: dict[str, int] = {}
    for part in (part.strip() for part in text.split(",") if part.strip()):
        match = re.fullmatch(r"([A-Za-z]\w*)\s*=\s*([1-9]\d{0,8})", part, re.ASCII)
        if match is None or match[1] in found:
            raise Refusal(
                f"is given the sizes “{text[:60]}”, in which “{part[:20]}” is no new size; write "
                "names with sizes above 0, such as h=8, d=64"
            )
        found[match[1]] = int(match[2])
    return found
