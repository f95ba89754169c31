"""Lists of columns as a person writes them: names between commas, and what some columns hold."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from backends.data.column_lists import named_columns

KINDS = ("number", "category", "date", "ignore")


def parted_columns(text: str) -> tuple[str, ...]:
    """The names of columns in a list, as tables read it, each once."""
    return tuple(dict.fromkeys(named_columns(text)))


def joined_columns(names: Iterable[str]) -> str:
    """A list of columns; quotes hold the names that have commas."""
    return ", ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow([name])
    return written.getvalue()


def with_name(text: str, column: str, is_on: bool) -> str:
    """The list of columns with this one, or without it."""
    others = [name for name in parted_columns(text) if name != column]
    return joined_columns([*others, column] if is_on else others)


def kind_of(text: str, column: str) -> str:
    """What a person said that a column holds; empty where nobody did."""
    said = (part.rpartition(":") for part in parted_columns(text))
    found = (kind.strip().lower() for name, _, kind in said if name.strip() == column)
    return next((kind for kind in found if kind in KINDS), "")


def with_kind(text: str, column: str, kind: str) -> str:
    """The list of what columns hold with another word for this one, or with none."""
    others = [p for p in parted_columns(text) if p.rpartition(":")[0].strip() != column]
    return joined_columns([*others, f"{column}: {kind}"] if kind else others)
