"""From many points to the few that a plot shows: bins, ranges and ticks. No Qt in here."""

from __future__ import annotations

import math

import numpy as np

from app.plotting.series import Floats, Series

MOST_BINS = 400


def bin_size(count: int, bins: int = MOST_BINS) -> int:
    """How many points make a bin: a power of two, so that bins keep their places as points come."""
    return 1 if count <= bins else 1 << math.ceil(math.log2(count / bins))


def envelope(x: Floats, y: Floats, bins: int = MOST_BINS) -> tuple[Floats, Floats]:
    """A line through the lowest and the highest value of each bin; all points where they are few.

    What is not finite, such as the logarithm of zero, is left out.
    """
    if len(y) <= 2 * bins:
        return x, y
    starts = np.arange(0, len(y), bin_size(len(y), bins))
    line = np.empty(2 * len(starts))
    line[0::2] = np.fmin.reduceat(y, starts)
    line[1::2] = np.fmax.reduceat(y, starts)
    return np.repeat(x[starts], 2), line


def thinned(x: Floats, y: Floats, points: int = MOST_BINS) -> tuple[Floats, Floats]:
    """Every so many points of a smooth line, the last one always."""
    size = bin_size(len(y), points)
    if size == 1:
        return x, y
    return np.append(x[::size], x[-1]), np.append(y[::size], y[-1])


def within(series: Series, low: float, high: float) -> tuple[Floats, Floats]:
    """The points from `low` to `high` and one beyond at either side."""
    start = max(int(np.searchsorted(series.x, low)) - 1, 0)
    stop = int(np.searchsorted(series.x, high, side="right")) + 1
    return series.x[start:stop], series.y[start:stop]


def logarithm(y: Floats) -> Floats:
    """Decimal logarithms; NaN where there is none."""
    found = np.full(len(y), np.nan)
    np.log10(y, out=found, where=y > 0)
    return found


def nice_step(span: float, ticks: int = 4) -> float:
    """A round distance between ticks, 1, 2, 2.5 or 5 times a power of ten."""
    rough = span / max(ticks, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * unit for unit in (1, 2, 2.5, 5, 10) if power * unit >= rough * 0.999)


def nice_range(low: float, high: float, ticks: int = 4) -> tuple[float, float]:
    """A range with round ends that holds the values; it changes in steps as they grow."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return 0.0, 1.0
    if high - low < 1e-12 * max(abs(high), 1e-12):
        margin = abs(high) * 0.1 or 0.5
        low, high = low - margin, high + margin
    if 0 <= low < 0.35 * high:
        low = 0.0
    step = nice_step(high - low, ticks)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def kept_range(
    wanted: tuple[float, float], shown: tuple[float, float] | None
) -> tuple[float, float]:
    """The range that is shown as long as the values fill a good part of it, else the wanted one."""
    if shown is None:
        return wanted
    span, wide = wanted[1] - wanted[0], shown[1] - shown[0]
    inside = shown[0] <= wanted[0] and wanted[1] <= shown[1]
    return shown if inside and span > 0.55 * wide else wanted


def stretch(done: float, total: float, first: float) -> float:
    """Where an axis that grows ends: at `first`, doubled until `done` fits, at most `total`."""
    if total <= first:
        return total
    end = first
    while end < done:
        end *= 2
    return min(end, total)


def bounds(*lines: Floats) -> tuple[float, float] | None:
    """The lowest and the highest finite value of some lines; None where there is none."""
    finite = [line[np.isfinite(line)] for line in lines]
    held = [line for line in finite if len(line)]
    if not held:
        return None
    return min(float(line.min()) for line in held), max(float(line.max()) for line in held)


def tick_text(value: float, step: float, *, is_share: bool = False) -> str:
    """A tick's number with as many decimals as its step needs; shares as percentages."""
    if is_share:
        value, step = 100 * value, 100 * step
    value = 0.0 if abs(value) < step * 1e-6 else value
    if abs(value) >= 1e5 or (0 < step < 1e-4):
        text = f"{value:.3g}".replace("e+", "e").replace("e-0", "e-")
    else:
        text = f"{value:.{decimals(step)}f}"
    return f"{text}%" if is_share else text


def decimals(step: float) -> int:
    """How many decimals tell neighbouring ticks apart."""
    found = 0
    while found < 6 and abs(step * 10**found - round(step * 10**found)) > 1e-6 * 10**found * step:
        found += 1
    return found
