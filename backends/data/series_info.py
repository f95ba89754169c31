"""What windows over a time series are."""

from __future__ import annotations

from backends.data.readers.split import rows_for_test
from graph.data import Column, DataInfo
from graph.problems import UserError


def series_info(
    title: str, length: int, window: int, horizon: int, test_fraction: float
) -> DataInfo:
    """What windows over a series of that length are.

    Raises:
        UserError: the series is too short for them.
    """
    rows = length - window - horizon + 1
    if rows < 2:
        raise UserError(
            f"{title} has {length:,} values; a window of {window} and a horizon of {horizon} need "
            f"at least {window + horizon + 1:,}."
        )
    columns = (
        Column("x", (window, 1), "float32", "input", help=f"{window} values in a row, scaled."),
        Column("y", (1,), "float32", "target", help=f"The value {horizon} later, scaled."),
    )
    test = rows_for_test(rows, test_fraction)
    note = "Scaled to mean 0 and spread 1; the test is the end of the series."
    return DataInfo(title, columns, rows - test, test, note)
