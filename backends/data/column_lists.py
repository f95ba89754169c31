"""Lists of columns as a person writes them; without numpy, for forms show them, too."""

from __future__ import annotations

import csv


def named_columns(text: str) -> tuple[str, ...]:
    """Names between commas; quotes hold those that have commas."""
    names = next(csv.reader([text], skipinitialspace=True), [])
    return tuple(name.strip() for name in names if name.strip())
