"""What can be said of samples as a whole: balance, ranges, gaps, lengths, unreadable ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from backends.data.browsing.columns import CodeColumn, Column, NumberColumn
from backends.data.browsing.samples import PARTS, Picture, Samples, Shown, Unreadable, Wave
from backends.data.readers.streamed import READERS
from backends.data.source import Cancelled

MOST_OPENED = 5000
AT_ONCE = 64
BARS = 24


@dataclass(frozen=True)
class Range:
    """What the cells of a column hold.

    Attributes:
        distinct: how many different values there are, of texts and classes.
        commonest: the one that most rows have.
    """

    name: str
    kind: str
    is_target: bool
    rows: int
    gaps: int
    low: float = np.nan
    high: float = np.nan
    mean: float = np.nan
    spread: float = np.nan
    distinct: int = 0
    commonest: str = ""


@dataclass(frozen=True)
class Histogram:
    """How many rows lie between two edges each."""

    edges: np.ndarray
    counts: np.ndarray
    unit: str
    middle: float


@dataclass(frozen=True)
class Facts:
    """What samples hold as a whole.

    Attributes:
        classes, balance: the classes, and how many rows of each are in each part (C, parts).
        inside: what the pixels or numbers of opened samples hold, channel by channel.
        opened: how many samples were opened for that.
        unreadable: why samples cannot be read, by their rows.
    """

    parts: tuple[int, ...]
    classes: tuple[str, ...] = ()
    balance: np.ndarray = field(default_factory=lambda: np.zeros((0, len(PARTS)), np.int64))
    ranges: tuple[Range, ...] = ()
    inside: tuple[Range, ...] = ()
    lengths: Histogram | None = None
    opened: int = 0
    unreadable: dict[int, str] = field(default_factory=dict)


def measure(
    samples: Samples, report: Callable[[float], None], cancelled: Callable[[], bool]
) -> Facts:
    """Reads every column, and opens samples, some thousands spread evenly where there are more.

    Raises:
        Cancelled: `cancelled` answered True.
    """
    inside, unreadable, opened = _opened(samples, report, cancelled)
    known = samples.without(unreadable)
    ranges = []
    for column in samples.columns:
        if cancelled():
            raise Cancelled
        ranges.append(range_of(column))
    return Facts(
        tuple(np.bincount(known.parts, minlength=len(PARTS)).tolist()),
        tuple(samples.label.values) if samples.label is not None else (),
        balance_of(known),
        tuple(ranges),
        inside,
        histogram_of(samples),
        opened,
        unreadable,
    )


def balance_of(samples: Samples) -> np.ndarray:
    """How many rows of each class are in each part (C, parts)."""
    label = samples.label
    count = len(label.values) if label is not None else 0
    if label is None or not count:
        return np.zeros((0, len(PARTS)), np.int64)
    known = (label.codes >= 0) & (label.codes < count)
    cells = label.codes[known].astype(np.int64) * len(PARTS) + samples.parts[known]
    return np.bincount(cells, minlength=count * len(PARTS)).reshape(count, len(PARTS))


def range_of(column: Column) -> Range:
    """What the cells of one column hold."""
    gaps = column.gaps()
    count, missing = len(gaps), int(gaps.sum())
    if isinstance(column, NumberColumn):
        known = column.values()[~gaps]
        if not len(known):
            return Range(column.name, column.kind, column.is_target, count, missing)
        return Range(
            column.name, column.kind, column.is_target, count, missing,
            float(known.min()), float(known.max()), float(known.mean()), float(known.std()),
        )  # fmt: skip
    if isinstance(column, CodeColumn):
        counts = np.bincount(column.codes[~gaps]) if missing < count else np.zeros(1, np.int64)
        commonest = column.values[int(counts.argmax())] if counts.max() > 1 else ""
        return Range(
            column.name, column.kind, column.is_target, count, missing,
            distinct=int((counts > 0).sum()), commonest=commonest,
        )  # fmt: skip
    return Range(column.name, column.kind, column.is_target, count, missing)


def histogram_of(samples: Samples) -> Histogram | None:
    """How long samples are; None where all are alike."""
    lengths = samples.lengths
    if lengths is None or not len(lengths) or lengths.min() == lengths.max():
        return None
    bars = int(min(BARS, lengths.max() - lengths.min() + 1))
    counts, edges = np.histogram(lengths, bars)
    return Histogram(edges, counts, samples.length_unit, float(np.median(lengths)))


def _opened(
    samples: Samples, report: Callable[[float], None], cancelled: Callable[[], bool]
) -> tuple[tuple[Range, ...], dict[int, str], int]:
    """What is in samples, why some cannot be read, and how many were opened."""
    step = max(1, -(-len(samples) // MOST_OPENED))
    rows = list(range(0, len(samples), step))
    if not rows or samples.open(rows[0]) is None:
        return (), {}, 0
    tallies: list[_Tally] = []
    unreadable: dict[int, str] = {}
    for place, (row, shown) in enumerate(_open_all(samples, rows)):
        if place % AT_ONCE == 0:
            if cancelled():
                raise Cancelled
            report(place / len(rows))
        if isinstance(shown, Unreadable):
            unreadable[row] = shown.reason
            continue
        numbers = _numbers_of(shown)
        while len(tallies) < len(numbers):
            tallies.append(_Tally())
        for tally, held in zip(tallies, numbers, strict=False):
            tally.add(held)
    names = channel_names(samples, len(tallies))
    return tuple(t.range(n) for t, n in zip(tallies, names, strict=True)), unreadable, len(rows)


def _open_all(samples: Samples, rows: list[int]) -> Iterator[tuple[int, Shown]]:
    with ThreadPoolExecutor(READERS, "browsing") as threads:
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            yield from zip(some, threads.map(samples.open, some), strict=True)


def _numbers_of(shown: Shown) -> list[np.ndarray]:
    """The numbers of each channel; those of pixels as shares from 0 to 1."""
    if isinstance(shown, Picture):
        pixels = shown.pixels
        return [pixels[:, :, at] / np.float32(255) for at in range(pixels.shape[2])]
    if isinstance(shown, Wave):
        return [shown.values[:, at] for at in range(shown.values.shape[1])]
    return []


def channel_names(samples: Samples, count: int) -> tuple[str, ...]:
    """What the channels of samples are called."""
    if samples.look == "pictures" and count in (3, 4):
        return ("red", "green", "blue", "opacity")[:count]
    if samples.look == "pictures" and count == 1:
        return ("brightness",)
    return ("wave",) if count == 1 else tuple(f"channel {at}" for at in range(count))


class _Tally:
    """What was seen of one channel so far."""

    def __init__(self) -> None:
        self.count = self.gaps = 0
        self.sum = self.squares = 0.0
        self.low, self.high = np.inf, -np.inf

    def add(self, numbers: np.ndarray) -> None:
        """Takes the numbers of one sample."""
        known = numbers[np.isfinite(numbers)].astype(np.float64)
        self.gaps += numbers.size - known.size
        if known.size:
            self.count += known.size
            self.sum += float(known.sum())
            self.squares += float(np.square(known).sum())
            self.low = min(self.low, float(known.min()))
            self.high = max(self.high, float(known.max()))

    def range(self, name: str) -> Range:
        """What all of it holds."""
        if not self.count:
            return Range(name, "numbers", False, self.gaps, self.gaps)
        mean = self.sum / self.count
        spread = max(0.0, self.squares / self.count - mean**2) ** 0.5
        return Range(
            name, "numbers", False, self.count + self.gaps, self.gaps, self.low, self.high, mean,
            spread,
        )  # fmt: skip
