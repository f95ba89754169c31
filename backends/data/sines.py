"""Sums of sine waves, made on the spot."""

from __future__ import annotations

from backends.data.readers.generated import load_sines
from backends.data.reading import Reading
from backends.data.series_info import series_info
from backends.data.source import Source
from graph.data import DataInfo
from graph.params import param


class Sines(Source):
    """A sum of sine waves of random period, height and phase, to be continued."""

    kind = "sines"
    title = "Sine mixture"
    category = "Generated"

    length: int = param(default=2000, ge=10, le=10_000_000, help="How many values the series has.")
    waves: int = param(default=3, ge=1, le=50, help="How many sine waves are added.")
    noise: float = param(default=0.05, ge=0, le=10, help="Spread of the noise added to each value.")
    window: int = param(default=24, ge=1, le=2000, help="How many past values the model sees.")
    horizon: int = param(
        default=1, ge=1, le=1000, help="How many steps ahead the value to predict lies."
    )
    seed: int = param(default=0, ge=0, le=2**32 - 1, help="Another seed makes another series.")
    test_fraction: float = param(
        default=0.2,
        ge=0,
        le=0.9,
        title="Test share",
        help="The share at the end of the series that is kept for the test.",
    )

    def describe(self) -> DataInfo:
        """The columns x and y."""
        return series_info(self.title, self.length, self.window, self.horizon, self.test_fraction)

    def reading(self) -> Reading:
        """The parameters are the arguments."""
        return Reading(load_sines, self.values(), draws_rows=True)
