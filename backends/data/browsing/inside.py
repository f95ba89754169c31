"""What is inside of samples when they are opened: numbers channel by channel, classes of pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from backends.data.browsing.samples import PARTS, Picture, Samples, Shown, Unreadable, Wave
from backends.data.readers.streamed import READERS
from backends.data.source import Cancelled

MOST_OPENED = 5000
AT_ONCE = 64


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
class Inside:
    """What was seen in the samples that were opened.

    Attributes:
        ranges: what the numbers of each channel are.
        unreadable: why samples cannot be read, by their rows.
        opened: how many were opened.
        pixels: how many pixels of each class are in each part (C, parts), where there are masks.
    """

    ranges: tuple[Range, ...] = ()
    unreadable: dict[int, str] = field(default_factory=dict)
    opened: int = 0
    pixels: np.ndarray = field(default_factory=lambda: np.zeros((0, len(PARTS)), np.int64))


def look_inside(
    samples: Samples, report: Callable[[float], None], cancelled: Callable[[], bool]
) -> Inside:
    """What is in samples, some thousands spread evenly where there are more.

    Raises:
        Cancelled: `cancelled` answered True.
    """
    step = max(1, -(-len(samples) // MOST_OPENED))
    rows = list(range(0, len(samples), step))
    if not rows or samples.open(rows[0]) is None:
        return Inside()
    tallies: list[_Tally] = []
    unreadable: dict[int, str] = {}
    pixels = np.zeros((len(samples.pixel_classes), len(PARTS)), np.int64)
    for place, (row, shown) in enumerate(_open_all(samples, rows)):
        if place % AT_ONCE == 0:
            if cancelled():
                raise Cancelled
            report(place / len(rows))
        if isinstance(shown, Unreadable):
            unreadable[row] = shown.reason
            continue
        if isinstance(shown, Picture) and shown.mask is not None and len(pixels):
            judged = shown.mask[(shown.mask >= 0) & (shown.mask < len(pixels))].ravel()
            pixels[:, samples.parts[row]] += np.bincount(judged, minlength=len(pixels))
        numbers = _numbers_of(shown)
        while len(tallies) < len(numbers):
            tallies.append(_Tally())
        for tally, held in zip(tallies, numbers, strict=False):
            tally.add(held)
    names = channel_names(samples, len(tallies))
    ranges = tuple(tally.range(name) for tally, name in zip(tallies, names, strict=True))
    return Inside(ranges, unreadable, len(rows), pixels)


def _open_all(samples: Samples, rows: list[int]) -> Iterator[tuple[int, Shown]]:
    # one processor stays free for the window
    with ThreadPoolExecutor(max(1, READERS - 1), "browsing") as threads:
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
