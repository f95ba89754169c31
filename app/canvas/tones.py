"""The colours of frames and notes in a theme."""

from __future__ import annotations

from app.theme import Theme, blended
from graph.remarks import COLORS

CATEGORIES = {
    "grey": "merge", "blue": "conv", "teal": "norm", "green": "io", "yellow": "act",
    "red": "loss", "purple": "pool", "pink": "linear",
}  # fmt: skip


def tone_of(theme: Theme, color: str) -> str:
    """The colour of that name in a theme, as `#rrggbb`; an unknown one is the first."""
    return theme.categories[CATEGORIES.get(color, CATEGORIES[COLORS[0]])]


def card_of(theme: Theme, color: str) -> str:
    """The ground of a note, on which text of the theme can be read."""
    return blended(theme.body, tone_of(theme, color), 0.16 if theme.is_dark else 0.12)
