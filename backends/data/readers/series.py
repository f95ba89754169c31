"""Time series: windows of the past, and the value to predict."""

import csv
from pathlib import Path

import numpy as np

from backends.data.readers.errors import Arrays, DataError, existing
from backends.data.readers.split import mean_and_spread, rows_for_test
from backends.data.readers.splitting import VALIDATES


def windowed(
    series: np.ndarray, window: int, horizon: int, test_fraction: float
) -> tuple[Arrays, Arrays]:
    """Windows x (N, window, 1) and the value y (N, 1) `horizon` steps after each window's end.

    The test is the end of the series: no value that is predicted there is seen in training. The
    series is scaled to mean 0 and spread 1 by the values that training sees.
    """
    rows = len(series) - window - horizon + 1
    if rows < 2:
        raise DataError(
            f"The series has {len(series)} values; a window of {window} and a horizon of {horizon} "
            f"need at least {window + horizon + 1}."
        )
    train = rows - rows_for_test(rows, test_fraction)
    mean, spread = mean_and_spread(series[: train + window + horizon - 1])
    scaled = ((series - mean) / spread).astype(np.float32)
    x = np.lib.stride_tricks.sliding_window_view(scaled, window)[:rows, :, None].copy()
    y = scaled[window + horizon - 1 :, None].copy()
    # the latest windows validate, for those drawn at random would overlap with what is learned
    latest_first = np.arange(train)[::-1].copy()
    return (
        {"x": x[:train], "y": y[:train], VALIDATES: latest_first},
        {"x": x[train:], "y": y[train:]},
    )


def load_series(
    path: Path, column: str, window: int = 24, horizon: int = 1, test_fraction: float = 0.2
) -> tuple[Arrays, Arrays]:
    """Windows over one column of a CSV file whose rows are in order of time."""
    with existing(path, "The series").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if column not in (rows.fieldnames or ()):
            raise DataError(f"“{path}” has no column “{column}”.")
        try:
            series = np.array([float(row[column]) for row in rows])
        except (TypeError, ValueError) as error:
            raise DataError(f"Column “{column}” of “{path}” has a gap or text: {error}.") from error
    return windowed(series, window, horizon, test_fraction)
