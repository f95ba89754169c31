"""What can be said of samples as a whole: balance, ranges, gaps, lengths, unreadable ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from backends.data.browsing.columns import CodeColumn, Column, NumberColumn
from backends.data.browsing.inside import Range, look_inside
from backends.data.browsing.samples import PARTS, Samples
from backends.data.source import Cancelled

BARS = 24


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
        by_pixels: whether these are pixels instead of rows.
        inside: what the pixels or numbers of opened samples hold, channel by channel.
        opened: how many samples were opened for that.
        unreadable: why samples cannot be read, by their rows.
    """

    parts: tuple[int, ...]
    classes: tuple[str, ...] = ()
    balance: np.ndarray = field(default_factory=lambda: np.zeros((0, len(PARTS)), np.int64))
    by_pixels: bool = False
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
    inside = look_inside(samples, report, cancelled)
    known = samples.without(inside.unreadable)
    classes, balance = balance_of(known)
    by_pixels = not classes and bool(inside.pixels.any())
    if by_pixels:
        classes, balance = samples.pixel_classes, inside.pixels
    ranges = []
    for column in samples.columns:
        if cancelled():
            raise Cancelled
        ranges.append(range_of(column))
    return Facts(
        tuple(np.bincount(known.parts, minlength=len(PARTS)).tolist()),
        classes,
        balance,
        by_pixels,
        tuple(ranges),
        inside.ranges,
        histogram_of(samples),
        inside.opened,
        inside.unreadable,
    )


def balance_of(samples: Samples) -> tuple[tuple[str, ...], np.ndarray]:
    """The classes, and how many rows of each are in each part (C, parts)."""
    label = samples.label
    count = len(label.values) if label is not None else 0
    if label is None or not count:
        return (), np.zeros((0, len(PARTS)), np.int64)
    known = (label.codes >= 0) & (label.codes < count)
    cells = label.codes[known].astype(np.int64) * len(PARTS) + samples.parts[known]
    found = np.bincount(cells, minlength=count * len(PARTS)).reshape(count, len(PARTS))
    return tuple(label.values), found


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
