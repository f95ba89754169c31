"""Finds the formula of a size from what it was at a few values of the symbols it depends on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, product
from math import comb

from graph.tensor import Dim, evaluate, symbol

MOST_SYMBOLS = 3
AXIS = 3  # a polynomial of degree two in each symbol is known from three values of it
MORE = 9  # along each symbol, to tell a rounded quotient from a polynomial
FAR = 17
LARGEST_DIVISOR = 8

Point = tuple[int, ...]


def points(starts: Sequence[int]) -> list[Point]:
    """The values of the symbols at which a size must be known, the first of them to begin with."""
    grid = [
        tuple(start + step for start, step in zip(starts, steps, strict=True))
        for steps in product(range(AXIS), repeat=len(starts))
    ]
    for place in range(len(starts)):
        grid += [_moved(starts, place, step) for step in range(AXIS, MORE)]
    grid.append(tuple(start + FAR + place for place, start in enumerate(starts)))
    return list(dict.fromkeys(grid))


def _moved(starts: Sequence[int], place: int, step: int) -> Point:
    return tuple(start + step * (k == place) for k, start in enumerate(starts))


def formula(names: Sequence[str], starts: Sequence[int], known: Mapping[Point, int]) -> Dim | None:
    """The size as a formula of the symbols that agrees with all that is known; None without one.

    Args:
        names: the symbols.
        starts: the values that `points` was given.
        known: the size at each of its points.
    """
    if len(set(known.values())) == 1:
        return next(iter(known.values()))
    at = known.__getitem__
    tried = chain([_polynomial(names, starts, at)], _quotients(names, starts, at))
    return next((found for found in tried if _agrees(found, names, known)), None)


def _agrees(found: Dim, names: Sequence[str], known: Mapping[Point, int]) -> bool:
    return all(
        evaluate(found, dict(zip(names, point, strict=True))) == value
        for point, value in known.items()
    )


def _polynomial(names: Sequence[str], starts: Sequence[int], at: Callable[[Point], int]) -> Dim:
    """The polynomial through the grid, by Newton's forward differences."""
    total: Dim = 0
    whole: int = 2 ** len(names)  # of x (x - 1) / 2, so that no fraction is left before the end
    for orders in product(range(AXIS), repeat=len(names)):
        difference = 0
        for steps in product(*(range(order + 1) for order in orders)):
            sign, count = 1, 1
            for order, step in zip(orders, steps, strict=True):
                sign *= (-1) ** (order - step)
                count *= comb(order, step)
            point = tuple(start + step for start, step in zip(starts, steps, strict=True))
            difference += sign * count * at(point)
        term: Dim = difference * whole
        for name, start, order in zip(names, starts, orders, strict=True):
            term = term * _falling(name, start, order)
        total = total + (term // (2 ** sum(order == 2 for order in orders)) if term else 0)
    return total // whole


def _falling(name: str, start: int, order: int) -> Dim:
    made: Dim = 1
    for step in range(order):
        made = made * (symbol(name) - start - step)
    return made


def _quotients(
    names: Sequence[str], starts: Sequence[int], at: Callable[[Point], int]
) -> Iterator[Dim]:
    """Rounded quotients of one symbol, such as what a stride makes of a length."""
    for place, name in enumerate(names):
        row = [at(_moved(starts, place, step)) for step in range(MORE)]
        first = starts[place]
        for divisor in range(2, LARGEST_DIVISOR + 1):
            for factor in range(1, divisor if len(set(row)) > 1 else 1):
                for rest in range(divisor):
                    shift = row[0] * divisor + rest - factor * first
                    if row == [(factor * (first + k) + shift) // divisor for k in range(MORE)]:
                        yield (factor * symbol(name) + shift) // divisor
