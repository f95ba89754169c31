"""Tones of a heat map: even steps for the eye, which colour-blind eyes tell apart, too."""

from __future__ import annotations

from app.theme import Theme, blended

LEVELS = 10

# viridis by Stéfan van der Walt and Nathaniel Smith, from matplotlib 1.5, public domain (CC0):
# its colours at 0/12 … 12/12, of which the darkest ones would be lost on a dark ground.
VIRIDIS = (
    "#440154", "#482173", "#433E85", "#38588C", "#2D708E", "#25858E", "#1E9B8A",
    "#2AB07F", "#52C569", "#86D549", "#C2DF23", "#DDE318", "#FDE725",
)  # fmt: skip
FIRST = 1


def tones(theme: Theme) -> list[str]:
    """The tone of each level, the least first; the most always stands out from the ground."""
    last = len(VIRIDIS) - 1
    found = [_at(FIRST + (last - FIRST) * level / (LEVELS - 1)) for level in range(LEVELS)]
    return found if theme.is_dark else found[::-1]


def _at(place: float) -> str:
    """The colour at a place between two of the table."""
    below = min(int(place), len(VIRIDIS) - 2)
    return blended(VIRIDIS[below], VIRIDIS[below + 1], place - below)
