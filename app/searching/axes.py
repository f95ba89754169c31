"""The axes of parallel coordinates: where on each of them a value is, from 0 to 1."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.human import figure
from app.i18n import tr
from app.plotting.curves import nice_step
from backends.searching.trial import FINISHED, Trial
from graph.params import Value
from graph.search_fields import Over
from graph.searching import Search
from graph.spaces import Choices, Span, value_text

MOST_TICKS = 8
LOG_FROM = 30.0
"""Times the least that the largest is, from which on numbers are told apart by their factors."""


@dataclass(frozen=True)
class Axis:
    """One axis.

    Attributes:
        ticks: places with the texts beside them, from the bottom up.
        place: where a value is.
    """

    title: str
    ticks: tuple[tuple[float, str], ...]
    place: Callable[[Value], float]


def axes_of(search: Search, trials: Sequence[Trial]) -> list[Axis]:
    """An axis for each field of a search, and the objective's at the end."""
    values = [trial.value for trial in trials if trial.value is not None]
    return [*map(_of_field, search.over), objective_axis(search, values)]


def _of_field(over: Over) -> Axis:
    if isinstance(over.space, Choices):
        return _of_choices(str(over.field), over.space.values)
    return _of_span(str(over.field), over.space)


def _of_choices(title: str, values: tuple[Value, ...]) -> Axis:
    last = max(len(values) - 1, 1)
    places = {value_text(value): (row / last if len(values) > 1 else 0.5)
              for row, value in enumerate(values)}  # fmt: skip
    every = math.ceil(len(values) / MOST_TICKS)
    ticks = tuple((place, text) for text, place in list(places.items())[::every])
    return Axis(title, ticks, lambda value: places.get(value_text(value), 0.5))


def _of_span(title: str, span: Span) -> Axis:
    def place(value: Value) -> float:
        return _share(float(value), span.low, span.high, span.is_log)  # type: ignore[arg-type]  # a span has numbers only

    count = span.count
    if not span.is_log and count is not None and count <= MOST_TICKS:
        numbers = [span.low + row * span.step for row in range(count)]
        if span.is_whole:
            numbers = [int(number) for number in numbers]
    else:
        numbers = [span.low, *_between(span.low, span.high, span.is_log), span.high]
    return Axis(title, tuple((place(number), _tick(number)) for number in numbers), place)


def objective_axis(search: Search, values: Sequence[float]) -> Axis:
    """The axis of what a search goes by."""
    if not values:
        return Axis(search.objective, (), lambda _: 0.5)
    low, high = min(values), max(values)
    is_log = low > 0 and high / low > LOG_FROM

    def place(value: Value) -> float:
        return _share(float(value), low, high, is_log)  # type: ignore[arg-type]  # as above

    numbers = [low, *_between(low, high, is_log), high] if low < high else [low]
    return Axis(search.objective, tuple((place(n), figure(n)) for n in numbers), place)


def epochs_axis(last: int) -> Axis:
    """The axis of the epochs, from the first to the last of any trial."""
    step = max(round(nice_step(last)), 1)
    between = [number for number in range(step, last, step) if last - number >= step / 2]
    numbers = sorted({1, *between, last})
    ticks = tuple((_share(number, 1, last, False), str(number)) for number in numbers)
    return Axis(
        tr("epoch"), ticks,
        lambda value: _share(float(value), 1, last, False),  # type: ignore[arg-type]  # as above
    )  # fmt: skip


def _share(value: float, low: float, high: float, is_log: bool) -> float:
    if high <= low:
        return 0.5
    if is_log:
        value, low, high = math.log(max(value, low)), math.log(low), math.log(high)
    return min(max((value - low) / (high - low), 0.0), 1.0)


def _between(low: float, high: float, is_log: bool) -> list[float]:
    """What is written between the ends: powers of ten, or the middle."""
    if not is_log:
        return [(low + high) / 2]
    first, last = math.floor(math.log10(low)) + 1, math.ceil(math.log10(high)) - 1
    powers = [10.0**power for power in range(first, last + 1)]
    # not where they would be written over the ends
    return [each for each in powers if 0.08 < _share(each, low, high, True) < 0.92]


def _tick(number: float) -> str:
    return str(number) if isinstance(number, int) else f"{number:.3g}"


def shades(search: Search, trials: Sequence[Trial]) -> dict[int, float]:
    """How good each finished trial is, by its number: from 0, the worst, to 1, the best."""
    found = [trial for trial in trials if trial.state == FINISHED and trial.value is not None]
    found.sort(key=lambda trial: trial.value or 0.0, reverse=not search.is_highest)
    last = max(len(found) - 1, 1)
    return {trial.number: (row / last if len(found) > 1 else 1.0)
            for row, trial in enumerate(found)}  # fmt: skip
