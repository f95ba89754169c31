"""Time series of several channels: windows of the past, and what follows them."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np

from backends.data.readers.arrays import array_headers, read_array
from backends.data.readers.cells import check_cells, days_in, is_gap, number_in, read_rows
from backends.data.readers.errors import Arrays, DataError, Report, silent
from backends.data.readers.split import mean_and_spread, rows_for_test
from backends.data.readers.splitting import VALIDATES

Series = list[np.ndarray]


def series_in_table(
    path: Path,
    names: tuple[str, ...],
    channels: tuple[str, ...],
    series: str = "",
    order_by: str = "",
    header: bool = True,
    encoding: str = "utf-8",
    delimiter: str = ",",
    decimal: str = ".",
    report: Report = silent,
) -> Series:
    """The values (T, C) of each series, in order of time; NaN stands for gaps.

    Args:
        series: the column that says which series a row belongs to; there is one without.
        order_by: the column of numbers or dates by which rows are put in order first.
    """
    places = [names.index(name) for name in channels]
    key = names.index(series) if series else -1
    when = names.index(order_by) if order_by else -1
    held: dict[str, list[list[float]]] = {}
    times: dict[str, list[float]] = {}
    for number, row in islice(
        read_rows(path, encoding, delimiter, report), 1 if header else 0, None
    ):
        check_cells(path, number, len(row), len(names))
        label = row[key] if series else ""
        held.setdefault(label, []).append(
            [_value(row[place], decimal, names[place], number) for place in places]
        )
        if order_by:
            times.setdefault(label, []).append(_time(row[when], decimal, order_by, number))
    found = [np.array(values, np.float64) for values in held.values()]
    if order_by:
        orders = [np.argsort(np.array(each), kind="stable") for each in times.values()]
        found = [values[order] for values, order in zip(found, orders, strict=True)]
    return found


def _value(cell: str, decimal: str, name: str, row: int) -> float:
    number = number_in(cell, decimal)
    if number is None and not is_gap(cell):
        raise DataError(
            f"Column “{name}” has text in row {row} (“{cell[:40]}”); a series needs numbers."
        )
    return float("nan") if number is None else number


def _time(cell: str, decimal: str, name: str, row: int) -> float:
    number = number_in(cell, decimal)
    found = days_in(cell) if number is None else number
    if found is None:
        raise DataError(
            f"Column “{name}” is to put the rows in order, but holds “{cell[:40]}” in row {row}, "
            "which is neither a number nor a date."
        )
    return found


def series_in_arrays(path: Path) -> Series:
    """Each array of the file is a series (T) or (T, C), or it is several of them (S, T, C)."""
    found: Series = []
    widths = set()
    for name in array_headers(path):
        values = np.asarray(read_array(path, name), np.float64)
        if values.ndim > 3:
            raise DataError(
                f"Array “{name}” of “{path.name}” has {values.ndim} axes; a series has time and "
                "channels, and several of them stand before these."
            )
        each = list(values) if values.ndim == 3 else [values]
        found += [one[:, None] if one.ndim == 1 else one for one in each]
        widths |= {one.shape[1] for one in found}
    if len(widths) > 1:
        raise DataError(f"The series of “{path.name}” differ in their channels: {sorted(widths)}.")
    return found


def windows_at(
    series: Series, window: int, horizon: int, predict: str, test_fraction: float
) -> tuple[list[tuple[int, int]], list[tuple[int, int]], int]:
    """Where windows begin, as (series, place): to train on, for the test; and series too short.

    Each series is cut by time. What is to be predicted for the test is never seen in training,
    for windows whose answers would reach over the cut are left out.
    """
    train: list[tuple[int, int]] = []
    test: list[tuple[int, int]] = []
    short = 0
    reach = horizon - 1 if predict == "path" else 0
    for number, values in enumerate(series):
        rows = len(values) - window - horizon + 1
        if rows < 1:
            short += 1
            continue
        apart = rows_for_test(rows, test_fraction)
        cut = rows - apart
        train += [(number, place) for place in range(max(1, cut - reach) if apart else cut)]
        test += [(number, place) for place in range(cut, rows)]
    return train, test, short


def cut_series(
    series: Series,
    targets: tuple[int, ...],
    window: int,
    horizon: int,
    predict: str,
    missing: str,
    standardise: bool,
    test_fraction: float,
    warn: Callable[[str], None],
) -> tuple[Arrays, Arrays]:
    """Windows x (N, window, C), and y (N, K): the values `horizon` later, or the path to them.

    Args:
        targets: the places of the channels to predict.
        predict: "value" `horizon` steps after the window, or the "path" of all steps up to it.
        missing: "refuse" gaps, or put the "last value" into them.
    """
    series = [_without_gaps(values, number, missing) for number, values in enumerate(series)]
    train, test, short = windows_at(series, window, horizon, predict, test_fraction)
    if len(train) < 2:
        longest = max((len(values) for values in series), default=0)
        raise DataError(
            f"The longest of {len(series)} series has {longest:,} values; a window of {window} and "
            f"a horizon of {horizon} need at least {window + horizon + 1:,}."
        )
    if short:
        warn(
            f"{short:,} of {len(series):,} series are shorter than a window and its horizon "
            "together; they are left out."
        )
    if standardise:
        ends: dict[int, int] = {}
        for number, place in train:
            ends[number] = max(ends.get(number, 0), place + window + horizon)
        seen = np.concatenate([series[number][:end] for number, end in ends.items()])
        mean, spread = mean_and_spread(seen)
        series = [(values - mean) / spread for values in series]
    parts = []
    for places in (train, test):
        x = [series[number][at : at + window] for number, at in places]
        first = 0 if predict == "path" else horizon - 1
        y = [
            series[number][at + window + first : at + window + horizon][:, targets]
            for number, at in places
        ]
        width, channels = len(targets), series[0].shape[1]
        answers = np.array(y, np.float32).reshape(len(places), -1, width)
        parts.append(
            {
                "x": np.array(x, np.float32).reshape(len(places), window, channels),
                "y": answers if predict == "path" else answers.reshape(len(places), width),
            }
        )
    # the latest windows validate, for those before them overlap with what is learned
    last = dict(train)
    return parts[0] | {VALIDATES: np.array([last[n] - place for n, place in train])}, parts[1]


def _without_gaps(values: np.ndarray, number: int, missing: str) -> np.ndarray:
    gaps = ~np.isfinite(values)
    if not gaps.any():
        return values
    if missing == "refuse":
        row, channel = np.argwhere(gaps)[0]
        raise DataError(
            f"Series {number + 1} has {int(gaps.sum()):,} gaps or infinite values, the first in "
            f"channel {channel + 1} at step {row + 1}; fill them, or choose to take the last value."
        )
    held = values.copy()
    for column in held.T:
        known = np.flatnonzero(np.isfinite(column))
        if not len(known):
            raise DataError(f"Series {number + 1} has a channel without any value.")
        last = np.searchsorted(known, np.arange(len(column)), side="right") - 1
        column[:] = column[known[np.maximum(last, 0)]]
    return held


def load_series_table(
    path: Path,
    names: tuple[str, ...],
    channels: tuple[str, ...],
    targets: tuple[int, ...],
    series: str = "",
    order_by: str = "",
    window: int = 24,
    horizon: int = 1,
    predict: str = "value",
    missing: str = "refuse",
    standardise: bool = True,
    test_fraction: float = 0.2,
    header: bool = True,
    encoding: str = "utf-8",
    delimiter: str = ",",
    decimal: str = ".",
    report: Report = silent,
    warn: Callable[[str], None] = print,
) -> tuple[Arrays, Arrays]:
    """Windows over the series of a table."""
    found = series_in_table(
        path, names, channels, series, order_by, header, encoding, delimiter, decimal, report
    )
    return cut_series(
        found, targets, window, horizon, predict, missing, standardise, test_fraction, warn
    )


def load_series_arrays(
    path: Path,
    targets: tuple[int, ...],
    window: int = 24,
    horizon: int = 1,
    predict: str = "value",
    missing: str = "refuse",
    standardise: bool = True,
    test_fraction: float = 0.2,
    warn: Callable[[str], None] = print,
) -> tuple[Arrays, Arrays]:
    """Windows over the series of an array file."""
    found = series_in_arrays(path)
    return cut_series(
        found, targets, window, horizon, predict, missing, standardise, test_fraction, warn
    )
