"""The paths a person chose: made absolute, and refused where none is chosen."""

from __future__ import annotations

from pathlib import Path

from graph.problems import UserError


def given_file(text: str, title: str) -> Path:
    """The path of a chosen file, which may not exist.

    Raises:
        UserError: none is chosen.
    """
    if not text.strip():
        raise UserError(f"{title}: no file is chosen yet; choose one under Data.")
    return _absolute(text)


def given_folder(text: str, title: str) -> Path:
    """The path of a chosen folder, which may not exist.

    Raises:
        UserError: none is chosen.
    """
    if not text.strip():
        raise UserError(f"{title}: no folder is chosen yet; choose one under Data.")
    return _absolute(text)


def _absolute(text: str) -> Path:
    try:
        return Path(text.strip()).expanduser().absolute()
    except (RuntimeError, OSError):
        return Path(text.strip())
