"""What a data set holds and where it comes from, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.human import grouped
from app.i18n import tr
from app.training.preview_cells import shown_class
from graph.data import Column, DataInfo
from graph.tensor import show_shape

if TYPE_CHECKING:
    from backends.data.source import Source

MOST_CLASSES = 12


def info_facts(info: DataInfo) -> list[tuple[str, str]]:
    """Rows, columns and classes of a data set."""
    found = [
        (tr("rows to train on"), _rows(info.rows)),
        (tr("rows for the test"), _rows(info.test_rows)),
    ]
    for each in info.columns:
        found.append((each.name, f"{show_shape(each.shape) or tr('one number')}  {each.dtype}"))
        if each.classes:
            found.append((tr("classes of {name}", name=each.name), _classes(each)))
    return found


def _rows(rows: int | None) -> str:
    return "?" if rows is None else grouped(rows)


def _classes(column: Column) -> str:
    names = ", ".join(map(shown_class, column.classes[:MOST_CLASSES]))
    more = len(column.classes) - MOST_CLASSES
    return f"{names} … (+{more})" if more > 0 else names


def origin_text(kind: type[Source]) -> str:
    """Whom the data is from, and its licence; empty where nothing is known."""
    parts = []
    if kind.origin:
        parts.append(tr("From {origin}.", origin=kind.origin))
    if kind.licence:
        parts.append(tr("Licence: {licence}.", licence=kind.licence))
    return " ".join(parts)
