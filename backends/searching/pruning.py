"""Cuts weak trials short: which they are, by what they came to so far, and what is said of them."""

from __future__ import annotations

import math
from typing import Any

from graph.searching import HALVING, MEDIAN, Search

TRIALS_FIRST = 4
EPOCHS_FIRST = 1
ONE_OF = 3


def pruner_of(pruners: Any, search: Search) -> Any:  # Any: a module of Optuna, and what it makes
    """What tells which trials of a search are weak."""
    if search.pruner == MEDIAN:
        return pruners.MedianPruner(n_startup_trials=TRIALS_FIRST, n_warmup_steps=EPOCHS_FIRST + 1)
    if search.pruner == HALVING:
        return pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=ONE_OF)
    return pruners.NopPruner()


def is_told(epoch: int) -> bool:
    """Whether an epoch is looked at: each up to the 99th, then each tenth, then each hundredth.

    To keep what it came to takes milliseconds, which many short epochs would feel.
    """
    every: int = 10 ** max(int(math.log10(epoch)) - 1, 0)
    return epoch % every == 0


def why_cut(search: Search, epoch: int, value: float) -> str:
    """Why a trial was cut short, for a person."""
    worse = "below" if search.is_highest else "above"
    than = f"{worse} the median" if search.pruner == MEDIAN else f"not in the best 1/{ONE_OF}"
    return f"Cut short after epoch {epoch}: its {search.objective} of {value:.4g} is {than}."
