"""What of a recipe is changed while the run goes on, by a person or as the recipe has it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from backends.pytorch.learning import Learner
from backends.pytorch.recipe import Change, Recipe

Value = float | str
Turned = tuple[Change, Value]  # a change, and what the value was before


class Knobs:
    """The recipe as it is now.

    Attributes:
        turned: what has changed so far, with the values before.
        to_come: the changes that the recipe has in store.
    """

    def __init__(self, recipe: Recipe, learners: Sequence[Learner]) -> None:
        self.recipe = recipe
        self.learners = learners
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

    def state(self) -> list[tuple[int, str, Value, Value]]:
        """What has changed so far, as plain values."""
        return [(each.step, each.name, each.value, before) for each, before in self.turned]

    def go_on(self, state: Iterable[tuple[int, str, Value, Value]], step: int) -> None:
        """Goes back to a stored state after so many steps.

        What the recipe says otherwise than when the run began was changed on purpose: it stays.
        """
        first: dict[str, Value] = {}
        for at, name, value, before in state:
            self.turned.append((Change(at, name, value), before))
            first.setdefault(name, before)
        last = {change.name: change.value for change, _ in self.turned}
        for name, value in last.items():
            if self.value(name) == first[name]:
                self._set(name, value)
        self.to_come = [change for change in self.to_come if change.step >= step]

    def _learner(self, part: str) -> Learner:
        return next(each for each in self.learners if each.part.name == part)

    def _set(self, name: str, value: Value) -> None:
        part, _, name = name.rpartition(".")
        if not part:
            self.recipe = replace(self.recipe, **{name: value})  # type: ignore[arg-type]  # one of KNOBS
        for learner in self.learners:
            learner.recipe = self.recipe
            is_its = learner.part.name == part if part else not self.recipe.parts
            if name == "learning_rate" and is_its:
                learner.part = replace(learner.part, learning_rate=float(value))
