"""Files the program brings along: data, icons and examples."""

from __future__ import annotations

from pathlib import Path


def path(*parts: str) -> Path:
    """Where a file that the program brings along lies, such as `path("data", "iris.csv")`."""
    return Path(__file__).resolve().parent.joinpath(*parts)
