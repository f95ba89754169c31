"""Networks in stages: how many blocks each stage has."""

from __future__ import annotations

from graph.params import Ints, param
from graph.problems import UserError

MOST_STAGES = 6
MOST_BLOCKS = 300


def stages(default: Ints) -> Ints:
    """Declares the blocks of each stage."""
    declared: Ints = param(
        default=default, ge=1, le=MOST_BLOCKS, help="How many blocks there are in each stage."
    )
    return declared


def need_stages(layers: Ints) -> None:
    """Refuses what would make a drawing that nobody could read.

    Raises:
        UserError: there is no stage, too many, or they have too many blocks.
    """
    if not 1 <= len(layers) <= MOST_STAGES:
        raise UserError(
            f"Layers must be 1 to {MOST_STAGES} numbers, one for each stage, but there are "
            f"{len(layers)}."
        )
    if sum(layers) > MOST_BLOCKS:
        raise UserError(
            f"Layers must come to at most {MOST_BLOCKS} blocks, but they come to {sum(layers)}."
        )
