"""The rows of one column as cells: its numbers side by side, and tokens in a row as a text."""

from __future__ import annotations

import numpy as np

from app.i18n import tr
from graph.data import Column

MOST_COLUMNS = 12
LONGEST_TEXT = 200
SIGNS = {" ": "␣", "\n": "↵", "\t": "⇥", "\f": "␌", "\r": "␍"}

Head = tuple[str, str]  # what stands above a column of cells, and what the column holds


def cells_of(column: Column, array: np.ndarray) -> tuple[list[Head], list[list[str]]]:
    """What stands above the cells of a column, and the cells of each row."""
    if column.classes and len(column.shape) == 1 and np.issubdtype(array.dtype, np.integer):
        kind = f"{tr(column.dtype)} × {column.shape[0]}"
        return [(column.name, kind)], [[_text(row, column)] for row in array]
    flat = array.reshape(len(array), -1)
    width = flat.shape[1]
    shown = min(width, MOST_COLUMNS)
    names = [column.name] if width == 1 else [f"{column.name}[{at}]" for at in range(shown)]
    heads = [(name, tr(column.dtype)) for name in names]
    rows = [[_cell(value, column) for value in row[:shown]] for row in flat]
    if width > shown:
        heads.append(("…", tr("{n} more", n=width - shown)))
        rows = [[*row, "…"] for row in rows]
    return heads, rows


def shown_class(name: str) -> str:
    """The name of a class, with a sign for what cannot be seen."""
    return SIGNS.get(name, name if name.isprintable() else ascii(name)[1:-1])


def _text(row: np.ndarray, column: Column) -> str:
    """Tokens as a text: characters and [marks] side by side, words with blanks between."""
    are_letters = all(len(name) == 1 or name.startswith("[") for name in column.classes)
    signs = {place: shown_class(name) for place, name in enumerate(column.classes)}
    if are_letters:  # a blank between words is seen without a sign for it
        signs |= {place: " " for place, name in enumerate(column.classes) if name == " "}
    names = [signs.get(int(value), str(value)) for value in row[: LONGEST_TEXT + 1]]
    return ("" if are_letters else " ").join(names[:LONGEST_TEXT]) + (
        " …" if len(names) > LONGEST_TEXT else ""
    )


def _cell(value: np.generic, column: Column) -> str:
    if column.classes and np.issubdtype(value.dtype, np.integer):
        place = int(value)  # less than 0 is what losses leave out
        return column.classes[place] if 0 <= place < len(column.classes) else str(place)
    return f"{value:.4g}" if np.issubdtype(value.dtype, np.floating) else str(value)
