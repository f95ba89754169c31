"""Sunspot numbers, packed with the program."""

from __future__ import annotations

from functools import cache

from assets import path as asset
from backends.data.csv_survey import survey
from backends.data.readers.series import load_series
from backends.data.reading import Packed, Reading
from backends.data.series_info import series_info
from backends.data.source import Source
from graph.data import DataInfo
from graph.params import param


class Sunspots(Source):
    """The number of sunspots, counted since 1700, which rises and falls in about eleven years."""

    kind = "sunspots"
    title = "Sunspots"
    category = "Built in"
    licence = "Public domain"
    origin = "National Geophysical Data Center, NOAA"

    step: str = param(
        default="yearly",
        choices=("yearly", "monthly"),
        help="Yearly means from 1700 to 2008, or monthly means from 1749 to 2008.",
    )
    window: int = param(default=24, ge=1, le=2000, help="How many past values the model sees.")
    horizon: int = param(
        default=1, ge=1, le=1000, help="How many steps ahead the value to predict lies."
    )
    test_fraction: float = param(
        default=0.2,
        ge=0,
        le=0.9,
        title="Test share",
        help="The share at the end of the series that is kept for the test.",
    )

    def describe(self) -> DataInfo:
        """The columns x and y."""
        title = f"{self.title}, {self.step}"
        return series_info(title, _length(self.step), self.window, self.horizon, self.test_fraction)

    def reading(self) -> Reading:
        """Windows over the whole series."""
        arguments = {
            "path": Packed(asset("data", f"sunspots-{self.step}.csv")),
            "column": "sunspots",
            "window": self.window,
            "horizon": self.horizon,
            "test_fraction": self.test_fraction,
        }
        return Reading(load_series, arguments, draws_rows=True)


@cache
def _length(step: str) -> int:
    return survey(asset("data", f"sunspots-{step}.csv")).rows
