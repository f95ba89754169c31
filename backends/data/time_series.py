"""The person's time series, from a table or from arrays."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from backends.data.column_lists import named_columns
from backends.data.csv_survey import Survey, survey
from backends.data.files import given_file
from backends.data.readers.errors import existing
from backends.data.readers.time_series import (
    Series,
    load_series_arrays,
    load_series_table,
    series_in_arrays,
    series_in_table,
    windows_at,
)
from backends.data.reading import Own, Reading
from backends.data.source import Source, refusing
from graph.data import Column, DataInfo
from graph.params import param
from graph.problems import UserError

ARRAYS = (".npy", ".npz", ".safetensors")


class TimeSeries(Source):
    """Series of numbers over time: the model sees a window of the past and says what follows."""

    kind = "series"
    title = "Time series"
    category = "Your files"

    path: str = param(
        default="",
        title="File",
        widget="file",
        help="A table with a row for each step, or an NPY, NPZ or safetensors file whose arrays "
        "are series of (time, channels).",
    )
    channels: str = param(
        default="",
        widget="columns",
        empty="all with numbers",
        help="Columns that the model sees, separated by commas; empty for all that hold numbers.",
    )
    targets: str = param(
        default="",
        title="To predict",
        widget="columns",
        empty="all channels",
        help="Which of the channels to predict, by name, or by number from 1 in array files; empty "
        "for all.",
    )
    series: str = param(
        default="",
        title="Series column",
        widget="column",
        help="The column that says which series a row belongs to, where there are several.",
    )
    order_by: str = param(
        default="",
        title="Time column",
        widget="column",
        help="The column of numbers or dates that puts the rows in order.",
    )
    window: int = param(default=24, ge=1, le=100_000, help="How many past steps the model sees.")
    horizon: int = param(default=1, ge=1, le=10_000, help="How many steps ahead it looks.")
    predict: str = param(
        default="value",
        choices=("value", "path"),
        help="The value that many steps ahead, or all values up to it.",
    )
    missing: str = param(
        default="refuse",
        choices=("refuse", "last value"),
        title="Gaps",
        help="Refuse gaps, or put the last known value into them.",
    )
    standardise: bool = param(
        default=True,
        help="Scale each channel to mean 0 and spread 1, measured on the training part.",
    )
    test_fraction: float = param(
        default=0.2,
        ge=0,
        le=0.9,
        title="Test share",
        help="The share at the end of each series that is kept for the test.",
    )

    def table_file(self) -> Path | None:
        """The table whose columns a person chooses from."""
        path = given_file(self.path, self.title)
        return None if path.suffix.lower() in ARRAYS else path

    def describe(self) -> DataInfo:
        """The columns x and y; all rows are read once, and remembered."""
        path = given_file(self.path, self.title)
        with refusing():
            state = existing(path, "The series").stat()
            held = self._series((state.st_mtime_ns, state.st_size))
            train, test, short = windows_at(
                held, self.window, self.horizon, self.predict, self.test_fraction
            )
        if len(train) < 2:
            longest = max((len(values) for values in held), default=0)
            raise UserError(
                f"The longest of {len(held)} series in “{path.name}” has {longest:,} values; a "
                f"window of {self.window} and a horizon of {self.horizon} need at least "
                f"{self.window + self.horizon + 1:,}."
            )
        names = self._names(held)
        chosen = [names[place] for place in self._targets(names)]
        shape = (len(chosen),) if self.predict == "value" else (self.horizon, len(chosen))
        later = f"{self.horizon} steps later" if self.predict == "value" else "step by step"
        columns = (
            Column("x", (self.window, len(names)), "float32", "input", help=", ".join(names)),
            Column("y", shape, "float32", "target", help=f"{', '.join(chosen)}, {later}."),
        )
        note = f"{len(held):,} series; the test is the end of each."
        if short:
            note += f" {short:,} are shorter than a window and its horizon, and left out."
        return DataInfo(path.name, columns, len(train), len(test), note)

    def reading(self) -> Reading:
        """Names the channels, so that an exported script finds nothing by guessing."""
        path = given_file(self.path, self.title)
        shared = {
            "window": self.window,
            "horizon": self.horizon,
            "predict": self.predict,
            "missing": self.missing,
            "standardise": self.standardise,
            "test_fraction": self.test_fraction,
        }
        own = Own(path, "DATA_FILE")
        if self.table_file() is None:
            with refusing():
                state = existing(path, "The series").stat()
                names = self._names(self._series((state.st_mtime_ns, state.st_size)))
            arguments = {"path": own, "targets": self._targets(names), **shared}
            return Reading(load_series_arrays, arguments, warns=True, draws_rows=True)
        found = survey(path)
        channels = self._channels(found)
        arguments = {
            "path": own,
            "names": found.names(),
            "channels": channels,
            "targets": self._targets(channels),
            "series": column_called(found, self.series),
            "order_by": column_called(found, self.order_by),
            **shared,
            **dialect_arguments(found),
        }
        return Reading(load_series_table, arguments, reports=True, warns=True, draws_rows=True)

    def _series(self, state: tuple[int, int]) -> Series:
        path = given_file(self.path, self.title)
        if self.table_file() is None:
            return _of_arrays(path, state)
        found = survey(path)
        channels = self._channels(found)
        return _of_table(
            path, state, found.names(), channels, column_called(found, self.series),
            column_called(found, self.order_by), *dialect_arguments(found).values(),
        )  # fmt: skip

    def _channels(self, found: Survey) -> tuple[str, ...]:
        apart = {column_called(found, self.series), column_called(found, self.order_by)}
        named = tuple(column_called(found, name) for name in named_columns(self.channels))
        numbers = tuple(
            column.name
            for column in found.columns
            if column.kind == "number" and column.name not in apart and not column.counts_rows
        )
        if not named and not numbers:
            raise UserError(f"“{found.path.name}” has no column of numbers besides those chosen.")
        return named or numbers

    def _names(self, held: Series) -> tuple[str, ...]:
        path = self.table_file()
        if path is not None:
            return self._channels(survey(path))
        return tuple(str(place + 1) for place in range(held[0].shape[1]))

    def _targets(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """The places of the channels to predict."""
        chosen = named_columns(self.targets)
        unknown = [name for name in chosen if name not in names]
        if unknown:
            raise UserError(
                f"“{unknown[0]}” is no channel of the series; they are {', '.join(names)}."
            )
        return tuple(names.index(name) for name in chosen) or tuple(range(len(names)))


def dialect_arguments(found: Survey) -> dict[str, object]:
    """How a table is written, as readers take it."""
    dialect = found.dialect
    return {
        "header": dialect.header,
        "encoding": dialect.encoding,
        "delimiter": dialect.delimiter,
        "decimal": dialect.decimal,
    }


def column_called(found: Survey, name: str) -> str:
    """The name of a column as the file has it; empty where none is named."""
    if not name.strip():
        return ""
    column = found.find(name.strip())
    if column is None:
        raise UserError(
            f"“{name}” is no column of “{found.path.name}”; it has {', '.join(found.names())}."
        )
    return column.name


@lru_cache(maxsize=4)
def _of_table(
    path: Path,
    state: tuple[int, int],
    names: tuple[str, ...],
    channels: tuple[str, ...],
    series: str,
    order_by: str,
    header: bool,
    encoding: str,
    delimiter: str,
    decimal: str,
) -> Series:
    """`state` makes it be read again once it has changed."""
    return series_in_table(
        path, names, channels, series, order_by, header, encoding, delimiter, decimal
    )


@lru_cache(maxsize=4)
def _of_arrays(path: Path, state: tuple[int, int]) -> Series:
    """The same for an array file."""
    return series_in_arrays(path)
