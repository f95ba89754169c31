"""Keeping rows apart for the test, and scaling by what the training rows alone tell."""

import numpy as np

from backends.data.readers.errors import Arrays


def rows_for_test(rows: int, fraction: float) -> int:
    """How many of the rows are kept for the test; at least one row stays to train on."""
    return max(0, min(round(rows * fraction), rows - 1))


def mask_for_test(
    rows: int, fraction: float, seed: int, labels: np.ndarray | None = None
) -> np.ndarray:
    """Which rows are for the test, drawn at random; with labels, the same share of each class.

    The shares are made whole by largest remainder, so that exactly `rows_for_test` rows are kept.
    """
    wanted = rows_for_test(rows, fraction)
    # RandomState, because its numbers are the same in every version of numpy
    drawn = np.random.RandomState(seed).random_sample(rows)
    groups = (
        np.zeros(rows, np.int64) if labels is None else np.unique(labels, return_inverse=True)[1]
    )
    sizes = np.bincount(groups) if rows else np.zeros(0, np.int64)
    quotas = sizes * (wanted / max(rows, 1))
    takes = np.floor(quotas).astype(np.int64)
    short = wanted - int(takes.sum())
    takes[np.argsort(takes - quotas, kind="stable")[:short]] += 1
    order = np.lexsort((drawn, groups))
    rank = np.arange(rows) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    mask = np.zeros(rows, bool)
    mask[order] = rank < takes[groups[order]]
    return mask


def parted(arrays: Arrays, mask: np.ndarray) -> tuple[Arrays, Arrays]:
    """The rows outside the mask, and those in it."""
    return (
        {name: array[~mask] for name, array in arrays.items()},
        {name: array[mask] for name, array in arrays.items()},
    )


def mean_and_spread(train: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of each column; a constant column gets the spread 1."""
    mean, spread = train.mean(axis=0), train.std(axis=0)
    # equal values have a spread of some rounding errors, not always of 0
    return mean, np.where(spread <= 1e-12 * np.abs(mean), 1.0, spread)
