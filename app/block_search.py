"""Which blocks fit a few typed letters, the best first."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import takewhile

from app.session import Session
from graph.block import Block
from graph.composites.checking import OUTSIDE
from graph.composites.uses import chain_to
from graph.model import DEFINED
from graph.typing_in import words_of

GUESSED = 5
"""From this score on, a block only has the letters in their order, somewhere in its name."""
MOST_SQUEEZED = 8192
"""So many titles, kinds and keywords are not squeezed anew for each letter that is typed."""


def blocks_here(session: Session) -> list[type[Block]]:
    """The blocks that can be added to what is looked at, in the order of the palette.

    A composite holds neither itself nor what judges answers.
    """
    found = session.registry.blocks()
    if not session.place:
        return found
    here, known = session.place[-1].definition, session.root.definitions
    return [
        block
        for block in found
        if block.kind.role not in OUTSIDE
        and not chain_to(known, block.kind.name.removeprefix(DEFINED), here)
    ]


def first_line(block: type[Block]) -> str:
    """What a block does, in one sentence: the first line of its docstring."""
    return (block.__doc__ or "").strip().splitlines()[0]


def best_matches(query: str, blocks: Iterable[type[Block]]) -> list[type[Block]]:
    """The blocks that fit, the best first; blocks that fit equally well keep their order."""
    wanted = _squeezed(query)
    if not wanted:
        return list(blocks)
    scored = [(score(query, block), block) for block in blocks]
    found = [(points, block) for points, block in scored if points is not None]
    return [block for _, block in sorted(found, key=lambda pair: pair[0])]


def split_query(query: str, blocks: Iterable[type[Block]]) -> tuple[str, list[str]]:
    """The part of a query that names a block, and the words behind it that set its parameters.

    The name is as long as blocks are found by it, so that `max pool 2` finds Max pool 2D.
    """
    words, known = words_of(query), list(blocks)
    plain = sum(1 for _ in takewhile(str.isalpha, words)) or 1
    for most, length in ((GUESSED, len(words)), (None, plain)):
        for count in range(length, 0, -1):
            name = " ".join(words[:count])
            found = (score(name, block) for block in known)
            if any(points is not None and (most is None or points < most) for points in found):
                return name, words[count:]
    return query, []


def splits_of(query: str, blocks: Iterable[type[Block]]) -> list[tuple[str, list[str]]]:
    """Every way to part a query into a name and its parameters, the likeliest first.

    The number in `max pool 3` belongs to the name or is a parameter.
    """
    name, words = split_query(query, blocks)
    first, _, last = name.rpartition(" ")
    found = [(name, words)]
    if first and last.isdecimal():
        found.append((first, [last, *words]))
    return found


def score(query: str, block: type[Block]) -> float | None:
    """How far a block is from a query: 0 is exact; None where it does not fit at all."""
    wanted = _squeezed(query)
    title, kind = _squeezed(block.kind.title), _squeezed(block.kind.name)
    if wanted in (title, kind):
        return 0
    if title.startswith(wanted) or kind.startswith(wanted):
        return 1 + len(title) / 1000
    if _starts_words(query, block.kind.title) or wanted == _initials(block.kind.title):
        return 2 + len(title) / 1000
    if any(_squeezed(word).startswith(wanted) for word in block.kind.keywords):
        return 3 + len(title) / 1000
    if wanted in title or wanted in kind:
        return 4 + len(title) / 1000
    gaps = min(
        (gap for gap in (_gaps(wanted, title), _gaps(wanted, kind)) if gap is not None),
        default=None,
    )
    return None if gaps is None or len(wanted) < 2 else GUESSED + gaps


@lru_cache(maxsize=MOST_SQUEEZED)
def _squeezed(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def _starts_words(query: str, title: str) -> bool:
    """Whether each typed word begins another word of the title, in any order."""
    words = title.lower().replace("-", " ").split()
    for part in query.lower().split():
        found = next((word for word in words if word.startswith(part)), None)
        if found is None:
            return False
        words.remove(found)
    return True


def _initials(title: str) -> str:
    """`bn` of Batch norm; nothing of a single word."""
    words = title.lower().replace("-", " ").split()
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def _gaps(wanted: str, text: str) -> int | None:
    """How many letters are skipped to find the wanted ones in order; None where they are not."""
    place = text.find(wanted[0])
    if place < 0:
        return None
    skipped = place
    for letter in wanted[1:]:
        found = text.find(letter, place + 1)
        if found < 0:
            return None
        skipped += found - place - 1
        place = found
    return skipped
