"""Columns of numbers that grow: what a run has told so far, cheap to add to and to draw."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FIRST_ROOM = 1024


class Series:
    """Points in the order of their x; adding is amortised, reading copies nothing."""

    def __init__(self) -> None:
        self._x: Floats = np.empty(FIRST_ROOM)
        self._y: Floats = np.empty(FIRST_ROOM)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def x(self) -> Floats:
        """The places of the points, ascending."""
        return self._x[: self._count]

    @property
    def y(self) -> Floats:
        """The values of the points."""
        return self._y[: self._count]

    def extend(self, x: Sequence[float] | Floats, y: Sequence[float] | Floats) -> None:
        """Adds points; those that were there from the first new x on make way."""
        if not len(x):
            return
        if self._count and x[0] <= self._x[self._count - 1]:
            self._count = int(np.searchsorted(self.x, x[0]))
        end = self._count + len(x)
        if end > len(self._x):
            room = max(2 * len(self._x), end)
            self._x, self._y = np.resize(self._x, room), np.resize(self._y, room)
        self._x[self._count : end] = x
        self._y[self._count : end] = y
        self._count = end

    def nearest(self, x: float) -> tuple[float, float] | None:
        """The point whose x is nearest; None where there are no points."""
        if not self._count:
            return None
        right = int(np.searchsorted(self.x, x))
        places = [place for place in (right - 1, right) if 0 <= place < self._count]
        best = min(places, key=lambda place: abs(self._x[place] - x))
        return float(self._x[best]), float(self._y[best])


class Smoothed:
    """The exponential moving average of a series, carried on as the series grows.

    The first values are weighted as if the average had no past (as in Kingma and Ba, Adam, 2015,
    section 3), so that it does not start at zero.
    """

    def __init__(self, source: Series, weight: float) -> None:
        self.source = source
        self.weight = weight
        self.series = Series()
        self._last = 0.0
        self._count = 0

    def update(self) -> Series:
        """The average with the points that the source has got since."""
        if len(self.source) < self._count or self._was_rewritten():
            self.series, self._last, self._count = Series(), 0.0, 0
        if len(self.source) > self._count:
            start = self._count
            raw = moving_sums(self.source.y[start:], self.weight, self._last)
            self._last, self._count = float(raw[-1]), len(self.source)
            ages = np.arange(start + 1, self._count + 1)
            bias = 1 - self.weight**ages if self.weight else np.ones(len(raw))
            self.series.extend(self.source.x[start:], raw / bias)
        return self.series

    def _was_rewritten(self) -> bool:
        """Whether a resumed run has put other points in the place of old ones."""
        count = self._count
        return count > 0 and self.source.x[count - 1] != self.series.x[count - 1]


BLOCK = 256


def moving_sums(values: Floats, weight: float, last: float) -> Floats:
    """`s[t] = weight * s[t - 1] + (1 - weight) * values[t]`, starting from `last`.

    A block at a time as a product with a triangular matrix: a loop over a million steps in Python
    would be felt.
    """
    if not weight:
        return np.array(values, np.float64)
    matrix, decay = _block(weight)
    count = len(values) // BLOCK
    whole = values[: count * BLOCK].reshape(count, BLOCK) @ matrix.T
    before = np.empty(count)  # the average before each block
    ends, share = whole[:, -1].tolist(), float(decay[-1])
    for block, end in enumerate(ends):
        before[block] = last
        last = end + share * last
    whole += before[:, None] * decay
    rest = values[count * BLOCK :]
    size = len(rest)
    part = matrix[:size, :size] @ rest + decay[:size] * last
    return np.concatenate([whole.ravel(), part])


@lru_cache(maxsize=4)
def _block(weight: float) -> tuple[Floats, Floats]:
    """What a block of values, and the average before it, add to each average in the block."""
    lags = np.arange(BLOCK)[:, None] - np.arange(BLOCK)[None, :]
    matrix = np.where(lags >= 0, (1 - weight) * weight ** np.maximum(lags, 0), 0.0)
    decay = weight ** np.arange(1, BLOCK + 1)
    return matrix.astype(np.float64), decay.astype(np.float64)
