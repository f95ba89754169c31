"""The keys as texts say them: what a person pressed for an action may be another key by now."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QKeySequence

_in_use: dict[str, str] = {}


def put_in_use(texts: Mapping[str, str]) -> None:
    """Says what stands for each declared key, in the form that `QKeySequence` writes by itself."""
    _in_use.clear()
    _in_use.update(texts)


def in_use(declared: str) -> str:
    """What stands in a text for a declared key: the key that its action has now.

    A key of no action, such as Tab on the canvas, stays as it is.
    """
    return _in_use.get(QKeySequence(declared).toString(), declared)
