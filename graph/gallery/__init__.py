"""The gallery: networks that have a name, drawn by code. Found by scan, like blocks."""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache
from typing import Any

from graph.gallery.entry import Entry, Family
from graph.problems import UserError

__all__ = ["Entry", "Family", "entries", "find"]

AnyEntry = Entry[Any]  # Any: each entry has a form of its own


@cache
def entries() -> tuple[AnyEntry, ...]:
    """Every entry, family by family."""
    found = {}
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{__name__}.{info.name}")
        for value in vars(module).values():
            if isinstance(value, Entry):
                found[value.name] = value
    return tuple(sorted(found.values(), key=_place))


def _place(entry: AnyEntry) -> tuple[int, int, list[tuple[str, int]]]:
    """By shelf, then by year, then by name with its numbers as such: 18 before 152."""
    parts = re.findall(r"(\D*)(\d*)", entry.name)
    return (
        list(Family).index(entry.family),
        entry.order,
        [(letters, int(digits or 0)) for letters, digits in parts],
    )


def find(name: str) -> AnyEntry:
    """The entry of that name.

    Raises:
        UserError: there is none; the text names those that there are.
    """
    for entry in entries():
        if entry.name == name:
            return entry
    names = ", ".join(entry.name for entry in entries())
    raise UserError(f"The gallery has no network called “{name}”; it has {names}.")
