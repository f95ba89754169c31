"""Lowest and highest values of ever longer pieces of a line, so that any part is drawn at once."""

from __future__ import annotations

import numpy as np

from app.plotting.series import Floats

FACTOR = 16
BINS = 800
Line = tuple[Floats, Floats]
NOTHING: Floats = np.empty(0)


class Pyramid:
    """A line of many points that does not grow any more.

    Level k holds the lowest and the highest value of pieces of `FACTOR ** k` points; a part of the
    line is drawn from the coarsest level that still has a piece for every column of pixels.
    """

    def __init__(self, x: Floats, y: Floats) -> None:
        self.x, self.y = x, y
        self._levels: list[tuple[Floats, Floats]] = []
        low = high = y
        while len(low) > FACTOR * BINS:
            starts = np.arange(0, len(low), FACTOR)
            low, high = np.fmin.reduceat(low, starts), np.fmax.reduceat(high, starts)
            self._levels.append((low, high))

    def __len__(self) -> int:
        return len(self.x)

    def part(self, low: float, high: float) -> Line:
        """The line from `low` to `high` and one point beyond at either side.

        Where points are many it goes through the lowest and the highest of each piece.
        """
        start = max(int(np.searchsorted(self.x, low)) - 1, 0)
        stop = min(int(np.searchsorted(self.x, high, side="right")) + 1, len(self.x))
        count = stop - start
        if count <= 2 * BINS:
            return self.x[start:stop], self.y[start:stop]
        lows = highs = self.y
        size = 1
        for held in self._levels:
            if count < size * FACTOR * BINS:
                break
            size *= FACTOR
            lows, highs = held
        first, last = start // size, -(-stop // size)
        # so many pieces that they keep their places while the line is moved
        step = max(1, 1 << ((last - first) // BINS).bit_length() >> 1)
        first -= first % step
        starts = np.arange(first, last, step)
        line = np.empty(2 * len(starts))
        line[0::2] = np.fmin.reduceat(lows[:last], starts)
        line[1::2] = np.fmax.reduceat(highs[:last], starts)
        return np.repeat(self.x[starts * size], 2), line

    def nearest(self, x: float) -> float | None:
        """The value of the point whose x is nearest; None where there is no point."""
        if not len(self.x):
            return None
        right = int(np.searchsorted(self.x, x))
        places = [place for place in (right - 1, right) if 0 <= place < len(self.x)]
        best = min(places, key=lambda place: abs(float(self.x[place]) - x))
        return float(self.y[best])
