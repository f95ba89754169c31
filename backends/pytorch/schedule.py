"""What the learning rate is in every step of a run, as a share of the one that was set."""

from __future__ import annotations

import math
from collections.abc import Sequence

from backends.pytorch.recipe import Recipe

IMPROVEMENT = 1e-4  # how much lower, as a share, a loss must be for a plateau to end


def learning_rate_at(
    recipe: Recipe, peak: float, step: int, steps_per_epoch: int, plateau: float = 1.0
) -> float:
    """The learning rate of a step, counted from 0.

    One-cycle follows Smith and Topin, Super-Convergence (2017), with PyTorch's numbers: from
    1/25 of the learning rate up to it over 30 % of the steps, then down to 1/250,000 of it.

    Args:
        peak: what the schedule makes less of.
        plateau: what `plateau_share` says of the epochs before.
    """
    total = total_steps(recipe, steps_per_epoch)
    match recipe.schedule:
        case "one-cycle":
            return _one_cycle(peak, step, total)
        case "step":
            rate = peak * recipe.gamma ** (step // steps_per_epoch // recipe.step_size)
        case "multi-step":
            epoch = step // steps_per_epoch
            rate = peak * recipe.gamma ** sum(epoch >= each for each in recipe.milestones)
        case "exponential":
            rate = peak * recipe.gamma ** (step // steps_per_epoch)
        case "linear":
            rate = peak * _decay(step / total, 1.0, recipe.floor)
        case "polynomial":
            rate = peak * _decay(step / total, recipe.power, recipe.floor)
        case "cosine":
            rate = _between(peak, peak * recipe.floor, min(1.0, step / total))
        case "cosine-restarts":
            share = _share_of_cycle(step / steps_per_epoch, recipe.cycle, recipe.cycle_growth)
            rate = _between(peak, peak * recipe.floor, share)
        case "plateau":
            rate = peak * plateau
        case _:
            rate = peak
    return rate * min(1.0, (step + 1) / recipe.warmup_steps) if recipe.warmup_steps else rate


def total_steps(recipe: Recipe, steps_per_epoch: int) -> int:
    """How many steps the run makes if nothing ends it before."""
    total = recipe.epochs * steps_per_epoch
    return min(total, recipe.max_steps) if recipe.max_steps else total


def plateau_share(recipe: Recipe, losses: Sequence[float]) -> float:
    """What the plateau schedule makes of the learning rate after epochs with these losses."""
    share, lowest, stale = 1.0, math.inf, 0
    for loss in losses if recipe.schedule == "plateau" else ():
        if loss < lowest * (1 - IMPROVEMENT):
            lowest, stale = loss, 0
        else:
            stale += 1
        if stale > recipe.plateau_epochs:
            share, stale = max(share * recipe.gamma, recipe.floor), 0
    return share


def _one_cycle(peak: float, step: int, total: int) -> float:
    top = max(0.0, 0.3 * total - 1)
    if step <= top:
        return _between(peak / 25, peak, step / top if top else 1.0)
    return _between(peak, peak / 250_000, min(1.0, (step - top) / (total - 1 - top)))


def _decay(done: float, power: float, floor: float) -> float:
    left: float = max(0.0, 1 - done) ** power
    return floor + (1 - floor) * left


def _share_of_cycle(epoch: float, length: float, growth: int) -> float:
    """How much of its cycle an epoch has behind it; each is so many times as long as the last."""
    while epoch >= length:
        epoch -= length
        length *= growth
    return epoch / length


def _between(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2
