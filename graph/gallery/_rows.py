"""Digits read like a text, row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graph.gallery.draw import Drawing, Out
from graph.params import param


def digit_size(
    default: str,
    show_if: Callable[[Any], bool] | None = None,  # Any: as `param` takes it
) -> str:
    """Declares how large the digits are that come with the program."""
    side: str = param(
        default=default, choices=("8", "16", "28", "32"), unit="px",
        help="Height and width of the digits; they were scanned at 8 and are enlarged.",
        show_if=show_if,
    )  # fmt: skip
    return side


def rows(d: Drawing, size: str) -> Out:
    """The digits as sequences of rows (N, T, pixels)."""
    d.data("digits", size=size, layout="rows")
    return d.add("input", name="rows", shape=f"{size}, {size}")


def pixels(d: Drawing, size: str) -> Out:
    """The digits with all pixels in a line (N, pixels), from 0 to 1."""
    d.data("digits", size=size, layout="flat")
    return d.add("input", name="image", shape=str(int(size) ** 2))
