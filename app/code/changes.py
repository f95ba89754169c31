"""What lies between two texts, line by line, so that a shown text changes only where it must."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Between more lines than this the differences are not looked for: the whole piece is replaced.
LONGEST_COMPARED = 2000


@dataclass(frozen=True)
class Change:
    """Lines `start` to `end` (counted from 0, `end` excluded) make way for others."""

    start: int
    end: int
    lines: tuple[str, ...]

    @property
    def grows_by(self) -> int:
        """How many lines more there are after it."""
        return len(self.lines) - (self.end - self.start)


def changes(before: Sequence[str], after: Sequence[str]) -> tuple[Change, ...]:
    """What turns one text into the other, from top to bottom; places count in `before`."""
    if len(before) == len(after):
        return _changes_in_place(before, after)
    head = _same(before, after)
    room = min(len(before), len(after)) - head
    tail = min(_same(before[::-1], after[::-1]), room)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if max(len(old), len(new)) > LONGEST_COMPARED:
        return (Change(head, head + len(old), tuple(new)),)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return tuple(
        Change(head + start, head + end, tuple(new[low:high]))
        for kind, start, end, low, high in matcher.get_opcodes()
        if kind != "equal"
    )


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines are equal before the first that is not."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def _changes_in_place(before: Sequence[str], after: Sequence[str]) -> tuple[Change, ...]:
    found: list[Change] = []
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        if old == new:
            continue
        if found and found[-1].end == number:
            found[-1] = Change(found[-1].start, number + 1, (*found[-1].lines, new))
        else:
            found.append(Change(number, number + 1, (new,)))
    return tuple(found)


def moved(line: int, made: Iterable[Change]) -> int:
    """Where a line of the text before is in the text after; a lost line is where it was."""
    place = line
    for change in made:
        if change.start > line:
            break
        if line < change.end:
            inside = min(line - change.start, max(len(change.lines) - 1, 0))
            return place - (line - change.start) + inside
        place += change.grows_by
    return max(place, 0)


def new_lines(made: Iterable[Change]) -> set[int]:
    """The numbers, in the text after, of the lines that were not there before."""
    found: set[int] = set()
    shift = 0
    for change in made:
        first = change.start + shift
        found.update(range(first, first + len(change.lines)))
        shift += change.grows_by
    return found
