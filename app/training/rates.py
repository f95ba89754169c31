"""The learning rate over a run before it is made, as the loop will have it. No Qt in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from backends.pytorch import recipe as engine
from backends.pytorch.schedule import learning_rate_at, total_steps
from graph.params import Plain
from graph.problems import UserError
from graph.recipe import Recipe

POINTS = 240
UNKNOWN_STEPS = 100
"""Steps in an epoch where the data does not tell."""


@dataclass(frozen=True)
class Rates:
    """A learning rate over a run.

    Attributes:
        epochs: where each value is, counted in epochs.
        steps_per_epoch: None where the data does not tell.
    """

    epochs: tuple[float, ...]
    values: tuple[float, ...]
    schedule: str
    steps_per_epoch: int | None

    def at(self, epoch: float) -> tuple[float, float]:
        """The point that is nearest to an epoch."""
        nearest = min(range(len(self.epochs)), key=lambda i: abs(self.epochs[i] - epoch))
        return self.epochs[nearest], self.values[nearest]


def rates_of(
    values: Mapping[str, object],
    variables: Mapping[str, Plain],
    rows: int | None,
    *,
    as_share: bool = False,
) -> Rates | None:
    """The learning rate over the run of a recipe; None while a value of it is refused.

    Args:
        rows: of the data to train on, validation included; None where that is not known.
        as_share: answers shares of the learning rate, which several optimizers have their own of.
    """
    try:
        form: Recipe = Recipe.build(values, variables)
    except UserError:
        return None
    known = {each.name for each in fields(engine.Recipe)}
    recipe = engine.Recipe(**{n: v for n, v in form.values().items() if n in known})  # type: ignore[arg-type]  # the form declares the same kinds
    per_epoch = steps_in_epoch(recipe, rows) if rows else None
    total = total_steps(recipe, per_epoch or UNKNOWN_STEPS)
    steps = sorted({round(i * (total - 1) / POINTS) for i in range(POINTS + 1)})
    peak = 1.0 if as_share else recipe.learning_rate
    each = per_epoch or UNKNOWN_STEPS
    return Rates(
        tuple(step / each for step in steps),
        tuple(learning_rate_at(recipe, peak, step, each) for step in steps),
        recipe.schedule,
        per_epoch,
    )


def steps_in_epoch(recipe: engine.Recipe, rows: int) -> int:
    """How many steps the loop makes of the rows that are not kept apart."""
    share = recipe.validation_fraction
    apart = min(rows - 1, max(1, round(rows * share))) if share > 0 else 0
    return max(1, -(-(rows - apart) // recipe.batch_size))
