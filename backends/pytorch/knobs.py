"""What of a recipe is changed while the run goes on, by a person or as the recipe has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from backends.pytorch.learning import Learner
from backends.pytorch.recipe import FROZEN, KNOBS, Change, Recipe

Value = float | str
Turned = tuple[Change, Value]  # a change, and what the value was before


class Knobs:
    """The recipe as it is now.

    Attributes:
        turned: what has changed so far, with the values before.
        untold: those of them that were made while the run did not go on.
        to_come: the changes that the recipe has in store.
    """

    def __init__(
        self,
        recipe: Recipe,
        learners: Sequence[Learner],
        freeze: Callable[[str, str], object] = lambda before, now: None,
    ) -> None:
        self.recipe = recipe
        self.learners = learners
        self.freeze = freeze
        self.untold: list[Turned] = []
        self.turned: list[Turned] = []
        self.to_come = list(recipe.changes)

    def due(self, step: int) -> Iterable[tuple[str, Value]]:
        """The changes that the recipe has in store for now, after so many steps."""
        while self.to_come and self.to_come[0].step <= step:
            change = self.to_come.pop(0)
            yield change.name, change.value

    def turn(self, step: int, name: str, value: Value) -> Turned | None:
        """Changes a value of the recipe; answers that, unless it has it already."""
        before = self.value(name)
        if value == before:
            return None
        self._set(name, value)
        self.turned.append((Change(step, name, value), before))
        return self.turned[-1]

    def value(self, name: str) -> Value:
        """What a value is now."""
        part, _, name = name.rpartition(".")
        holder = self._learner(part).part if part else self.recipe
        value: Value = getattr(holder, name)
        return value

    def values(self) -> dict[str, Value]:
        """All that can be changed, as it is now."""
        rates = [f"{part.name}.learning_rate" for part in self.recipe.parts]
        return {name: self.value(name) for name in (*KNOBS, FROZEN, *rates)}

    def state(self) -> list[tuple[int, str, Value, Value]]:
        """What has changed so far, as plain values."""
        return [(each.step, each.name, each.value, before) for each, before in self.turned]

    def go_on(
        self,
        state: Iterable[tuple[int, str, Value, Value]],
        step: int,
        values: Mapping[str, Value] | None = None,
    ) -> None:
        """Goes back to a stored state after so many steps.

        What the recipe says otherwise than when the run began was changed on purpose: it stays,
        as a change after these steps.

        Args:
            values: what all was then; None where nobody knows.
        """
        first: dict[str, Value] = {}
        for at, name, value, before in state:
            self.turned.append((Change(at, name, value), before))
            first.setdefault(name, before)
        last = {change.name: change.value for change, _ in self.turned}
        for name, value in (last if values is None else values).items():
            now = self.value(name)
            if now == value:
                continue
            if now != first.get(name) and values is not None:
                self.untold.append((Change(step, name, now), value))
            if now == first.get(name) or name == FROZEN:
                self._set(name, value)
        self.turned += self.untold
        self.to_come = [change for change in self.to_come if change.step >= step]

    def settle(self) -> None:
        """Freezes what is to be frozen now, after optimizers are back as they were."""
        for change, _ in self.untold:
            if change.name == FROZEN:
                self._set(FROZEN, change.value)

    def _learner(self, part: str) -> Learner:
        return next(each for each in self.learners if each.part.name == part)

    def _set(self, name: str, value: Value) -> None:
        part, _, name = name.rpartition(".")
        if name == FROZEN:
            self.freeze(self.recipe.frozen, str(value))
        if not part:
            self.recipe = replace(self.recipe, **{name: value})  # type: ignore[arg-type]  # one of KNOBS
        for learner in self.learners:
            learner.recipe = self.recipe
            is_its = learner.part.name == part if part else not self.recipe.parts
            if name == "learning_rate" and is_its:
                learner.part = replace(learner.part, learning_rate=float(value))
